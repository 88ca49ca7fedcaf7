import SwiftASN1

/// GeneralName (RFC 5280 §4.2.1.6), as far as names are compared here.
enum GeneralName: Sendable, Hashable {
    /// IA5String, as written.
    case email(String)
    case dns(String)
    case uri(String)
    case directory(DistinguishedName)
    /// Octets: an address of 4 or 16, inside of name constraints address and mask of 8 or 32.
    case address([UInt8])
    /// A form that is not compared: otherName, x400Address, ediPartyName, registeredID.
    case unsupported(Form)

    enum Form: String, Sendable {
        case otherName, rfc822Name, dNSName, x400Address, directoryName, ediPartyName, uniformResourceIdentifier, iPAddress, registeredID
    }

    var form: Form {
        switch self {
        case .email: .rfc822Name
        case .dns: .dNSName
        case .uri: .uniformResourceIdentifier
        case .directory: .directoryName
        case .address: .iPAddress
        case .unsupported(let form): form
        }
    }

    /// `addressLengths`: 4 and 16 in a name, 8 and 32 in a constraint.
    init(_ node: ASN1Node, addressLengths: Set<Int> = [4, 16]) throws(Malformed) {
        guard node.identifier.tagClass == .contextSpecific else { throw Malformed("not a GeneralName") }
        let tag = node.identifier.tagNumber
        switch tag {
        case 0, 3, 5:
            guard case .constructed = node.content else { throw Malformed("GeneralName [\(tag)] is not constructed") }
            if tag == 0 { try Self.checkOtherName(node) }
            self = .unsupported(tag == 0 ? .otherName : tag == 3 ? .x400Address : .ediPartyName)
        case 1: self = .email(try Self.text(node, 1))
        case 2: self = .dns(try Self.text(node, 2))
        case 4:
            var wrapper = try DERSequence(node, .context(4), "directoryName")
            self = .directory(try DistinguishedName(node: try wrapper.next()))
            try wrapper.finish()
        case 6: self = .uri(try Self.text(node, 6))
        case 7:
            let octets = try node.primitive(.context(7), "iPAddress")
            guard addressLengths.contains(octets.count) else { throw Malformed("iPAddress of \(octets.count) octets") }
            self = .address(Array(octets))
        case 8:
            guard ObjectIdentifier(content: try node.primitive(.context(8), "registeredID")) != nil else {
                throw Malformed("registeredID is not an OBJECT IDENTIFIER")
            }
            self = .unsupported(.registeredID)
        default: throw Malformed("GeneralName [\(tag)]")
        }
    }

    /// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName; also under an IMPLICIT tag.
    static func list(_ node: ASN1Node, _ identifier: ASN1Identifier, _ what: StaticString) throws(Malformed) -> [GeneralName] {
        var members = try DERSequence(node, identifier, what)
        var names = [GeneralName]()
        repeat { names.append(try GeneralName(try members.next())) } while !members.isAtEnd
        return names
    }

    /// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
    private static func checkOtherName(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .context(0), "otherName")
        _ = try parts.next().objectIdentifier("type-id")
        var value = try DERSequence(try parts.next(), .context(0), "otherName value")
        _ = try value.next()
        try value.finish()
        try parts.finish()
    }

    private static func text(_ node: ASN1Node, _ tag: UInt) throws(Malformed) -> String {
        let octets = try node.primitive(.context(tag), "GeneralName")
        guard octets.allSatisfy({ $0 < 0x80 }) else { throw Malformed("GeneralName [\(tag)] is not an IA5String") }
        return String(decoding: octets, as: UTF8.self)
    }
}
