import Testing

@testable import PKI

@Suite("Certificate policies (RFC 5280 §6.1, RFC 9618)")
struct PolicyStateTests {
    private func state(_ id: String) throws -> (CaseFile.Case, Certificate) {
        let one = try #require(PKITSTests.cases.first { $0.id == "pkits::\(id)" })
        return (one, try Certificate.list(pem: one.peerCertificate)[0])
    }

    /// user-constrained-policy-set of NIST's table for some runs of §4.8 to §4.12 (NIST-test-policy-n is 2.16.840.1.101.3.2.1.48.n).
    static let expected: [(String, [Int])] = [
        ("certificate-policies::4.8.1-1", [1]), ("certificate-policies::4.8.6-1", [1]), ("certificate-policies::4.8.10-1", [1, 2]),
        ("policy-mappings::4.10.1-1", [1]),
    ]

    @Test("the policies told are NIST's", arguments: expected)
    func told(id: String, policies: [Int]) throws {
        let (one, _) = try state(id)
        #expect(try one.verdict().get().policies == policies.map { "2.16.840.1.101.3.2.1.48.\($0)" })
    }

    @Test("a state with fewer policies never replaces one with more")
    func dominance() {
        let any = PolicyState([])
        let inhibited = PolicyState(.policyMapping)
        #expect(any.isAtLeast(any))
        #expect(any.isAtLeast(inhibited))
        #expect(!inhibited.isAtLeast(any))
    }

    @Test("demanding a policy that no certificate has is refused with its own code")
    func demanded() throws {
        let one = try #require(ValidationCasesTests.cases.first { $0.id == "chain/three" })
        let leaf = try Certificate.list(pem: one.peerCertificate)[0]
        var request = one.request()
        request.isPolicyRequired = true
        let graph = TrustGraph(one.list(), at: one.time, settings: one.settings)
        #expect(graph.examine(leaf, request: request, at: one.time).verdict.told == "policy_not_acceptable")
        request.isPolicyRequired = false
        let isAccepted = request.accept(policies: ["1.2.3"])
        #expect(isAccepted)
        #expect(graph.examine(leaf, request: request, at: one.time).verdict.told == "ACCEPT", "nothing requires an explicit policy")
        let isAcceptedToo = request.accept(policies: ["policy"])
        #expect(!isAcceptedToo)
    }
}
