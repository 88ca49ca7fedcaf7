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

/// NIST PKITS through the same walk: every run, no exception.
@Suite("NIST PKITS")
struct PKITSTests {
    static let cases = (try? CaseFile.load("pkits.json")) ?? []

    @Test("the suite is whole")
    func suiteIsWhole() { #expect(Self.cases.count == 249) }

    @Test("each run gives NIST's verdict", arguments: cases)
    func verdict(one: CaseFile.Case) {
        let verdict = one.verdict()
        #expect((verdict.told == "ACCEPT") == (one.expectedResult == "SUCCESS"), "\(verdict)")
    }
}
