import Foundation
import SwiftASN1

/// A parsed X.509 certificate (RFC 5280 §4.1). Parsing is by swift-asn1; no signature has been checked.
///
/// Any key and any signature algorithm parses: only verifying refuses what is not supported.
package final class Certificate: Sendable, Hashable {
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
    /// What that holds, read once.
    let publicKey: Result<PublicKey, Malformed>

    /// 1, 2 or 3.
    let version: Int
    let isTimeWronglyGeneralized: Bool
    let signature: SignedBytes
    let extensions: CertificateExtensions

    /// Longer than any certificate seen in practice (the longest carry a few hundred names): larger input is refused unread.
    static let maximumLength = 128 * 1024

    /// Throws `certificate_malformed`.
    package init(der: [UInt8]) throws(Refusal) {
        do throws(Malformed) {
            guard der.count <= Self.maximumLength else { throw Malformed("a certificate of \(der.count) bytes") }
            let fields = try CertificateFields(der)
            self.der = der
            fingerprint = Fingerprint(of: der)
            serial = fields.serial
            subject = fields.subject
            issuer = fields.issuer
            notBefore = fields.notBefore.date
            notAfter = fields.notAfter.date
            isTimeWronglyGeneralized = fields.notBefore.isWronglyGeneralized || fields.notAfter.isWronglyGeneralized
            publicKeyInfo = fields.publicKeyInfo
            publicKey = PublicKey.reading(fields.publicKeyInfo)
            version = fields.version
            signature = fields.signature
            extensions = fields.extensions
        } catch {
            throw Refusal(.certificateMalformed, error.reason)
        }
    }

    /// Every CERTIFICATE block of a PEM text, in order; throws `certificate_malformed` for one that does not parse or when there is none.
    package static func list(pem: String) throws(Refusal) -> [Certificate] {
        guard let blocks = PEM.blocks("CERTIFICATE", in: pem), !blocks.isEmpty else {
            throw Refusal(.certificateMalformed, "no complete CERTIFICATE block")
        }
        var list = [Certificate]()
        for block in blocks { list.append(try Certificate(der: block)) }
        return list
    }

    package var pem: String { PEM.encode("CERTIFICATE", der) }

    /// Extension values (inside the OCTET STRING) by OID in dotted form; nil if absent. For identity profiles.
    package func extensionValue(_ oid: String) -> [UInt8]? {
        ObjectIdentifier(oid).flatMap { extensions.first($0) }.map { Array($0.value) }
    }
    /// certificatePolicies (RFC 5280 §4.2.1.4), dotted; empty if absent.
    package var policies: [String] { extensions.policies.map(\.description) }
    /// cA of basicConstraints (RFC 5280 §4.2.1.9).
    package var isAuthority: Bool { extensions.basicConstraints?.isAuthority ?? false }
    /// Issuer and subject are the same name (RFC 5280 §6.1).
    package var isSelfIssued: Bool { subject == issuer }
    /// Nil when the extension is absent: any usage.
    package var keyUsage: KeyUsage? { extensions.keyUsage }

    package static func == (left: Certificate, right: Certificate) -> Bool { left.fingerprint == right.fingerprint }
    package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// The signed part, its algorithm and the signature of a certificate or a CRL.
struct SignedBytes: Sendable {
    let signed: ArraySlice<UInt8>
    let algorithm: SignatureAlgorithm
    let signature: ArraySlice<UInt8>

    /// SEQUENCE { tbs, signatureAlgorithm, signatureValue BIT STRING }: the node of tbs and the rest.
    /// `inner` is the DER of the algorithm inside of tbs, which must be the same (RFC 5280 §4.1.1.2, §5.1.1.2).
    init(tbs: ASN1Node, inner: ASN1Node, outer: ASN1Node, value: ASN1Node) throws(Malformed) {
        try self.init(signed: tbs.encodedBytes, inner: inner, outer: outer, value: value)
    }

    /// The same, where tbs is too large for a tree of nodes.
    init(signed: ArraySlice<UInt8>, inner: ASN1Node, outer: ASN1Node, value: ASN1Node) throws(Malformed) {
        guard inner.encodedBytes == outer.encodedBytes else { throw Malformed("the two signature algorithms differ") }
        let (octets, unused) = try value.bits("signatureValue")
        guard unused == 0 else { throw Malformed("signatureValue: not whole octets") }
        self.signed = signed
        algorithm = try SignatureAlgorithm(outer)
        signature = octets
    }
}

/// Certificate and TBSCertificate, read in order (RFC 5280 §4.1).
private struct CertificateFields {
    let version: Int
    let serial: [UInt8]
    let issuer: DistinguishedName
    let notBefore: CertificateTime
    let notAfter: CertificateTime
    let subject: DistinguishedName
    let publicKeyInfo: [UInt8]
    let extensions: CertificateExtensions
    let signature: SignedBytes

    init(_ der: [UInt8]) throws(Malformed) {
        var certificate = try DERSequence(try ASN1Node.parse(der[...], "Certificate"), .sequence, "Certificate")
        let tbs = try certificate.next()
        var fields = try DERSequence(tbs, .sequence, "TBSCertificate")
        version = try Self.version(fields.next(if: .context(0)))
        serial = Array(try fields.next().integer("serialNumber"))
        let algorithm = try fields.next()
        issuer = try DistinguishedName(node: try fields.next())
        (notBefore, notAfter) = try Self.validity(try fields.next())
        subject = try DistinguishedName(node: try fields.next())
        let keyNode = try fields.next()
        _ = try DERSequence(keyNode, .sequence, "SubjectPublicKeyInfo")
        publicKeyInfo = Array(keyNode.encodedBytes)
        let identifiers = [fields.next(if: .context(1)), fields.next(if: .context(2))].compactMap(\.self)
        guard identifiers.isEmpty || version >= 2 else { throw Malformed("unique identifiers in version 1") }
        for identifier in identifiers { _ = try identifier.bits("UniqueIdentifier", as: identifier.identifier) }
        extensions = try Self.extensions(fields.next(if: .context(3)), version: version)
        try fields.finish()
        signature = try SignedBytes(tbs: tbs, inner: algorithm, outer: try certificate.next(), value: try certificate.next())
        try certificate.finish()
    }

    /// [0] EXPLICIT Version DEFAULT v1
    private static func version(_ node: ASN1Node?) throws(Malformed) -> Int {
        guard let node else { return 1 }
        var wrapper = try DERSequence(node, .context(0), "version")
        let number = try wrapper.next().count("version")
        try wrapper.finish()
        guard number == 1 || number == 2 else { throw Malformed("version \(number + 1)") }
        return number + 1
    }

    private static func validity(_ node: ASN1Node) throws(Malformed) -> (CertificateTime, CertificateTime) {
        var times = try DERSequence(node, .sequence, "Validity")
        let notBefore = try CertificateTime(try times.next())
        let notAfter = try CertificateTime(try times.next())
        try times.finish()
        return (notBefore, notAfter)
    }

    private static func extensions(_ node: ASN1Node?, version: Int) throws(Malformed) -> CertificateExtensions {
        guard let node else { return CertificateExtensions() }
        guard version == 3 else { throw Malformed("extensions in version \(version)") }
        var wrapper = try DERSequence(node, .context(3), "extensions")
        let list = try Extension.list(try wrapper.next())
        try wrapper.finish()
        return try CertificateExtensions(list)
    }
}
