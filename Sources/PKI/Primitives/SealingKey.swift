import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) for small secrets at rest (signing keys): nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
///
/// The nonce is random: one key seals far fewer than 2³² values.
package struct SealingKey: Sendable {
    package enum Failure: Error, Equatable {
        /// The key is not 32 bytes long.
        case keyLength
        /// Too short, altered, sealed with another key or for another context; which of them is not told.
        case notSealedHere
        /// OpenSSL refused to encrypt.
        case sealing
    }

    private static let nonceLength = 12
    private static let tagLength = 16
    private let bytes: [UInt8]
    private let random: RandomSource

    /// 32 bytes.
    package init(bytes: [UInt8], random: @escaping RandomSource = SecureRandom.system) throws {
        guard bytes.count == 32 else { throw Failure.keyLength }
        self.bytes = bytes
        self.random = random
    }

    /// `context` says what the secret is for (a row's id and purpose): opening asks for the same.
    package func seal(_ plaintext: [UInt8], authenticating context: [UInt8]) throws -> [UInt8] {
        let nonce = random(Self.nonceLength)
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        guard hp_gcm_seal(bytes, nonce, context, context.count, plaintext, plaintext.count, &ciphertext, &tag) == 1 else {
            throw Failure.sealing
        }
        return nonce + ciphertext + tag
    }

    package func open(_ sealed: [UInt8], authenticating context: [UInt8]) throws -> [UInt8] {
        let length = sealed.count - Self.nonceLength - Self.tagLength
        guard length >= 0 else { throw Failure.notSealedHere }
        let nonce = Array(sealed.prefix(Self.nonceLength))
        let ciphertext = Array(sealed.dropFirst(Self.nonceLength).prefix(length))
        var plaintext = [UInt8](repeating: 0, count: length)
        guard hp_gcm_open(bytes, nonce, context, context.count, ciphertext, length, Array(sealed.suffix(Self.tagLength)), &plaintext) == 1
        else { throw Failure.notSealedHere }
        return plaintext
    }
}
