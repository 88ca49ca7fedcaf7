import Foundation

@testable import PKI

/// A CRL built piece by piece, so that each rule can be broken alone. The signature is none: parsing does not check it.
struct ListBuilder {
    static let name = "CRL 测试"
    var version: [UInt8] = Encoding.integer(1)
    var innerAlgorithm: [UInt8]
    var outerAlgorithm: [UInt8]
    var issuer: [UInt8]
    var thisUpdate = utcTime("260101000000Z")
    var nextUpdate = utcTime("270101000000Z")
    /// Each a whole entry; nil for no revokedCertificates.
    var entries: [[UInt8]]?
    var extensions: [CertificateExtension]? = [CertificateExtension(oid: "2.5.29.20", value: Encoding.integer(1))]
    var afterExtensions: [UInt8] = []
    var signature = Encoding.bitString([0x30, 0x00])
    var trailing: [UInt8] = []

    init(entries: [[UInt8]]? = nil) throws {
        innerAlgorithm = Encoding.sequence(try Encoding.objectIdentifier("1.2.840.10045.4.3.2"))
        outerAlgorithm = innerAlgorithm
        issuer = try Self.encodedName(Self.name)
        self.entries = entries
    }

    static func encodedName(_ commonName: String) throws -> [UInt8] {
        try NameTemplate([.init(oid: "2.5.4.3", value: commonName)]).encoded()
    }
    static func distinguishedName(_ commonName: String) throws -> DistinguishedName {
        try DistinguishedName(der: encodedName(commonName))
    }

    static func utcTime(_ text: String) -> [UInt8] { [0x17, UInt8(text.utf8.count)] + text.utf8 }
    static func generalizedTime(_ text: String) -> [UInt8] { [0x18, UInt8(text.utf8.count)] + text.utf8 }

    /// `serial`: content octets.
    static func entry(
        _ serial: [UInt8], at time: [UInt8] = utcTime("260201000000Z"), extensions: [CertificateExtension]? = nil
    ) throws -> [UInt8] {
        let extensions = try extensions.map { Encoding.sequence(of: try $0.map { try $0.encoded() }) } ?? []
        return Encoding.sequence(Encoding.integerContent(serial), time, extensions)
    }
    static func reason(_ code: UInt8) -> CertificateExtension { CertificateExtension(oid: "2.5.29.21", value: Encoding.enumerated(code)) }
    /// certificateIssuer with these directoryNames.
    static func certificateIssuer(_ names: String..., critical: Bool = true) throws -> CertificateExtension {
        CertificateExtension(
            oid: "2.5.29.29", critical: critical, value: Encoding.sequence(of: try names.map { Encoding.tagged(4, try encodedName($0)) }))
    }

    func der() throws -> [UInt8] {
        let extensions = try extensions.map { Encoding.tagged(0, Encoding.sequence(of: try $0.map { try $0.encoded() })) } ?? []
        let signed = Encoding.sequence(
            version, innerAlgorithm, issuer, thisUpdate, nextUpdate, entries.map { Encoding.sequence(of: $0) } ?? [], extensions,
            afterExtensions)
        return Encoding.sequence(signed, outerAlgorithm, signature) + trailing
    }

    func list() throws -> CertificateList { try CertificateList(bytes: der()) }

    /// Why it does not parse; nil if it does.
    func fault() throws -> String? {
        do {
            _ = try list()
            return nil
        } catch let refusal as Refusal where refusal.code == .certificateMalformed {
            return refusal.why
        }
    }
}

extension Encoding {
    /// An INTEGER with these content octets, whatever they are.
    static func integerContent(_ octets: [UInt8]) -> [UInt8] {
        octets.count < 0x80
            ? [0x02, UInt8(octets.count)] + octets : [0x02, 0x82, UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
    }
}
