import Foundation
import PKI
import Registry

/// A list whose signature verified with the key of a CA of the trust list.
package struct ArrivedList: Sendable {
    package let list: CertificateList
    package let signer: AuthorityKey
    package let record: ListRecord
    package let bytes: [UInt8]

    /// Parses and verifies. Throws `certificate_malformed`, `signature_invalid` or `revocation_unavailable`.
    init(_ bytes: [UInt8], trust: TrustList, now: Date) throws(Refusal) {
        try self.init(try CertificateList(bytes: bytes), bytes: bytes, trust: trust, now: now)
    }

    init(_ list: CertificateList, bytes: [UInt8], trust: TrustList, now: Date) throws(Refusal) {
        self.list = list
        self.bytes = bytes
        signer = try trust.signer(of: list)
        record = ListRecord(list, bytes: bytes, signer: signer)
        // A list of the future does not count yet, and must not take the place of the one that does: it is fetched again in a moment.
        guard list.thisUpdate <= now else {
            throw Refusal(.revocationUnavailable, "the CRL of \(list.issuer) is of \(list.thisUpdate.formatted(.iso8601)), in the future")
        }
    }

    /// What it says of its signer's certificates, for the registry. A delta's silence says nothing (RFC 5280 §5.2.4).
    var statement: IssuerStatement {
        let (list, isDelta) = (list, list.isDelta)
        return IssuerStatement(source: record.scope + Array(record.issuer.utf8)) { serial in
            guard let entry = list.entry(for: serial) else { return isDelta ? .nothing : .notListed }
            return entry.reason == CRLReason.removeFromCRL
                ? .released : .revoked(code: CRLReason.code(entry.reason), since: entry.revoked)
        }
    }

    /// Why a certificate that `issuer` signed may not be used any more; nil: this list has nothing against it.
    func refusal(of certificate: Certificate, issuer: AuthorityKey, isLeaf: Bool) -> Refusal? {
        guard issuer == signer, certificate.issuer == list.issuer, let entry = list.entry(for: certificate.serial),
            entry.reason != CRLReason.removeFromCRL
        else { return nil }
        let code = isLeaf ? CRLReason.code(entry.reason) : .caRevoked
        return Refusal(code, "revoked at \(entry.revoked.formatted(.iso8601))", certificate: certificate.fingerprint)
    }
}

/// CRLReason (RFC 5280 §5.3.1), where it matters here.
enum CRLReason {
    static let certificateHold = 6
    static let removeFromCRL = 8

    static func code(_ reason: Int?) -> RefusalCode { reason == certificateHold ? .certificateSuspended : .certificateRevoked }
}
