import Foundation
import Testing

@testable import PKI

@Suite("CRLs: signature and bytes")
struct ListSourceTests {
    private func authority(_ one: IssuingAuthority, signerID: [UInt8] = AuthorityRules.defaultSignerID) -> Authority {
        var rules = AuthorityRules()
        rules.signerID = signerID
        return Authority(AuthorityKey(subjectOf: one.certificate), publicKeyInfo: one.certificate.publicKeyInfo, rules: rules)
    }

    private func list(_ pair: TestAuthority) throws -> CertificateList {
        try pair.issuing.issueRevocationList(
            revoked: [([5], TestAuthority.now, 1)], number: 1, thisUpdate: TestAuthority.now, nextUpdate: TestAuthority.now + 1)
    }

    @Test("the verdict on each key outlives the bytes; a key that was not tried is refused then")
    func verdicts() throws {
        let pair = try TestAuthority(.p256)
        let other = try TestAuthority(.p384)
        let list = try list(pair)
        let (right, wrong, late) = (authority(pair.issuing), authority(pair.root), authority(other.issuing))
        #expect(!list.isJudged(by: right))
        #expect(list.signatureFault(by: right) == nil)
        #expect(list.signatureFault(by: wrong)?.code == .signatureInvalid)
        let again = try CertificateList(bytes: list.der)
        #expect(again.entry(for: [5])?.reason == 1)
        list.releaseSource()
        #expect(throws: Refusal.self) { try list.der }
        #expect(list.isJudged(by: right) && list.signatureFault(by: right) == nil)
        #expect(list.isJudged(by: wrong) && list.signatureFault(by: wrong)?.code == .signatureInvalid)
        #expect(!list.isJudged(by: late) && list.signatureFault(by: late)?.code == .revocationUnavailable)
        #expect(list.entry(for: [5])?.reason == 1)
    }

    @Test("a verdict is of the key with its signer id, not of the key alone")
    func signerIDs() throws {
        let pair = try TestAuthority(.p256)
        let list = try list(pair)
        #expect(list.signatureFault(by: authority(pair.issuing)) == nil)
        #expect(!list.isJudged(by: authority(pair.issuing, signerID: [1])))
    }

    @Test("what rules forbid is not remembered: they may change")
    func forbidden() throws {
        let pair = try TestAuthority(.p256)
        let list = try list(pair)
        let weak = try CertificateRequestTestsKey.weak()
        let forbidden = Authority(
            AuthorityKey(name: list.issuer, keyDigest: Digest.sha256(weak)), publicKeyInfo: weak, rules: AuthorityRules())
        #expect(list.signatureFault(by: forbidden)?.code == .algorithmNotPermitted)
        #expect(!list.isJudged(by: forbidden))
    }

    @Test("a record takes 32 bytes")
    func size() { #expect(MemoryLayout<RevocationIndex.Record>.stride == 32) }
}

/// A key that no rule permits: Ed448 (RFC 8410).
private enum CertificateRequestTestsKey {
    static func weak() throws -> [UInt8] {
        Encoding.sequence(
            Encoding.sequence(try Encoding.objectIdentifier("1.3.101.113")), Encoding.bitString([UInt8](repeating: 1, count: 57)))
    }
}
