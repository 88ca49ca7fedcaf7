import Foundation
import SwiftASN1

/// A parsed X.509 CRL (RFC 5280 §5). No signature has been checked.
///
/// What is held of each entry is 32 bytes and a fraction (`RevocationIndex`), and the bytes it was read from until `releaseSource()`.
package final class CertificateList: Sendable {
    package let issuer: DistinguishedName
    package let thisUpdate: Date
    package let nextUpdate: Date?
    /// cRLNumber (§5.2.3).
    package let listNumber: ListNumber?
    /// BaseCRLNumber of a delta CRL (§5.2.4): what it changes is the complete list of this number or a later one. Nil: a complete list.
    package let baseNumber: ListNumber?
    /// Entries say of which CA they are (§5.3.3): such a list tells something only if its issuingDistributionPoint says indirectCRL.
    package let hasCertificateIssuers: Bool

    /// What is said of one serial number.
    package struct Entry: Sendable, Equatable {
        package let revoked: Date
        /// CRLReason (§5.3.1); nil if not told. 8, removeFromCRL, has a meaning in delta CRLs only.
        package let reason: Int?
    }
    static let removeFromCRL = 8

    let version: Int
    /// What permits or forbids it is to be asked before `signatureFault(by:)`, which remembers.
    let signatureAlgorithm: SignatureAlgorithm
    let extensions: [Extension]
    /// An extension of an entry that is critical and not understood: the list tells nothing then (§5.3).
    let unknownEntryExtension: ObjectIdentifier?
    let hasDuplicateSerial: Bool
    /// §5.3.3: certificateIssuer is always critical.
    let hasUncriticalCertificateIssuer: Bool
    /// revokedCertificates is there without an entry (§5.1.2.6 has it left out).
    let hasEmptyEntries: Bool
    let isTimeWronglyGeneralized: Bool
    let authorityKeyIdentifier: ArraySlice<UInt8>?
    /// The names entries are of, by `RevocationIndex.Issuer`.
    let entryIssuers: [[DistinguishedName]]
    let index: RevocationIndex
    let source: ListSource

    /// 64 MiB: national CAs publish lists of some tens of megabytes. An entry takes at least 22 bytes, so 3 million entries at most.
    static let maximumLength = 64 * 1024 * 1024

    /// DER, or PEM text ("X509 CRL"). Throws `certificate_malformed`.
    package init(bytes: [UInt8]) throws(Refusal) {
        do throws(Malformed) {
            let der = try Self.der(bytes)
            let fields = try ListFields(der)
            issuer = fields.issuer
            thisUpdate = fields.thisUpdate.date
            nextUpdate = fields.nextUpdate?.date
            let isWronglyGeneralized = fields.thisUpdate.isWronglyGeneralized || fields.nextUpdate?.isWronglyGeneralized ?? false
            isTimeWronglyGeneralized = isWronglyGeneralized || fields.revoked.isTimeWronglyGeneralized
            version = fields.version
            signatureAlgorithm = fields.signature.algorithm
            extensions = fields.extensions
            listNumber = try fields.value(of: .listNumber).map { value throws(Malformed) in try ListNumber(value) }
            baseNumber = try fields.value(of: .deltaIndicator).map { value throws(Malformed) in try ListNumber(value) }
            authorityKeyIdentifier = try fields.value(of: .authorityKeyIdentifier)
                .flatMap { value throws(Malformed) in try CertificateExtensions.AuthorityKeyIdentifier(value).keyIdentifier }
            hasCertificateIssuers = fields.revoked.hasCertificateIssuers
            hasUncriticalCertificateIssuer = fields.revoked.hasUncriticalCertificateIssuer
            hasEmptyEntries = fields.revoked.isEmpty
            unknownEntryExtension = fields.revoked.unknownEntryExtension
            hasDuplicateSerial = fields.revoked.index.hasDuplicateSerial
            entryIssuers = fields.revoked.issuers
            index = fields.revoked.index
            source = ListSource(der: der, signature: fields.signature)
        } catch {
            throw Refusal(.certificateMalformed, "CRL: \(error.reason)")
        }
    }

    /// The entry of this serial number (content octets of the INTEGER) of the CRL issuer's own certificates; nil if it is not listed.
    package func entry(for serial: [UInt8]) -> Entry? { entry(for: serial, issuer: issuer) }

    /// The entry of this serial number among `issuer`'s certificates (§5.3.3). Of several entries one that revokes is told, the earliest.
    package func entry(for serial: [UInt8], issuer: DistinguishedName) -> Entry? {
        index.entry(for: serial[...]) { entryIssuers[Int($0)].contains(issuer) }
    }
    package var count: Int { index.count }

    private static func der(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        guard bytes.count <= maximumLength else { throw Malformed("\(bytes.count) bytes") }
        guard bytes.first != 0x30 else { return bytes }
        guard let blocks = PEM.blocks("X509 CRL", in: String(decoding: bytes, as: UTF8.self)), blocks.count == 1 else {
            throw Malformed("neither DER nor exactly one X509 CRL block")
        }
        return blocks[0]
    }
}

