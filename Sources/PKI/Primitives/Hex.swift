extension Hasher {
    /// All at once: an array of its own accord is hashed octet by octet, which takes many times as long.
    mutating func combine(octets: [UInt8]) {
        combine(octets.count)
        octets.withUnsafeBytes { combine(bytes: $0) }
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal digits, two a byte.
    package var hex: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads hexadecimal digits of either case; nil for an odd count or any other character.
    package init?(hex: String) {
        let digits = hex.utf8.map { byte -> UInt8? in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x41 + 10
            case 0x61...0x66: byte - 0x61 + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes = [UInt8]()
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        self = bytes
    }
}
