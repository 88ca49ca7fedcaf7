import Foundation
import Testing

@testable import PKI

/// Which of several lists is believed, after a CA's key or the way it publishes has changed.
@Suite("The choice among CRLs")
struct ListChoiceTests {
    private let root: IssuingAuthority
    /// One CA with an old and a new key.
    private let old: IssuingAuthority
    private let new: IssuingAuthority
    private let leaf: Certificate
    private static let now = TestAuthority.now
    private static let day = TestAuthority.day

    init() throws {
        root = try TestAuthority(.p256).root
        let (first, second) = (try TestAuthority.holderKey(.p256), try TestAuthority.holderKey(.p384))
        let name = try NameTemplate([.init(oid: "2.5.4.3", value: "rolled over")]).encoded()
        old = IssuingAuthority(certificate: try Self.authority(name, first, by: root), key: first)
        new = IssuingAuthority(certificate: try Self.authority(name, second, by: root), key: second)
        leaf = try Self.issue(
            try NameTemplate([.init(oid: "2.5.4.3", value: "leaf")]).encoded(), first, by: new, [.keyUsage([.digitalSignature])])
    }

    private static func issue(_ name: [UInt8], _ key: KeyPair, by issuer: IssuingAuthority, _ extensions: [CertificateExtension]) throws
        -> Certificate
    {
        try issuer.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: name, publicKeyInfo: key.publicKeyInfo, notBefore: now - day, notAfter: now + day,
                extensions: extensions))
    }

    private static func authority(_ name: [UInt8], _ key: KeyPair, by issuer: IssuingAuthority) throws -> Certificate {
        try issue(name, key, by: issuer, [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])])
    }

    private func list(
        _ signer: IssuingAuthority, _ number: Int, revoking: [Certificate] = [], from: TimeInterval = -3600, until: TimeInterval = 3600,
        scope: [CertificateExtension] = []
    ) throws -> CertificateList {
        var template = RevocationListTemplate(
            entries: revoking.map { .init(serial: $0.serial, date: Self.now - 7200, reason: 1) }, number: number,
            thisUpdate: Self.now + from, nextUpdate: Self.now + until)
        template.extensions = scope
        return try signer.issueRevocationList(template)
    }

    private func told(_ lists: [CertificateList], authorities: [Certificate]? = nil, leaf other: Certificate? = nil) throws -> String {
        let all = try [list(root, 1)] + lists
        let verdicts = Set(
            [all, all.reversed()].map { order in
                let trust = TrustList(
                    anchors: [root.certificate], authorities: authorities ?? [old.certificate, new.certificate], revocationLists: order)
                return TrustGraph(trust, at: Self.now).examine(other ?? leaf, request: ValidationRequest(purpose: .any), at: Self.now)
                    .verdict.told
            })
        #expect(verdicts.count == 1, "the order of the lists decides nothing")
        return verdicts.first ?? ""
    }

    @Test("the silence of another key's list does not outweigh the issuing key's, however high its number")
    func otherKey() throws {
        let silent = try list(old, 500)
        #expect(try told([list(new, 3, revoking: [leaf]), silent]) == "certificate_revoked")
        #expect(try told([list(new, 3), silent]) == "ACCEPT")
        #expect(try told([list(new, 3, revoking: [leaf]), list(old, 3)]) == "certificate_revoked", "the same number under two keys")
    }

    @Test("the silence of a full list does not outweigh a partition's word")
    func otherScope() throws {
        let users = CertificateExtension(oid: "2.5.29.28", critical: true, value: [0x30, 0x03, 0x81, 0x01, 0xFF])
        #expect(try told([list(new, 1000), list(new, 1, revoking: [leaf], scope: [users])]) == "certificate_revoked")
        #expect(try told([list(new, 1, scope: [users])]) == "ACCEPT")
    }

    @Test("of one signer and scope the newest that has begun decides: older ones say nothing, those of the future nothing yet")
    func newest() throws {
        let before = try list(new, 1, revoking: [leaf])
        #expect(try told([before, list(new, 2)]) == "ACCEPT")
        #expect(try told([before, list(new, 2, from: 60)]) == "certificate_revoked")
        #expect(try told([list(new, 2, from: 60)]) == "revocation_unavailable")
        #expect(
            try told([list(new, 1), list(new, 2, until: -60)]) == "revocation_unavailable",
            "the newest has ended; older ones do not come back")
    }

    @Test("a rolled-over key that its predecessor revoked does not vouch for itself, not even when the predecessor's list has ended")
    func selfAnswering() throws {
        let first = old
        let rolled = try Self.authority(first.certificate.subject.der, new.key, by: first)
        let after = IssuingAuthority(certificate: rolled, key: new.key)
        let end = try Self.issue(
            try NameTemplate([.init(oid: "2.5.4.3", value: "end")]).encoded(), first.key, by: after, [.keyUsage([.digitalSignature])])
        let own = try list(after, 999)
        let pool = [first.certificate, rolled]
        #expect(try told([list(first, 5, revoking: [rolled]), own], authorities: pool, leaf: end) == "ca_revoked")
        #expect(try told([list(first, 5, until: -60), own], authorities: pool, leaf: end) != "ACCEPT")
        #expect(try told([list(first, 5), own], authorities: pool, leaf: end) == "ACCEPT")
        #expect(try told([own], authorities: pool, leaf: end) == "ACCEPT", "nobody else's list could tell")
    }
}