extension CertificateList {
    /// Lets go of the bytes that the list was read from, when all keys of its issuer's name have been tried: `signatureFault(by:)` answers
    /// for these keys only from then on. For lists too large to be held twice.
    package func releaseSource() { source.release() }

    /// The DER it was read from. Throws `revocation_unavailable` after `releaseSource()`.
    package var der: [UInt8] {
        get throws(Refusal) {
            guard let der = source.der else { throw Refusal(.revocationUnavailable, "the CRL's bytes are not held any more") }
            return der
        }
    }

    /// Nil when this authority's key signed the list, under its signer id. Each is checked once.
    func signatureFault(by authority: Authority) -> Refusal? {
        source.fault(by: ListSource.Signer(authority)) { authority.verify($0) }
    }

    /// Has this authority's key been tried? If not, and the source is released, the list must be read again.
    func isJudged(by authority: Authority) -> Bool { source.isJudged(by: ListSource.Signer(authority)) }
}

extension ListSource.Signer {
    init(_ authority: Authority) { self.init(keyDigest: authority.key.keyDigest, signerID: authority.rules.signerID) }
}

/// CertificateList and TBSCertList, read in order (RFC 5280 §5.1).
private struct ListFields {
    let version: Int
    let issuer: DistinguishedName
    let thisUpdate: CertificateTime
    let nextUpdate: CertificateTime?
    let revoked: RevokedCertificates
    let extensions: [Extension]
    let signature: SignedBytes

    init(_ der: [UInt8]) throws(Malformed) {
        var outer = DERCursor(der)
        var list = outer.inside(try outer.next(DERCursor.Tag.sequence, "CertificateList"))
        try outer.finish("CertificateList")
        let signed = try list.nextValue("TBSCertList")
        var signedCursor = outer.inside(signed.startIndex..<signed.endIndex)
        var fields = outer.inside(try signedCursor.next(DERCursor.Tag.sequence, "TBSCertList"))
        version = try fields.tag == DERCursor.Tag.integer ? Self.version(try Self.small(&fields, "version")) : 1
        let algorithm = try Self.small(&fields, "signature")
        issuer = try DistinguishedName(node: try Self.small(&fields, "issuer"))
        thisUpdate = try CertificateTime(try Self.small(&fields, "thisUpdate"))
        let hasNext = fields.tag == DERCursor.Tag.utcTime || fields.tag == DERCursor.Tag.generalizedTime
        nextUpdate = hasNext ? try CertificateTime(try Self.small(&fields, "nextUpdate")) : nil
        var revoked = RevokedCertificates(issuer: issuer)
        if fields.tag == DERCursor.Tag.sequence {
            try revoked.read(fields.inside(try fields.next(DERCursor.Tag.sequence, "revokedCertificates")), version: version)
        }
        self.revoked = revoked
        extensions = fields.isAtEnd ? [] : try Self.extensions(try Self.small(&fields, "crlExtensions"), version: version)
        try fields.finish("TBSCertList")
        signature = try SignedBytes(
            signed: signed, inner: algorithm, outer: try Self.small(&list, "signatureAlgorithm"),
            value: try Self.small(&list, "signatureValue"))
        try list.finish("CertificateList")
    }

    func value(of id: ObjectIdentifier) -> ArraySlice<UInt8>? { extensions.first { $0.id == id }?.value }

    /// Everything but the entries is small, and read from bytes of its own: nothing that is kept holds on to the whole.
    private static func small(_ cursor: inout DERCursor, _ what: StaticString) throws(Malformed) -> ASN1Node {
        let value = try cursor.nextValue(what)
        guard value.count <= maximumFieldLength else { throw Malformed("\(what): \(value.count) bytes") }
        return try ASN1Node.parse(Array(value)[...], what)
    }

    /// A long issuingDistributionPoint has some hundred names.
    private static let maximumFieldLength = 64 * 1024

    private static func version(_ node: ASN1Node) throws(Malformed) -> Int {
        guard try node.count("version") == 1 else { throw Malformed("version") }
        return 2
    }

    private static func extensions(_ node: ASN1Node, version: Int) throws(Malformed) -> [Extension] {
        guard version == 2 else { throw Malformed("extensions in version 1") }
        var wrapper = try DERSequence(node, .context(0), "crlExtensions")
        let list = try Extension.list(try wrapper.next())
        try wrapper.finish()
        return list
    }
}
