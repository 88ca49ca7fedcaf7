import Foundation
import Testing

@testable import PKI

/// Fixtures/cases.json: one rule each.
@Suite("RFC 5280 rules, one case each")
struct ValidationCasesTests {
    static let cases = (try? CaseFile.load("cases.json")) ?? []

    @Test("the fixture is there")
    func fixtureIsThere() { #expect(Self.cases.count > 130) }

    @Test(
        "each case gets the verdict of its rule",
        arguments: cases.filter { !["shape/missing", "shape/no-usable-anchor"].contains($0.id) })
    func verdict(one: CaseFile.Case) {
        let verdict = one.verdict()
        #expect(verdict.told == one.expected, "\(verdict)")
    }

    @Test(
        "the verdict and the path do not depend on the order of the pool",
        arguments: cases.filter { ($0.untrustedIntermediates ?? []).count > 1 })
    func order(one: CaseFile.Case) {
        let first = one.verdict()
        for seed in 0..<6 {
            var generator = SeededGenerator(state: UInt64(seed))
            let other = one.verdict { $0.shuffled(using: &generator) }
            #expect(other.told == first.told)
            #expect(other.fingerprints == first.fingerprints)
        }
    }
}

/// NIST PKITS through the same walk.
@Suite("NIST PKITS")
struct PKITSTests {
    static let cases = (try? CaseFile.load("pkits.json")) ?? []
    /// Sections that are implemented whole.
    static let complete = [
        "signature-verification", "validity-periods", "name-chaining", "basic-revocation", "self-issued", "basic-constraints", "key-usage",
        "private-extensions", "certificate-policies", "require-explicit-policy", "policy-mappings", "inhibit-policy-mapping",
        "inhibit-any-policy",
    ]
    /// The walk hands down no DSA parameters yet.
    static let divergences = ["pkits::signature-verification::4.1.5"]

    static func section(_ one: CaseFile.Case) -> String { String(one.id.split(separator: ":", omittingEmptySubsequences: true)[1]) }

    @Test("the suite is whole")
    func suiteIsWhole() { #expect(Self.cases.count == 249) }

    @Test("sections that are implemented give NIST's verdicts", arguments: cases.filter { complete.contains(section($0)) })
    func implemented(one: CaseFile.Case) {
        let verdict = one.verdict()
        let expected = one.expectedResult == "SUCCESS" && !Self.divergences.contains(one.id)
        #expect((verdict.told == "ACCEPT") == expected, "\(verdict)")
    }

    @Test(
        "what is not implemented is refused, never accepted",
        arguments: cases.filter {
            !complete.contains(section($0)) && $0.expectedResult == "FAILURE" && $0.id != "pkits::delta-crls::4.15.4"
        })
    func refused(one: CaseFile.Case) {
        #expect(one.verdict().told != "ACCEPT")
    }
}
