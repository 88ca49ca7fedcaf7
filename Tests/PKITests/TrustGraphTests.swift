import Foundation
import Testing

@testable import PKI

@Suite("The compiled graph")
struct TrustGraphTests {
    private func sample(_ id: String) throws -> CaseFile.Case { try #require(ValidationCasesTests.cases.first { $0.id == id }) }
    private func leaf(_ one: CaseFile.Case) throws -> Certificate { try Certificate.list(pem: one.peerCertificate)[0] }

    @Test(
        "what came with the leaf gives the same verdict as what is in the list",
        arguments: ["chain/three", "mesh/over-bridge", "mesh/first-candidate-fails", "mesh/all-candidates-fail", "mesh/longer-path-needed"])
    func intermediatesWithLeaf(id: String) throws {
        let one = try sample(id)
        var list = one.list()
        let pool = list.authorities
        list.authorities = []
        let graph = TrustGraph(list, at: one.time, settings: one.settings)
        let verdict = graph.examine(try leaf(one), intermediates: pool, request: one.request(), at: one.time).verdict
        #expect(verdict.told == one.expected)
        #expect(verdict.fingerprints == one.verdict().fingerprints)
        #expect(throws: Refusal.self, "nothing is remembered") { try graph.validate(leaf(one), at: one.time) }
    }

    @Test("a path ends by itself when a certificate or a CRL of it does")
    func time() throws {
        let one = try sample("revocation/good")
        let graph = TrustGraph(one.list(), at: one.time, settings: one.settings)
        let path = try graph.validate(try leaf(one), at: one.time)
        #expect(path.goodUntil == one.time.addingTimeInterval(86_400), "the CRLs are the first to end")
        #expect(throws: Refusal.self) { try graph.validate(leaf(one), at: path.goodUntil.addingTimeInterval(1)) }
        #expect(try graph.validate(leaf(one), at: path.goodUntil).leaf == leaf(one))
    }

    @Test("a CA that becomes valid later is good then, without a new graph")
    func laterValid() throws {
        let one = try sample("validity/future-intermediate")
        let graph = TrustGraph(one.list(), at: one.time, settings: one.settings)
        #expect(throws: Refusal.self) { try graph.validate(leaf(one), at: one.time) }
        #expect(try graph.validate(leaf(one), at: one.time.addingTimeInterval(2 * 86_400)).certificates.count == 3)
    }

    @Test("sessions hear of a CA that was revoked or removed")
    func removals() throws {
        let good = try sample("revocation/good")
        let graph = TrustGraph(good.list(), at: good.time, settings: good.settings)
        let path = try graph.validate(try leaf(good), at: good.time).fingerprints
        #expect(graph.refusal(forPath: path, at: good.time) == nil)
        var revoked = good.list()
        revoked.revocationLists = try sample("revocation/ca-revoked").list().revocationLists
        let after = TrustGraph(revoked, at: good.time, settings: good.settings)
        #expect(after.refusal(forPath: path, at: good.time)?.code == .caRevoked)
        #expect(after.lost(since: graph, at: good.time) == [path[1]])
        var other = good.list()
        other.anchors = try sample("chain/two").list().anchors
        #expect(TrustGraph(other, at: good.time, settings: good.settings).refusal(forPath: path, at: good.time)?.code == .pathNotFound)
        #expect(graph.refusal(forPath: path, at: good.time.addingTimeInterval(2 * 86_400))?.code != nil, "stale CRLs end sessions too")
    }

    @Test("names of acceptable CAs are of those that issue leaves")
    func leafIssuers() throws {
        let one = try sample("chain/three")
        var list = one.list()
        let root = AuthorityKey(subjectOf: list.anchors[0])
        list.rules[root] = AuthorityRules(revocation: .off, issuesLeaves: false)
        let graph = TrustGraph(list, at: one.time, settings: one.settings)
        #expect(graph.leafIssuers.map(\.subject.commonName) == ["Issuing"])
    }

    @Test("a relaxation is named, and is that CA's alone")
    func relaxation() throws {
        let one = try sample("profile/leaf-without-aki")
        var list = one.list()
        list.rules[AuthorityKey(subjectOf: list.anchors[0])] = AuthorityRules(revocation: .off, relaxations: ["missing-key-identifier"])
        let graph = TrustGraph(list, at: one.time, settings: one.settings)
        #expect(try graph.validate(leaf(one), at: one.time).certificates.count == 2)
        list.rules[AuthorityKey(subjectOf: list.anchors[0])] = AuthorityRules(revocation: .off, relaxations: ["serial-number"])
        #expect(throws: Refusal.self) { try TrustGraph(list, at: one.time, settings: one.settings).validate(leaf(one), at: one.time) }
    }

    @Test(
        "a hostile mesh ends with too_complex", arguments: [Budget(signatures: 3, states: 100_000), Budget(signatures: 10_000, states: 4)])
    func budget(budget: Budget) throws {
        let one = try sample("mesh/clique")
        var settings = one.settings
        settings.budget = budget
        let graph = TrustGraph(one.list(), at: one.time, settings: settings)
        #expect(graph.examine(try leaf(one), request: one.request(), at: one.time).verdict.told == "too_complex")
    }

    @Test("more intermediates than are taken change nothing")
    func manyIntermediates() throws {
        let one = try sample("mesh/clique")
        var list = one.list()
        let pool = list.authorities
        list.authorities = []
        #expect(pool.count > TrustGraph.maximumIntermediates)
        let graph = TrustGraph(list, at: one.time, settings: one.settings)
        let verdict = graph.examine(try leaf(one), intermediates: pool, request: one.request(), at: one.time).verdict
        #expect(["issuer_unknown", "path_not_found", "too_complex"].contains(verdict.told))
    }

    @Test("only what may lead to the leaf is walked for a one-shot question")
    func relevant() throws {
        let one = try sample("chain/three")
        var list = one.list()
        list.authorities += try sample("mesh/clique").list().authorities
        let relevant = list.relevant(to: try leaf(one))
        #expect(relevant.authorities.count == 1)
        #expect(relevant.anchors.count == 1)
    }

    @Test("each certificate of a path is told with what was checked")
    func report() throws {
        let one = try sample("revocation/good")
        var list = one.list()
        let pool = list.authorities
        list.authorities = []
        let graph = TrustGraph(list, at: one.time, settings: one.settings)
        let report = graph.examine(try leaf(one), intermediates: pool, request: one.request(), at: one.time).report(at: one.time)
        #expect(report.count == 3)
        #expect(report.dropLast().allSatisfy { $0.checks.contains { $0.hasPrefix("not revoked") } })
        #expect(report.last?.checks.first == "trust anchor")
    }

    @Test("a relaxation has one of the names that are told")
    func relaxationNames() {
        #expect(AuthorityRules.knownRelaxations.contains("missing-key-identifier"))
        #expect(Set(AuthorityRules.knownRelaxations).count == AuthorityRules.knownRelaxations.count)
    }
}
