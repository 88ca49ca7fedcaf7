import Foundation
import SwiftASN1

/// DER of the few ASN.1 types that issuing needs: each function gives one complete TLV, so that structures are composed like
/// their ASN.1 (`sequence(objectIdentifier(oid), null)`).
enum Encoding {
    static func sequence(_ parts: [UInt8]...) -> [UInt8] { constructed(.sequence, parts) }
    static func sequence(of parts: [[UInt8]]) -> [UInt8] { constructed(.sequence, parts) }
    static func set(_ parts: [UInt8]...) -> [UInt8] { constructed(.set, parts) }
    /// The members as given: sorting them (X.690 §11.6) is the caller's.
    static func set(of parts: [[UInt8]]) -> [UInt8] { constructed(.set, parts) }

    /// `[number] EXPLICIT`, or a constructed `[number] IMPLICIT` with the contents given.
    static func tagged(_ number: UInt, _ parts: [UInt8]...) -> [UInt8] { tagged(number, of: parts) }
    static func tagged(_ number: UInt, of parts: [[UInt8]]) -> [UInt8] {
        constructed(ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific), parts)
    }
    /// A primitive `[number] IMPLICIT` with these content octets.
    static func tagged(_ number: UInt, contents: some Sequence<UInt8>) -> [UInt8] {
        primitive(ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific), contents)
    }

    static func objectIdentifier(_ dotted: String) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(ASN1ObjectIdentifier(dotRepresentation: dotted))
        return serializer.serializedBytes
    }

    static let null: [UInt8] = [0x05, 0x00]
    static let yes: [UInt8] = [0x01, 0x01, 0xff]

    /// A non-negative INTEGER from big-endian bytes.
    static func integer(magnitude bytes: [UInt8]) -> [UInt8] {
        let digits = bytes.drop { $0 == 0 }
        let contents = digits.first.map { $0 >= 0x80 ? [0] + digits : Array(digits) } ?? [0]
        return primitive(.integer, contents)
    }
    static func integer(_ value: Int) -> [UInt8] {
        integer(magnitude: withUnsafeBytes(of: UInt64(value).bigEndian, Array.init))
    }
    static func enumerated(_ value: UInt8) -> [UInt8] { primitive(.enumerated, [value]) }
    static func octetString(_ bytes: [UInt8]) -> [UInt8] { primitive(.octetString, bytes) }
    static func bitString(_ bytes: [UInt8], unusedBits: UInt8 = 0) -> [UInt8] { primitive(.bitString, [unusedBits] + bytes) }

    /// A BIT STRING of named bits: trailing zero bits are left out (X.690 §11.2.2).
    static func namedBits(_ positions: some Sequence<Int>) -> [UInt8] {
        let positions = Set(positions)
        guard let last = positions.max() else { return bitString([]) }
        var bytes = [UInt8](repeating: 0, count: last / 8 + 1)
        for position in positions { bytes[position / 8] |= 0x80 >> UInt8(position % 8) }
        return bitString(bytes, unusedBits: UInt8(7 - last % 8))
    }

    /// UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5); whole seconds.
    static func time(_ date: Date) -> [UInt8] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let fields = [parts.month, parts.day, parts.hour, parts.minute, parts.second].map { padded($0 ?? 0, to: 2) }.joined()
        let year = parts.year ?? 0
        return (1950..<2050).contains(year)
            ? primitive(.utcTime, "\(padded(year % 100, to: 2))\(fields)Z".utf8)
            : primitive(.generalizedTime, "\(padded(year, to: 4))\(fields)Z".utf8)
    }

    /// A character string of the type named by its tag.
    static func string(_ text: String, as tag: ASN1Identifier) -> [UInt8] { primitive(tag, text.utf8) }

    private static func constructed(_ tag: ASN1Identifier, _ parts: [[UInt8]]) -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: tag) { contents in
            for part in parts { contents.serializeRawBytes(part) }
        }
        return serializer.serializedBytes
    }

    private static func primitive(_ tag: ASN1Identifier, _ contents: some Sequence<UInt8>) -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendPrimitiveNode(identifier: tag) { $0.append(contentsOf: contents) }
        return serializer.serializedBytes
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
