import Foundation

/// The entries of a CRL in order, 32 bytes each, found by a binary search within a small part.
///
/// What does not fit a record (negative serial numbers, longer than 20 octets, dates outside of 1950 to 2086) is kept in a table of
/// `maximumOddEntries`: RFC 5280 §4.1.2.2 forbids such serial numbers, but verifiers should handle them.
struct RevocationIndex: Sendable {
    /// Which certificates an entry is of: 0 for the CRL issuer's, others for the certificateIssuer entry extensions (§5.3.3).
    typealias Issuer = UInt16

    /// The order of the members is what makes it 32 bytes.
    struct Record: Sendable {
        let serial: SerialKey
        fileprivate let date: UInt32
        fileprivate let issuer: Issuer
        fileprivate let reason: UInt8
    }

    struct OddKey: Hashable, Sendable {
        /// Content octets of the INTEGER.
        let serial: [UInt8]
        let issuer: Issuer
    }

    /// A few hundred bytes each: a list with more of them is refused.
    static let maximumOddEntries = 10_000

    private(set) var records: [Record] = []
    private(set) var odd: [OddKey: CertificateList.Entry] = [:]
    private(set) var hasDuplicateSerial = false
    /// Where the records of each part begin, and where the last one ends. Parts are the first bits of `SerialKey.spread`.
    private var starts: [UInt32] = [0, 0]
    private var bits = 0

    var count: Int { records.count + odd.count }

    mutating func reserve(_ count: Int) { records.reserveCapacity(count) }

    /// `serial`: content octets of an INTEGER in the fewest octets.
    mutating func append(serial: ArraySlice<UInt8>, issuer: Issuer, date: Date, reason: UInt8?) throws(Malformed) {
        if let key = SerialKey(serial), let seconds = UInt32(exactly: date.timeIntervalSince1970 - Self.epoch) {
            records.append(Record(serial: key, date: seconds, issuer: issuer, reason: reason ?? Self.noReason))
            return
        }
        let entry = CertificateList.Entry(revoked: date, reason: reason.map(Int.init))
        guard odd.count < Self.maximumOddEntries else { throw Malformed("more than \(odd.count) serial numbers or dates out of range") }
        if odd.updateValue(entry, forKey: OddKey(serial: Array(serial), issuer: issuer)) != nil { hasDuplicateSerial = true }
    }

    /// To be called once, after the last `append`.
    mutating func finish() {
        records.sort { Self.precedes($0, $1) }
        for (one, next) in zip(records, records.dropFirst()) where one.serial == next.serial && one.issuer == next.issuer {
            hasDuplicateSerial = true
            break
        }
        // Parts of about eight entries, at most 2¹⁶ of them.
        bits = min(16, max(0, Int.bitWidth - (records.count / 8).leadingZeroBitCount))
        starts = [UInt32](repeating: 0, count: (1 << bits) + 1)
        for record in records { starts[part(of: record.serial) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
    }

    /// The entry of this serial number under an issuer that `matches`. Of several, one that revokes comes first, then the earliest.
    func entry(for serial: ArraySlice<UInt8>, where matches: (Issuer) -> Bool) -> CertificateList.Entry? {
        if let key = SerialKey(serial) {
            var index = firstIndex(of: key)
            while index < records.count, records[index].serial == key {
                if matches(records[index].issuer) { return entry(records[index]) }
                index += 1
            }
        }
        guard !odd.isEmpty else { return nil }
        return odd.first { $0.key.serial[...] == serial && matches($0.key.issuer) }?.value
    }

    func entry(_ record: Record) -> CertificateList.Entry {
        CertificateList.Entry(
            revoked: Date(timeIntervalSince1970: Self.epoch + Double(record.date)),
            reason: record.reason == Self.noReason ? nil : Int(record.reason))
    }

    private func firstIndex(of key: SerialKey) -> Int {
        let part = part(of: key)
        var (low, high) = (Int(starts[part]), Int(starts[part + 1]))
        while low < high {
            let middle = (low + high) / 2
            if records[middle].serial < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func part(of key: SerialKey) -> Int { bits == 0 ? 0 : Int(key.spread >> UInt64(64 - bits)) }

    private static func precedes(_ left: Record, _ right: Record) -> Bool {
        if left.serial != right.serial { return left.serial < right.serial }
        if left.issuer != right.issuer { return left.issuer < right.issuer }
        let (leftRemoves, rightRemoves) = (left.reason == CertificateList.removeFromCRL, right.reason == CertificateList.removeFromCRL)
        return leftRemoves == rightRemoves ? left.date < right.date : rightRemoves
    }

    private static let noReason: UInt8 = 0xFF
    /// 1950-01-01, the first date that UTCTime can tell (§4.1.2.5.1), in seconds since 1970.
    private static let epoch = -631_152_000.0
}

/// A serial number of 0 to 2¹⁶⁰ − 1 (at most 20 octets, RFC 5280 §4.1.2.2) in three words.
struct SerialKey: Sendable, Hashable, Comparable {
    private let low: UInt64
    private let middle: UInt64
    private let high: UInt32

    /// Content octets of an INTEGER in the fewest octets; nil when it is negative or longer.
    init?(_ content: ArraySlice<UInt8>) {
        guard let first = content.first, first < 0x80, content.count <= 20 || (content.count == 21 && first == 0) else { return nil }
        var (high, middle, low) = (UInt64(0), UInt64(0), UInt64(0))
        for byte in content {
            high = high << 8 | middle >> 56
            middle = middle << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
        self.low = low
        self.middle = middle
        self.high = UInt32(truncatingIfNeeded: high)
    }

    /// The low word multiplied by 2⁶⁴ ÷ φ (Knuth's multiplicative hashing): one to one, and serial numbers in a row lie far apart.
    var spread: UInt64 { low &* 0x9E37_79B9_7F4A_7C15 }

    /// By `spread` first: not the order of the numbers.
    static func < (left: Self, right: Self) -> Bool {
        if left.low != right.low { return left.spread < right.spread }
        return left.middle != right.middle ? left.middle < right.middle : left.high < right.high
    }

    /// Content octets of the INTEGER.
    var content: [UInt8] {
        let octets = withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: middle.bigEndian, Array.init)
        let magnitude = (octets + withUnsafeBytes(of: low.bigEndian, Array.init)).drop { $0 == 0 }
        guard let first = magnitude.first else { return [0] }
        return first < 0x80 ? Array(magnitude) : [0] + magnitude
    }
}
