import Foundation
import SwiftASN1

/// A parsed X.509 certificate (RFC 5280 §4.1). Parsing is by swift-asn1; no signature has been checked. (owner: pki-core)
package struct Certificate: Sendable, Hashable {
    package let der: [UInt8]
    package let fingerprint: Fingerprint
    /// Content octets of the serial number INTEGER.
    package let serial: [UInt8]
    package let subject: DistinguishedName
    package let issuer: DistinguishedName
    package let notBefore: Date
    package let notAfter: Date
    /// DER of SubjectPublicKeyInfo.
    package let publicKeyInfo: [UInt8]

    /// Throws `certificate_malformed`.
    package init(der: [UInt8]) throws(Refusal) { fatalError("stub") }
    /// Every CERTIFICATE block of a PEM text, in order; throws `certificate_malformed` for one that does not parse or when there is none.
    package static func list(pem: String) throws(Refusal) -> [Certificate] { fatalError("stub") }
    package var pem: String { fatalError("stub") }

    /// Extension values (inside the OCTET STRING) by OID in dotted form; nil if absent. For identity profiles.
    package func extensionValue(_ oid: String) -> [UInt8]? { fatalError("stub") }
    /// certificatePolicies (RFC 5280 §4.2.1.4), dotted; empty if absent.
    package var policies: [String] { fatalError("stub") }
    /// CRL distribution points' URIs, e-mail addresses etc. are read by whoever needs them through `extensionValue`.

    package static func == (left: Certificate, right: Certificate) -> Bool { left.fingerprint == right.fingerprint }
    package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// An X.501 Name. Equality is RFC 5280 §7.1's comparison (first depth: case and space folding of directory strings).
package struct DistinguishedName: Sendable, Hashable, CustomStringConvertible {
    /// One attribute of the name: dotted type, decoded text (PrintableString, UTF8String, BMPString, IA5String, T61String;
    /// UTF-16LE is not guessed here), the RDN it stands in.
    package struct Attribute: Sendable, Hashable {
        package let type: String
        package let value: String
        package let rdn: Int
    }
    package var attributes: [Attribute] { fatalError("stub") }
    /// Values of one attribute type (dotted OID), in order.
    package func values(_ type: String) -> [String] { attributes.filter { $0.type == type }.map(\.value) }
    package var commonName: String? { values("2.5.4.3").last }
    /// RFC 4514 text, most specific first.
    package var description: String { fatalError("stub") }
    package let der: [UInt8]
    package static func == (left: DistinguishedName, right: DistinguishedName) -> Bool { fatalError("stub") }
    package func hash(into hasher: inout Hasher) { fatalError("stub") }
}
