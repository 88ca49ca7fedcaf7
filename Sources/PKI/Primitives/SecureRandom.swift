import COpenSSL

/// The random source that is handed in: a count of bytes to that many bytes.
package typealias RandomSource = @Sendable (Int) -> [UInt8]

package enum SecureRandom {
    /// From OpenSSL's CSPRNG (`RAND_bytes`); the production `RandomSource`. Without entropy the process stops: no key and no
    /// bearer value may ever be made from predictable bytes.
    package static let system: RandomSource = { count in
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(RAND_bytes(&bytes, Int32(count)) == 1, "OpenSSL gives no random bytes")
        return bytes
    }
}

/// Equality whose time does not depend on where two values differ (their lengths are not secret).
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
