import Foundation
import Testing

@testable import PKI

@Suite("What an earlier statement still counts for, and what responders say, in the graph")
struct SoftRevocationTests {
    private let house: TestAuthority
    private let leaf: Certificate
    private let now = TestAuthority.now
    private static let hour = 3600.0

    init() throws {
        house = try TestAuthority(.p256)
        leaf = try house.leaf(TestAuthority.holderKey(.p256))
    }

    private func crl(_ authority: IssuingAuthority, until: Date, revoking: [Certificate] = [], number: Int = 1) throws -> CertificateList {
        try authority.issueRevocationList(
            revoked: revoking.map { ($0.serial, now - 2 * Self.hour, 1) }, number: number, thisUpdate: now - 5 * Self.hour,
            nextUpdate: until)
    }

    /// The root's list is current; the issuing CA's ended an hour ago.
    private func graph(
        _ policy: AuthorityRules.Revocation, grace: TimeInterval = 0, stale: String? = nil, lists: [CertificateList]? = nil,
        root: CertificateList? = nil
    ) throws -> TrustGraph {
        var rules = AuthorityRules(revocation: policy)
        rules.softGrace = grace
        rules.assurance = AssuranceTable(level: "full", staleLevel: stale)
        var list = TrustList(anchors: [house.root.certificate], authorities: [house.issuing.certificate])
        list.rules = [
            AuthorityKey(subjectOf: house.root.certificate): AuthorityRules(revocation: .hard),
            AuthorityKey(subjectOf: house.issuing.certificate): rules,
        ]
        list.revocationLists =
            [try root ?? crl(house.root, until: now + Self.hour)]
            + (try lists ?? [crl(house.issuing, until: now - Self.hour)])
        return TrustGraph(list, at: now)
    }

    private func told(_ graph: TrustGraph, _ responses: [OCSPResponse] = []) -> Result<ValidatedPath, Refusal> {
        graph.examine(leaf, responses: responses, request: ValidationRequest(), at: now).verdict
    }

    @Test("under soft an ended list counts within the grace, at the stale level; beyond it, and under hard, it does not")
    func grace() throws {
        let path = try told(try graph(.soft, grace: 2 * Self.hour, stale: "lowered")).get()
        #expect(path.assurance == "lowered")
        #expect(path.goodUntil == now + Self.hour, "the grace ends it")
        #expect(told(try graph(.soft, grace: Self.hour / 2)).told == "revocation_unavailable")
        #expect(told(try graph(.hard, grace: 2 * Self.hour)).told == "revocation_unavailable")
        #expect(
            told(try graph(.soft, grace: 2 * Self.hour, lists: [])).told == "revocation_unavailable", "there was never a good statement")
        #expect(
            try told(try graph(.soft, grace: 2 * Self.hour, lists: [crl(house.issuing, until: now + Self.hour)])).get().assurance == "full")
    }

    @Test("what an ended list revokes is revoked within the grace")
    func revokedWithinGrace() throws {
        let lists = [try crl(house.issuing, until: now - Self.hour, revoking: [leaf])]
        #expect(told(try graph(.soft, grace: 2 * Self.hour, lists: lists)).told == "certificate_revoked")
    }

    @Test("CA certificates have no grace")
    func authorities() throws {
        let root = try crl(house.root, until: now - Self.hour)
        #expect(
            told(try graph(.soft, grace: 2 * Self.hour, lists: [crl(house.issuing, until: now + Self.hour)], root: root)).told
                == "revocation_unavailable")
    }

    @Test("the newer of two lists decides, whatever their order")
    func newest() throws {
        let old = try crl(house.issuing, until: now + Self.hour, revoking: [leaf], number: 1)
        let new = try crl(house.issuing, until: now + Self.hour, number: 2)
        for lists in [[old, new], [new, old]] { #expect(told(try graph(.hard, lists: lists)).told == "ACCEPT") }
    }

    private func response(_ status: OCSPTemplate.Status, until: Date?, by signer: IssuingAuthority? = nil) throws -> OCSPResponse {
        let answer = OCSPTemplate.Answer(about: leaf, status, thisUpdate: now - 2 * Self.hour, nextUpdate: until)
        let template = OCSPTemplate(answers: [answer], producedAt: now - 2 * Self.hour)
        return try OCSPResponse(der: (signer ?? house.issuing).issueOCSPResponse(template))
    }

    @Test("a responder's good answer stands in for a list that is missing; another CA's answer does not")
    func goodAnswer() throws {
        let graph = try graph(.hard, lists: [])
        let path = try told(graph, [try response(.good, until: now + Self.hour / 2)]).get()
        #expect(path.goodUntil == now + Self.hour / 2)
        #expect(told(graph).told == "revocation_unavailable")
        let stranger = try TestAuthority(.p384).issuing
        #expect(told(graph, [try response(.good, until: now + Self.hour, by: stranger)]).told == "revocation_unavailable")
        #expect(told(graph, [try response(.unknown, until: now + Self.hour)]).told == "revocation_unavailable")
    }

    @Test("whoever says revoked is believed: a responder against a list, a list against a responder")
    func revoked() throws {
        let good = [try crl(house.issuing, until: now + Self.hour)]
        let revoking = try response(.revoked(since: now - Self.hour, reason: 6), until: now + Self.hour)
        #expect(told(try graph(.hard, lists: good), [revoking]).told == "certificate_suspended")
        let bad = [try crl(house.issuing, until: now + Self.hour, revoking: [leaf])]
        #expect(told(try graph(.hard, lists: bad), [try response(.good, until: now + Self.hour)]).told == "certificate_revoked")
    }

    @Test("the grace of an answer begins at its own end")
    func graceOfAnswer() throws {
        let day = TestAuthority.day
        let justEnded = try response(.good, until: now - 60)
        let path = try told(try graph(.soft, grace: day, lists: []), [justEnded]).get()
        #expect(path.goodUntil <= now - 60 + day)
        #expect(told(try graph(.soft, grace: 30, lists: []), [justEnded]).told == "revocation_unavailable")
    }

    @Test("an answer that names no end ends an hour after it was made, and its grace begins there")
    func graceWithoutEnd() throws {
        let endless = try response(.good, until: nil)
        let path = try told(try graph(.soft, grace: 2 * Self.hour, lists: []), [endless]).get()
        #expect(path.goodUntil == now + Self.hour)
        #expect(told(try graph(.soft, grace: Self.hour / 2, lists: []), [endless]).told == "revocation_unavailable")
        #expect(told(try graph(.hard, lists: []), [endless]).told == "revocation_unavailable")
    }

    @Test("an ended answer counts under soft alone, within the grace")
    func staleAnswer() throws {
        let ended = try response(.good, until: now - Self.hour)
        #expect(try told(try graph(.soft, grace: 2 * Self.hour, stale: "lowered", lists: []), [ended]).get().assurance == "lowered")
        #expect(told(try graph(.soft, grace: Self.hour / 2, lists: []), [ended]).told == "revocation_unavailable")
        #expect(told(try graph(.hard, lists: []), [ended]).told == "revocation_unavailable")
    }
}
