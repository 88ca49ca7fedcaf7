import COpenSSL

/// Digests, random bytes, sealing and comparison by OpenSSL, for everything that may not import swift-crypto (PKI and Registry).
package enum Digest {
    /// 32 bytes. (owner: pki-issue)
    package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] { fatalError("stub") }
    /// HMAC-SHA-256, 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] { fatalError("stub") }
}

/// The random source that is handed in: a count of bytes to that many bytes.
package typealias RandomSource = @Sendable (Int) -> [UInt8]

package enum SecureRandom {
    /// From OpenSSL's CSPRNG (`RAND_bytes`); the production `RandomSource`.
    package static let system: RandomSource = { count in fatalError("stub") }
}

/// AES-256-GCM for small secrets at rest (signing keys): nonce ‖ ciphertext ‖ tag.
package struct SealingKey: Sendable {
    /// 32 bytes.
    package init(bytes: [UInt8]) throws { fatalError("stub") }
    package func seal(_ plaintext: [UInt8], authenticating context: [UInt8]) throws -> [UInt8] { fatalError("stub") }
    package func open(_ sealed: [UInt8], authenticating context: [UInt8]) throws -> [UInt8] { fatalError("stub") }
}

/// Equality whose time does not depend on where two values differ.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool { fatalError("stub") }
