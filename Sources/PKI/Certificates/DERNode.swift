import SwiftASN1

/// One DER value (X.690 §8.1, §10.1): where it stands in the bytes it was read from. Nothing is copied and no tree is built, which is what
/// parsing a certificate would otherwise mostly cost; identifiers are swift-asn1's.
struct DERNode: Sendable {
    enum Content {
        case primitive(ArraySlice<UInt8>)
        case constructed(DERNodes)
    }

    let identifier: ASN1Identifier
    /// Tag and length included.
    let encodedBytes: ArraySlice<UInt8>
    private let isConstructed: Bool
    private let contentStart: Int

    /// The value that begins at `position`, within bytes whose structure has been checked.
    fileprivate init?(_ bytes: ArraySlice<UInt8>, at position: Int) {
        guard let header = DERHeader(bytes, at: position) else { return nil }
        identifier = header.identifier
        isConstructed = header.isConstructed
        contentStart = header.content.lowerBound
        encodedBytes = bytes[position..<header.content.upperBound]
    }

    var content: Content {
        let bytes = encodedBytes[contentStart...]
        return isConstructed ? .constructed(DERNodes(bytes)) : .primitive(bytes)
    }

    /// The whole of `bytes` as one value, everything inside of constructed ones included: what is inside is never found wrong later.
    static func parse(_ bytes: ArraySlice<UInt8>, _ what: StaticString) throws(Malformed) -> DERNode {
        let end = try check(bytes, at: bytes.startIndex, depth: 1, what)
        guard end == bytes.endIndex else { throw Malformed("\(what): trailing bytes") }
        guard let node = DERNode(bytes, at: bytes.startIndex) else { throw Malformed("\(what): not DER") }
        return node
    }

    /// Deeper than anything in a certificate or a message.
    private static let maximumDepth = 50

    /// Returns where the value ends.
    private static func check(_ bytes: ArraySlice<UInt8>, at start: Int, depth: Int, _ what: StaticString) throws(Malformed) -> Int {
        guard depth <= maximumDepth else { throw Malformed("\(what): nested deeper than \(maximumDepth)") }
        guard let header = DERHeader(bytes, at: start) else { throw Malformed("\(what): cut short, or a tag or length that is not DER") }
        guard header.isConstructed else { return header.content.upperBound }
        let content = bytes[header.content]
        var position = content.startIndex
        while position < content.endIndex { position = try check(content, at: position, depth: depth + 1, what) }
        return position
    }
}

/// What a constructed value holds, in order.
struct DERNodes: Sequence, Sendable {
    private let bytes: ArraySlice<UInt8>

    fileprivate init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    func makeIterator() -> Iterator { Iterator(bytes) }

    struct Iterator: IteratorProtocol, Sendable {
        private let bytes: ArraySlice<UInt8>
        private var position: Int

        fileprivate init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            position = bytes.startIndex
        }

        /// Nil at the end alone: the structure was checked by `DERNode.parse`.
        mutating func next() -> DERNode? {
            guard position < bytes.endIndex, let node = DERNode(bytes, at: position) else { return nil }
            position = node.encodedBytes.endIndex
            return node
        }
    }
}

/// Tag and length of a value.
private struct DERHeader {
    let identifier: ASN1Identifier
    let isConstructed: Bool
    let content: Range<Int>

    /// Nil unless tag and length are DER's (in the fewest octets, definite) and the content lies within `bytes`.
    init?(_ bytes: ArraySlice<UInt8>, at position: Int) {
        guard position < bytes.endIndex else { return nil }
        var next = position + 1
        let first = bytes[position]
        guard let number = first & 0x1F == 0x1F ? Self.longTag(bytes, &next) : UInt(first & 0x1F) else { return nil }
        // [UNIVERSAL 0] stands for the end of an indefinite length (X.690 §8.1.5): DER has none.
        guard first & 0xC0 != 0 || number != 0, let length = Self.length(bytes, &next), length <= bytes.endIndex - next else { return nil }
        identifier = ASN1Identifier(tagWithNumber: number, tagClass: Self.classes[Int(first >> 6)])
        isConstructed = first & 0x20 != 0
        content = next..<next + length
    }

    private static let classes: [ASN1Identifier.TagClass] = [.universal, .application, .contextSpecific, .private]

    /// X.690 §8.1.2.4: only for numbers from 31 on, without leading zeros; no tag here has more than four octets.
    private static func longTag(_ bytes: ArraySlice<UInt8>, _ next: inout Int) -> UInt? {
        var number: UInt = 0
        for _ in 0..<4 {
            guard next < bytes.endIndex else { return nil }
            let byte = bytes[next]
            next += 1
            guard number > 0 || byte != 0x80 else { return nil }
            number = number << 7 | UInt(byte & 0x7F)
            if byte & 0x80 == 0 { return number >= 0x1F ? number : nil }
        }
        return nil
    }

    /// X.690 §10.1: definite, in the fewest octets; four are more than any input here may be long.
    private static func length(_ bytes: ArraySlice<UInt8>, _ next: inout Int) -> Int? {
        guard next < bytes.endIndex else { return nil }
        let first = bytes[next]
        next += 1
        guard first >= 0x80 else { return Int(first) }
        let count = Int(first & 0x7F)
        guard count >= 1, count <= 4, count <= bytes.endIndex - next, bytes[next] != 0 else { return nil }
        var length = 0
        for _ in 0..<count {
            length = length << 8 | Int(bytes[next])
            next += 1
        }
        return length >= 0x80 ? length : nil
    }
}

/// The name that the readers of this module know a DER value by; swift-asn1's type of the same name is not used here.
typealias ASN1Node = DERNode
