import SwiftASN1

/// Why bytes are not what they should be; becomes a `Refusal` at the border of a parser.
struct Malformed: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Reads the members of a SEQUENCE (or another constructed value) in order. What is left unread is an error: `finish()`.
struct DERSequence {
    private var iterator: DERNodes.Iterator
    private var lookahead: DERNode?
    private let what: StaticString

    init(_ node: DERNode, _ identifier: ASN1Identifier = .sequence, _ what: StaticString) throws(Malformed) {
        guard node.identifier == identifier, case .constructed(let nodes) = node.content else {
            throw Malformed("\(what): \(node.identifier) where \(identifier) belongs")
        }
        self.what = what
        iterator = nodes.makeIterator()
        lookahead = iterator.next()
    }

    var isAtEnd: Bool { lookahead == nil }

    mutating func next() throws(Malformed) -> DERNode {
        guard let node = lookahead else { throw Malformed("\(what): ends too early") }
        lookahead = iterator.next()
        return node
    }

    /// The next member if it has this identifier.
    mutating func next(if identifier: ASN1Identifier) -> DERNode? {
        guard let node = lookahead, node.identifier == identifier else { return nil }
        lookahead = iterator.next()
        return node
    }

    func finish() throws(Malformed) {
        guard lookahead == nil else { throw Malformed("\(what): unexpected \(lookahead.map { "\($0.identifier)" } ?? "member")") }
    }
}

extension ASN1Identifier {
    /// A context-specific tag.
    static func context(_ number: UInt) -> ASN1Identifier { ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific) }
}

/// Primitive values as DER has them (X.690 §8, §10, §11).
extension DERNode {
    func primitive(_ identifier: ASN1Identifier, _ what: StaticString) throws(Malformed) -> ArraySlice<UInt8> {
        guard self.identifier == identifier, case .primitive(let content) = content else {
            throw Malformed("\(what): \(self.identifier) where \(identifier) belongs")
        }
        return content
    }

    /// Content octets of an INTEGER in the fewest octets.
    func integer(_ what: StaticString, as identifier: ASN1Identifier = .integer) throws(Malformed) -> ArraySlice<UInt8> {
        let content = try primitive(identifier, what)
        guard let first = content.first else { throw Malformed("\(what): an INTEGER without octets") }
        if content.count > 1, first == 0 || first == 0xFF, content[content.startIndex + 1] & 0x80 == first & 0x80 {
            throw Malformed("\(what): an INTEGER in more octets than needed")
        }
        return content
    }

    /// A non-negative INTEGER, cut off at Int32.max (counters that long never bind).
    func count(_ what: StaticString, as identifier: ASN1Identifier = .integer) throws(Malformed) -> Int {
        let content = try integer(what, as: identifier)
        guard let first = content.first, first & 0x80 == 0 else { throw Malformed("\(what): negative") }
        guard content.count <= 4 else { return Int(Int32.max) }
        return content.reduce(0) { $0 << 8 | Int($1) }
    }

    func boolean(_ what: StaticString, as identifier: ASN1Identifier = .boolean) throws(Malformed) -> Bool {
        let content = try primitive(identifier, what)
        guard content.count == 1, let byte = content.first, byte == 0 || byte == 0xFF else { throw Malformed("\(what): not a DER BOOLEAN") }
        return byte == 0xFF
    }

    func objectIdentifier(_ what: StaticString) throws(Malformed) -> ObjectIdentifier {
        guard let value = ObjectIdentifier(content: try primitive(.objectIdentifier, what)) else {
            throw Malformed("\(what): not an OBJECT IDENTIFIER")
        }
        return value
    }

    func octets(_ what: StaticString) throws(Malformed) -> ArraySlice<UInt8> { try primitive(.octetString, what) }

    /// Octets and count of unused bits, which must be zero (X.690 §11.2.1).
    func bits(_ what: StaticString, as identifier: ASN1Identifier = .bitString) throws(Malformed) -> (
        octets: ArraySlice<UInt8>, unused: Int
    ) {
        let content = try primitive(identifier, what)
        guard let unused = content.first, unused < 8 else { throw Malformed("\(what): not a BIT STRING") }
        let octets = content.dropFirst()
        guard let last = octets.last else {
            guard unused == 0 else { throw Malformed("\(what): not a BIT STRING") }
            return (octets, 0)
        }
        guard last & (UInt8(1) << unused &- 1) == 0 else { throw Malformed("\(what): unused bits are set") }
        return (octets, Int(unused))
    }

    /// Bits of a named bit list, bit 0 first, up to 16.
    func namedBits(_ what: StaticString, as identifier: ASN1Identifier = .bitString) throws(Malformed) -> UInt16 {
        let (octets, _) = try bits(what, as: identifier)
        guard octets.count <= 2 else { throw Malformed("\(what): more bits than are defined") }
        var value: UInt16 = 0
        for (position, octet) in octets.enumerated() {
            for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 { value |= 1 << UInt16(position * 8 + bit) }
        }
        return value
    }
}
