import Foundation
import SwiftASN1

/// An X.501 Name. Equality is RFC 5280 §7.1's comparison: PrintableString, UTF8String and BMPString compare by their characters,
/// without case and with inner spaces folded to one (RFC 4518); every other type compares by its bytes.
package struct DistinguishedName: Sendable, Hashable, CustomStringConvertible {
    /// One attribute of the name: dotted type, decoded text (PrintableString, UTF8String, BMPString, IA5String, T61String;
    /// UTF-16LE is not guessed here), the RDN it stands in.
    package struct Attribute: Sendable, Hashable {
        package let type: String
        package let value: String
        package let rdn: Int
    }

    package let der: [UInt8]
    /// What is compared: for each RDN its attributes, sorted, each with type and folded value, all with their lengths.
    let comparable: [UInt8]

    /// DER of a Name. Throws `certificate_malformed`.
    package init(der: [UInt8]) throws(Refusal) {
        do throws(Malformed) {
            try self.init(node: try DERNode.parse(der[...], "Name"))
        } catch {
            throw Refusal(.certificateMalformed, error.reason)
        }
    }

    /// RDNSequence ::= SEQUENCE OF SET SIZE (1..MAX) OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }
    init(node: DERNode) throws(Malformed) {
        der = Array(node.encodedBytes)
        var comparable = [UInt8]()
        comparable.reserveCapacity(der.count)
        var names = try DERSequence(node, .sequence, "Name")
        while !names.isAtEnd {
            var members = try DERSequence(try names.next(), .set, "RelativeDistinguishedName")
            guard !members.isAtEnd else { throw Malformed("RelativeDistinguishedName: empty") }
            let first = try members.next()
            guard !members.isAtEnd else {
                Self.append(1, to: &comparable)
                try Self.append(attribute: first, to: &comparable)
                continue
            }
            var attributes = [try Self.comparable(attribute: first)]
            while !members.isAtEnd { attributes.append(try Self.comparable(attribute: try members.next())) }
            attributes.sort { $0.lexicographicallyPrecedes($1) }
            Self.append(attributes.count, to: &comparable)
            for attribute in attributes { comparable += attribute }
        }
        self.comparable = comparable
    }

    package var isEmpty: Bool { comparable.isEmpty }

    /// Begins with all RDNs of `base` (RFC 5280 §4.2.1.10). Each RDN is written with its lengths, so that beginnings are whole RDNs.
    func isWithin(_ base: DistinguishedName) -> Bool { comparable.starts(with: base.comparable) }

    /// The same where every string type is compared by its characters: for what excludes names, so that nobody slips out by another type.
    func isLooselyWithin(_ base: DistinguishedName) -> Bool { looseComparable.starts(with: base.looseComparable) }

    /// For each RDN its attributes, sorted.
    private var looseComparable: [[[UInt8]]] {
        Dictionary(grouping: attributes, by: \.rdn).sorted { $0.key < $1.key }.map { _, members in
            members.map { Array($0.type.utf8) + [0] + DirectoryString.folded($0.value) }.sorted { $0.lexicographicallyPrecedes($1) }
        }
    }

    /// This name with one more RDN, given as the DER of a SET; nil when that is none.
    func appending(rdn: [UInt8]) -> DistinguishedName? {
        guard let node = try? DERNode.parse(der[...], "Name"), case .constructed(let names) = node.content else { return nil }
        return try? DistinguishedName(der: Encoding.sequence(of: names.map { Array($0.encodedBytes) } + [rdn]))
    }

    package static func == (left: Self, right: Self) -> Bool { left.comparable == right.comparable }
    package func hash(into hasher: inout Hasher) { hasher.combine(octets: comparable) }

    /// Values of one attribute type (dotted OID), in order.
    package func values(_ type: String) -> [String] { attributes.filter { $0.type == type }.map(\.value) }
    package var commonName: String? { values("2.5.4.3").last }

    /// Decoded on demand: most names are only compared. Values of a type that holds no text are given as `#` and hexadecimal DER.
    package var attributes: [Attribute] {
        guard let node = try? DERNode.parse(der[...], "Name"), case .constructed(let names) = node.content else { return [] }
        return names.enumerated().flatMap { position, name -> [Attribute] in
            guard case .constructed(let members) = name.content else { return [] }
            return members.compactMap { member in
                guard case .constructed(let parts) = member.content, let (type, value) = try? Self.parts(parts) else { return nil }
                return Attribute(
                    type: type.description, value: DirectoryString.text(value) ?? "#" + Array(value.encodedBytes).hex, rdn: position)
            }
        }
    }

    /// RFC 4514 text, most specific first.
    package var description: String {
        let byName = Dictionary(grouping: attributes, by: \.rdn).sorted { $0.key > $1.key }
        return byName.map { _, members in
            members.map { "\(Self.shortNames[$0.type] ?? $0.type)=\(Self.escaped($0.value))" }.joined(separator: "+")
        }.joined(separator: ",")
    }

    private static func parts(_ nodes: DERNodes) throws(Malformed) -> (ObjectIdentifier, DERNode) {
        var iterator = nodes.makeIterator()
        guard let type = iterator.next(), let value = iterator.next(), iterator.next() == nil else {
            throw Malformed("AttributeTypeAndValue: not a type and a value")
        }
        return (try type.objectIdentifier("AttributeType"), value)
    }

    private static func comparable(attribute node: DERNode) throws(Malformed) -> [UInt8] {
        var bytes = [UInt8]()
        try append(attribute: node, to: &bytes)
        return bytes
    }

    /// Type and folded value, or an empty value and the DER of one that is compared by its bytes; each with its length.
    private static func append(attribute node: DERNode, to bytes: inout [UInt8]) throws(Malformed) {
        guard node.identifier == .sequence, case .constructed(let nodes) = node.content else {
            throw Malformed("AttributeTypeAndValue: not a SEQUENCE")
        }
        let (type, value) = try parts(nodes)
        append(type.bytes.count, to: &bytes)
        bytes += type.bytes
        let isFoldable = value.identifier == .ia5String && (type == .emailAddress || type == .domainComponent)
        if isFoldable || DirectoryString.compares(value.identifier) {
            let length = bytes.endIndex
            append(0, to: &bytes)
            guard DirectoryString.appendFolded(value, to: &bytes) else {
                throw Malformed("a name with characters its string type does not have")
            }
            write(bytes.endIndex - length - lengthOctets, at: length, in: &bytes)
        } else {
            append(0, to: &bytes)
            append(value.encodedBytes.count, to: &bytes)
            bytes += value.encodedBytes
        }
    }

    private static let lengthOctets = 3

    private static func append(_ length: Int, to bytes: inout [UInt8]) {
        bytes += [0, 0, 0]
        write(length, at: bytes.endIndex - lengthOctets, in: &bytes)
    }

    private static func write(_ length: Int, at position: Int, in bytes: inout [UInt8]) {
        for octet in 0..<lengthOctets { bytes[position + octet] = UInt8(truncatingIfNeeded: length >> (8 * (lengthOctets - 1 - octet))) }
    }

    /// RFC 4514 §3 and the attribute types that certificates here use.
    private static let shortNames = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street",
        "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.42": "GN", "2.5.4.97": "organizationIdentifier",
        "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID", "1.2.840.113549.1.9.1": "emailAddress",
    ]

    /// RFC 4514 §2.4. Control characters are written as hexadecimal pairs, so that a name cannot forge a line of a log.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for (position, scalar) in value.unicodeScalars.enumerated() {
            switch scalar {
            case "\"", "+", ",", ";", "<", ">", "\\": text += "\\\(scalar)"
            case "#" where position == 0, " " where position == 0: text += "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control: text += String(scalar).utf8.map { "\\" + [$0].hex }.joined()
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text.hasSuffix(" ") && text.count > 1 ? String(text.dropLast()) + "\\ " : text
    }
}

