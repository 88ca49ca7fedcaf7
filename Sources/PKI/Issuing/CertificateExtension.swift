import SwiftASN1

/// An extension to be written into a certificate (RFC 5280 §4.2): any type, any DER value.
package struct CertificateExtension: Sendable, Equatable {
    package let oid: String
    package let critical: Bool
    /// What stands inside the extension's OCTET STRING.
    package let value: [UInt8]
    package init(oid: String, critical: Bool = false, value: [UInt8]) {
        self.oid = oid
        self.critical = critical
        self.value = value
    }

    func encoded() throws -> [UInt8] {
        let type = try Encoding.objectIdentifier(oid)
        return critical
            ? Encoding.sequence(type, Encoding.yes, Encoding.octetString(value)) : Encoding.sequence(type, Encoding.octetString(value))
    }
}

/// KeyUsage's bits (RFC 5280 §4.2.1.3), by their names there.
package enum KeyUsageBit: String, Sendable, Codable, CaseIterable {
    case digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign
    var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Extended key usages (RFC 5280 §4.2.1.12), by their names there.
package enum KeyPurpose: String, Sendable, Codable {
    case serverAuth, clientAuth, codeSigning, emailProtection, timeStamping
    var oid: String {
        switch self {
        case .serverAuth: "1.3.6.1.5.5.7.3.1"
        case .clientAuth: "1.3.6.1.5.5.7.3.2"
        case .codeSigning: "1.3.6.1.5.5.7.3.3"
        case .emailProtection: "1.3.6.1.5.5.7.3.4"
        case .timeStamping: "1.3.6.1.5.5.7.3.8"
        }
    }
}

extension CertificateExtension {
    /// RFC 5280 §4.2.1.9: a CA, critical.
    package static func certificateAuthority(pathLength: Int?) -> CertificateExtension {
        let limit = pathLength.map { Encoding.integer($0) } ?? []
        return CertificateExtension(oid: "2.5.29.19", critical: true, value: Encoding.sequence(Encoding.yes, limit))
    }
    /// RFC 5280 §4.2.1.3, critical.
    package static func keyUsage(_ bits: [KeyUsageBit]) -> CertificateExtension {
        CertificateExtension(oid: "2.5.29.15", critical: true, value: Encoding.namedBits(bits.map(\.position)))
    }
    /// RFC 5280 §4.2.1.12.
    package static func extendedKeyUsage(_ purposes: [KeyPurpose]) throws -> CertificateExtension {
        CertificateExtension(oid: "2.5.29.37", value: Encoding.sequence(of: try purposes.map { try Encoding.objectIdentifier($0.oid) }))
    }
    /// RFC 5280 §4.2.1.2, from `PublicKeyIdentifier`.
    package static func subjectKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(oid: "2.5.29.14", value: Encoding.octetString(identifier))
    }
    /// RFC 5280 §4.2.1.1, by key identifier.
    package static func authorityKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
        CertificateExtension(oid: "2.5.29.35", value: Encoding.sequence(Encoding.tagged(0, contents: identifier)))
    }
    /// RFC 5280 §4.2.1.13: one point with one URI (fullName).
    package static func revocationListURI(_ uri: String) -> CertificateExtension {
        let name = Encoding.tagged(6, contents: uri.utf8)
        let point = Encoding.sequence(Encoding.tagged(0, Encoding.tagged(0, name)))
        return CertificateExtension(oid: "2.5.29.31", value: Encoding.sequence(point))
    }
    /// RFC 5280 §4.2.1.6: e-mail addresses, host names and IP addresses (4 or 16 bytes).
    package static func subjectAlternativeNames(
        emails: [String] = [], hosts: [String] = [], addresses: [[UInt8]] = []
    ) -> CertificateExtension {
        let names =
            emails.map { Encoding.tagged(1, contents: $0.utf8) } + hosts.map { Encoding.tagged(2, contents: $0.utf8) }
            + addresses.map { Encoding.tagged(7, contents: $0) }
        return CertificateExtension(oid: "2.5.29.17", value: Encoding.sequence(of: names))
    }
}

extension CertificateExtension {
    /// How CAs write an identifier into an extension of their own.
    package enum TextEncoding: String, Sendable, Codable {
        case utf8, printable, ia5
        /// `[0] IMPLICIT PrintableString`: the citizen number's alternative in GM/T 0015's identity code (1.2.156.10260.4.1.1).
        case context0 = "context-0"
        /// The characters alone (UTF-8), without an ASN.1 string around them.
        case bare
    }

    /// A non-critical extension whose value is a text.
    package static func text(_ text: String, as encoding: TextEncoding, oid: String) -> CertificateExtension {
        let value =
            switch encoding {
            case .utf8: Encoding.string(text, as: .utf8String)
            case .printable: Encoding.string(text, as: .printableString)
            case .ia5: Encoding.string(text, as: .ia5String)
            case .context0: Encoding.tagged(0, contents: text.utf8)
            case .bare: Array(text.utf8)
            }
        return CertificateExtension(oid: oid, value: value)
    }

    /// RFC 5280 §4.2.1.4, without qualifiers.
    package static func policies(_ oids: [String]) throws -> CertificateExtension {
        let policies = try oids.map { Encoding.sequence(try Encoding.objectIdentifier($0)) }
        return CertificateExtension(oid: "2.5.29.32", value: Encoding.sequence(of: policies))
    }
}
