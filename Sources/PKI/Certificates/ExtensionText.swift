import SwiftASN1

/// How the text of an extension value (or of a SAN otherName) is written down. CAs differ, so each rule of the trust list names one.
package enum TextEncoding: String, Sendable, Codable {
    /// DER if it reads as a DER string (wrapped or not), else the bytes themselves as UTF-8.
    case auto
    /// A DER string type, possibly inside a context tag, an OCTET STRING or a SEQUENCE of one; nothing else.
    case derString = "der-string"
    /// The bytes themselves.
    case utf8
    /// UTF-16 little endian, bare or as the content of one DER value; some CAs wrote it before 2015.
    case utf16le
}

/// Reads text out of an extension's value: properly decoded, never sliced by bytes.
package enum ExtensionText {
    /// No identity is longer; more is refused before it is decoded.
    private static let bytesMaximum = 4096
    private static let wrappingMaximum = 4

    /// The text; nil when the bytes are not text in that encoding, or hold a control character.
    package static func decode(_ value: [UInt8], as encoding: TextEncoding) -> String? {
        guard value.count <= bytesMaximum else { return nil }
        let node = try? DERNode.parse(value[...], "extension value")
        let text: String? =
            switch encoding {
            case .auto: node.flatMap { string(in: $0, depth: 0) } ?? String(validating: value, as: UTF8.self)
            case .derString: node.flatMap { string(in: $0, depth: 0) }
            case .utf8: String(validating: value, as: UTF8.self)
            case .utf16le: utf16LittleEndian(node.flatMap(primitiveContent) ?? value[...])
            }
        guard let text, text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return nil }
        return text
    }

    /// The values of the otherNames (RFC 5280 §4.2.1.6, `[0]`) of this type in a subjectAltName extension value; nil when it is malformed.
    package static func otherNames(_ type: String, in subjectAlternativeName: [UInt8]) -> [[UInt8]]? {
        let node = try? DERNode.parse(subjectAlternativeName[...], "subjectAltName")
        guard let names = node.flatMap({ children(of: $0, identifier: .sequence) }) else { return nil }
        var values = [[UInt8]]()
        for name in names where name.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
            guard let parts = children(of: name), parts.count == 2, let oid = try? parts[0].objectIdentifier("type-id"),
                let value = children(of: parts[1]), value.count == 1
            else { return nil }
            if oid.description == type { values.append([UInt8](value[0].encodedBytes)) }
        }
        return values
    }

    private static func string(in node: DERNode, depth: Int) -> String? {
        guard depth < wrappingMaximum else { return nil }
        switch (node.identifier, node.content) {
        case (.bmpString, .primitive(let bytes)): return utf16BigEndian(bytes)
        case (.universalString, .primitive(let bytes)): return utf32BigEndian(bytes)
        case (.utf8String, .primitive(let bytes)): return String(validating: bytes, as: UTF8.self)
        case (.printableString, .primitive(let bytes)), (.ia5String, .primitive(let bytes)), (.visibleString, .primitive(let bytes)),
            (.numericString, .primitive(let bytes)):
            return bytes.allSatisfy({ $0 < 0x80 }) ? String(validating: bytes, as: UTF8.self) : nil
        case (.teletexString, .primitive(let bytes)): return String(validating: bytes, as: UTF8.self)
        case (.octetString, .primitive(let bytes)):
            if let inner = try? DERNode.parse(bytes, "octets"), let text = string(in: inner, depth: depth + 1) { return text }
            return String(validating: bytes, as: UTF8.self)
        case (let tag, .primitive(let bytes)) where tag.tagClass == .contextSpecific:
            // [n] IMPLICIT of a string type: which one is not told; all but BMPString read as UTF-8.
            return String(validating: bytes, as: UTF8.self)
        case (let tag, .constructed(let inner)) where tag == .sequence || tag == .set || tag.tagClass == .contextSpecific:
            let nodes = Array(inner.prefix(2))
            return nodes.count == 1 ? string(in: nodes[0], depth: depth + 1) : nil
        default: return nil
        }
    }

    private static func primitiveContent(_ node: DERNode) -> ArraySlice<UInt8>? {
        if case .primitive(let bytes) = node.content { bytes } else { nil }
    }

    private static func children(of node: DERNode, identifier: ASN1Identifier? = nil) -> [DERNode]? {
        guard identifier == nil || node.identifier == identifier, case .constructed(let inner) = node.content else { return nil }
        return Array(inner)
    }

    private static func utf16LittleEndian(_ bytes: ArraySlice<UInt8>) -> String? {
        utf16(bytes) { UInt16($1) << 8 | UInt16($0) }
    }

    private static func utf16BigEndian(_ bytes: ArraySlice<UInt8>) -> String? {
        utf16(bytes) { UInt16($0) << 8 | UInt16($1) }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(validating: units, as: UTF16.self)
    }

    private static func utf32BigEndian(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count.isMultiple(of: 4) else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
            bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return String(validating: units, as: UTF32.self)
    }
}
