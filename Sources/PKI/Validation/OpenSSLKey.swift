import COpenSSL
import Synchronization

/// A public key in OpenSSL, with what verifying by it needs prepared once.
final class OpenSSLKey: Sendable {
    /// An EVP_PKEY is not changed after it is made, and its reference count is atomic: OpenSSL lets threads verify with it at once.
    private nonisolated(unsafe) let key: OpaquePointer
    /// The id of SM2 signatures by this key.
    private let signerID: [UInt8]
    private let verifiers = Mutex<[SignatureScheme: Verifier]>([:])

    /// Few CAs use more than one scheme; salt lengths are chosen by whoever writes a certificate, so what is kept is bounded.
    private static let maximumVerifiers = 4

    /// Takes over what one of the functions below made; nil for nothing.
    init?(_ made: OpaquePointer?, signerID: [UInt8]) {
        guard let made else { return nil }
        key = made
        self.signerID = signerID
    }

    deinit { EVP_PKEY_free(key) }

    func verifies(_ signature: ArraySlice<UInt8>, over signed: ArraySlice<UInt8>, by scheme: SignatureScheme) -> Bool {
        verifier(scheme)?.verifies(signature, over: signed) ?? false
    }

    private func verifier(_ scheme: SignatureScheme) -> Verifier? {
        verifiers.withLock { verifiers in
            if let known = verifiers[scheme] { return known }
            let made = Verifier(key, scheme, signerID: scheme == .sm2 ? signerID : [])
            if verifiers.count < Self.maximumVerifiers { verifiers[scheme] = made }
            return made
        }
    }
}

extension OpenSSLKey {
    static func rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>) -> OpaquePointer? {
        withNumbers([modulus, exponent]) { hp_rsa_public_key($0[0], $0[1]) }
    }

    static func dsa(_ parameters: DSAParameters, value: ArraySlice<UInt8>) -> OpaquePointer? {
        withNumbers([parameters.p, parameters.q, parameters.g, value]) { hp_dsa_public_key($0[0], $0[1], $0[2], $0[3]) }
    }

    static func ellipticCurve(_ curve: PublicKey.Curve, point: ArraySlice<UInt8>) -> OpaquePointer? {
        let point = Array(point)
        return hp_ec_public_key(curve == .sm2 ? "SM2" : "EC", curve.rawValue, point, point.count)
    }

    static func ed25519(_ bytes: ArraySlice<UInt8>) -> OpaquePointer? {
        let bytes = Array(bytes)
        return hp_ed25519_public_key(bytes, bytes.count)
    }

    private static func withNumbers(_ numbers: [ArraySlice<UInt8>], _ body: ([hp_number]) -> OpaquePointer?) -> OpaquePointer? {
        let bytes = numbers.flatMap(\.self)
        return bytes.withUnsafeBufferPointer { buffer in
            var position = 0
            return body(
                numbers.map { number in
                    defer { position += number.count }
                    return hp_number(bytes: buffer.baseAddress.map { $0 + position }, length: number.count)
                })
        }
    }
}

/// OpenSSL's context for one key and scheme, initialised once and copied for each signature.
private final class Verifier: Sendable {
    /// Only ever read: `hp_verify` copies it, and what it refers to has atomic reference counts.
    private nonisolated(unsafe) let context: OpaquePointer

    init?(_ key: OpaquePointer, _ scheme: SignatureScheme, signerID: [UInt8]) {
        guard let made = hp_verifier(key, scheme.shimDigest, scheme.shimSaltLength, signerID, signerID.count) else { return nil }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    func verifies(_ signature: ArraySlice<UInt8>, over signed: ArraySlice<UInt8>) -> Bool {
        signature.withUnsafeBufferPointer { signature in
            signed.withUnsafeBufferPointer { signed in
                hp_verify(context, signature.baseAddress, signature.count, signed.baseAddress, signed.count) == 1
            }
        }
    }
}
