/// Reads definite-length DER values one after another without building a tree. Only for a CRL's entries, of which there may be millions;
/// everything else is read by `DERNode`. Tags of one octet, lengths in the fewest octets (X.690 §8.1, §10.1).
struct DERCursor {
    enum Tag {
        static let boolean: UInt8 = 0x01
        static let integer: UInt8 = 0x02
        static let bitString: UInt8 = 0x03
        static let octetString: UInt8 = 0x04
        static let objectIdentifier: UInt8 = 0x06
        static let enumerated: UInt8 = 0x0A
        static let utcTime: UInt8 = 0x17
        static let generalizedTime: UInt8 = 0x18
        static let sequence: UInt8 = 0x30
    }

    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

    /// `range` lies within `bytes`: it comes from another cursor.
    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    func inside(_ content: Range<Int>) -> DERCursor { DERCursor(bytes, content) }

    var isAtEnd: Bool { position == end }
    /// Tag of the next value; nil at the end.
    var tag: UInt8? { position < end ? bytes[position] : nil }

    /// Where the content of the next value lies, which must have this tag.
    mutating func next(_ tag: UInt8, _ what: StaticString) throws(Malformed) -> Range<Int> {
        guard position < end else { throw Malformed("\(what): ends too early") }
        guard bytes[position] == tag else { throw Malformed("\(what): tag \([bytes[position]].hex) where \([tag].hex) belongs") }
        let content = try content(what)
        position = content.upperBound
        return content
    }

    /// The whole of the next value, tag and length included.
    mutating func nextValue(_ what: StaticString) throws(Malformed) -> ArraySlice<UInt8> {
        guard position < end else { throw Malformed("\(what): ends too early") }
        let start = position
        position = try content(what).upperBound
        return bytes[start..<position]
    }

    func finish(_ what: StaticString) throws(Malformed) {
        guard position == end else { throw Malformed("\(what): unexpected member or trailing bytes") }
    }

    /// The content of the value that begins at `position`.
    private func content(_ what: StaticString) throws(Malformed) -> Range<Int> {
        guard bytes[position] & 0x1F != 0x1F else { throw Malformed("\(what): a tag of more than one octet") }
        guard position + 1 < end else { throw Malformed("\(what): ends too early") }
        var start = position + 2
        var length = Int(bytes[position + 1])
        if length >= 0x80 {
            let count = length & 0x7F
            guard count >= 1, count <= 4, start + count <= end else { throw Malformed("\(what): a length that is not DER") }
            length = 0
            for index in start..<start + count { length = length << 8 | Int(bytes[index]) }
            guard length >= 0x80, bytes[start] != 0 else { throw Malformed("\(what): a length in more octets than needed") }
            start += count
        }
        guard length <= end - start else { throw Malformed("\(what): longer than what it stands in") }
        return start..<start + length
    }
}
