import COpenSSL

/// Digests by OpenSSL, for everything that may not import swift-crypto (PKI and Registry).
package enum Digest {
    /// 32 bytes.
    package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        digest(bytes, fetchedSHA256 ?? EVP_sha256(), length: 32)
    }
    /// 48 bytes.
    package static func sha384(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sha384(), length: 48) }
    /// 64 bytes.
    package static func sha512(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sha512(), length: 64) }
    /// 32 bytes (GB/T 32905).
    package static func sm3(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sm3(), length: 32) }
    /// 20 bytes. For key identifiers (RFC 5280 §4.2.1.2) alone: never for anything that must not collide.
    package static func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] { digest(bytes, EVP_sha1(), length: 20) }

    /// Fetched once: to look it up takes as long as the digest of a certificate. An EVP_MD is never changed after it was fetched.
    private nonisolated(unsafe) static let fetchedSHA256 = EVP_MD_fetch(nil, "SHA2-256", nil)

    /// HMAC-SHA-256 (RFC 2104), 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        precondition(hp_hmac_sha256(key, key.count, bytes, bytes.count, &code) == 1, "OpenSSL computes no HMAC")
        return code
    }

    /// A digest that OpenSSL always carries fails only when memory is out: a wrong value must never be returned instead.
    private static func digest(_ bytes: some Collection<UInt8>, _ algorithm: OpaquePointer?, length: Int) -> [UInt8] {
        var value = [UInt8](repeating: 0, count: length)
        let done = bytes.withContiguousStorageIfAvailable { EVP_Digest($0.baseAddress, $0.count, &value, nil, algorithm, nil) }
        if let done {
            precondition(done == 1, "OpenSSL computes no digest")
            return value
        }
        return digest(Array(bytes), algorithm, length: length)
    }
}