/// The string types of a directory (X.520), as text.
enum DirectoryString {
    /// Types compared by characters (RFC 5280 §7.1).
    static func compares(_ identifier: ASN1Identifier) -> Bool {
        identifier == .printableString || identifier == .utf8String || identifier == .bmpString
    }

    /// Nil when the bytes are not of their type, or the type holds no text.
    static func text(_ node: DERNode) -> String? {
        guard case .primitive(let content) = node.content else { return nil }
        switch node.identifier {
        case .utf8String: return String(validating: content, as: UTF8.self)
        case .printableString, .numericString, .visibleString: return isVisible(content) ? String(decoding: content, as: UTF8.self) : nil
        case .ia5String: return content.allSatisfy { $0 < 0x80 } ? String(decoding: content, as: UTF8.self) : nil
        case .bmpString:
            guard content.count.isMultiple(of: 2) else { return nil }
            let units = stride(from: content.startIndex, to: content.endIndex, by: 2).map {
                UInt16(content[$0]) << 8 | UInt16(content[$0 + 1])
            }
            return String(validating: units, as: UTF16.self)
        case .teletexString: return String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    /// Without controls: a NUL that comparing drops (RFC 4518 §2.2) must not be in a string whose type has none (X.680 §41). Signs that a
    /// PrintableString does not have either, an @ for example, occur in certificates of real CAs and harm nobody.
    private static func isVisible(_ content: ArraySlice<UInt8>) -> Bool { content.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

    /// Prepared for comparison (RFC 4518 §2.2 to §2.6): without case, compatibility forms, characters that are mapped to nothing, or surplus
    /// spaces.
    static func folded(_ text: String) -> [UInt8] {
        var bytes = [UInt8]()
        appendFolded(text, to: &bytes)
        return bytes
    }

    /// Appends the text of a node, prepared; false for what `text` gives nil for. Plain ASCII, nearly all there is, takes the short way.
    static func appendFolded(_ node: DERNode, to bytes: inout [UInt8]) -> Bool {
        if case .primitive(let content) = node.content, node.identifier != .bmpString, content.allSatisfy({ $0 < 0x80 }) {
            guard node.identifier != .printableString || isVisible(content) else { return false }
            appendFolded(octets: content, to: &bytes)
            return true
        }
        guard let text = text(node) else { return false }
        appendFolded(text, to: &bytes)
        return true
    }

    private static func appendFolded(_ text: String, to bytes: inout [UInt8]) {
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isMappedToNothing(scalar) {
            mapped.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        // Upper case first: what has no single lower-case form (ß, ſ) folds too (RFC 3454 table B.2).
        let source =
            String(mapped).precomposedStringWithCompatibilityMapping.uppercased().lowercased().precomposedStringWithCompatibilityMapping
        appendFolded(octets: source.utf8, to: &bytes)
    }

    /// ASCII without case and controls; every run of spaces is one, at the ends none. Other octets stay.
    private static func appendFolded(octets: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        let start = bytes.endIndex
        for byte in octets {
            switch byte {
            case 0x41...0x5A: bytes.append(byte + 0x20)
            case 0x20, 0x09...0x0D: if bytes.endIndex > start, bytes.last != 0x20 { bytes.append(0x20) }
            case 0x00...0x1F, 0x7F: break
            default: bytes.append(byte)
            }
        }
        if bytes.endIndex > start, bytes.last == 0x20 { bytes.removeLast() }
    }

    /// RFC 4518 §2.2: soft hyphens, joiners, variation selectors, the object replacement character, and controls.
    private static func isMappedToNothing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00AD, 0x1806, 0x034F, 0x180B...0x180D, 0xFE00...0xFE0F, 0xFFFC, 0x200B: true
        case 0x09...0x0D, 0x85: false
        default: scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        }
    }
}
