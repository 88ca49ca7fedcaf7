/// Serial numbers of what we issue: 128 random bits, positive (RFC 5280 §4.1.2.2 asks for positive, at most 20 octets).
package enum SerialNumber {
    /// 16 bytes, big-endian, never zero.
    package static func random(from source: RandomSource = SecureRandom.system) -> [UInt8] {
        var bytes = source(16)
        if bytes.allSatisfy({ $0 == 0 }) { bytes[bytes.count - 1] = 1 }
        return bytes
    }
}
