/// Base64url without padding (RFC 7515 §2, RFC 4648 §5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each byte in the alphabet; 0xFF for all others.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { buffer in
            var accumulator: UInt32 = 0
            var bits: UInt32 = 0
            var count = 0
            for byte in bytes {
                accumulator = accumulator << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    buffer[count] = alphabet[Int(accumulator >> bits & 63)]
                    count += 1
                }
            }
            if bits > 0 {
                buffer[count] = alphabet[Int(accumulator << (6 - bits) & 63)]
                count += 1
            }
            return count
        }
    }

    /// The bytes, or nil for anything but the one encoding of them: no padding, no white space, no stray bits at the end
    /// (RFC 4648 §3.5), so that one signature has one spelling.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        for character in text {
            let value = values[Int(character)]
            guard value != 0xFF else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(accumulator >> bits & 0xFF))
            }
        }
        return accumulator & (1 << bits - 1) == 0 ? bytes : nil
    }
}
