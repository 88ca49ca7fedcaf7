import Foundation
import PKI

/// A verdict as people read it: the path certificate by certificate with what was checked, then every other candidate, the nearest miss
/// first, each with the certificate and the rule that ended it.
struct VerificationReport {
    let examination: TrustGraph.Examination
    let leaf: Certificate
    let time: Date

    var text: String {
        let head =
            switch examination.verdict {
            case .success(let path): accepted(path)
            case .failure(let refusal): refused(refusal)
            }
        return (head + candidates).joined(separator: "\n")
    }

    private func accepted(_ path: ValidatedPath) -> [String] {
        let steps = examination.report(at: time).enumerated().flatMap { index, one in
            Self.line(index, one.certificate) + one.checks.map { Self.indent(index) + "    ✓ \($0)" }
        }
        let policies = path.policies.isEmpty ? [] : ["policies \(path.policies.joined(separator: ", "))"]
        let assurance = path.assurance.map { ["assurance \($0)"] } ?? []
        let others = examination.paths.count > 1 ? ["\(examination.paths.count - 1) more paths hold; this one is the strongest"] : []
        return ["valid at \(time.rfc3339), \(path.certificates.count) certificates"] + steps + ["good until \(path.goodUntil.rfc3339)"]
            + policies + assurance + others
    }

    private func refused(_ refusal: Refusal) -> [String] {
        ["refused at \(time.rfc3339): \(refusal)"] + Self.line(0, leaf) + ["    issuer \(leaf.issuer)"]
    }

    private var candidates: [String] {
        guard !examination.candidates.isEmpty else { return [] }
        let count = examination.candidates.count
        let lines = examination.candidates.enumerated().flatMap { index, candidate in
            ["candidate \(index + 1) of \(count): \(candidate.refusal.code.rawValue)"] + Self.tree(candidate)
        }
        let others = examination.paths.isEmpty ? "candidates" : "other candidates"
        return ["\(others) that failed, the nearest miss first:"] + lines
    }

    /// Leaf first, each certificate under the one it was signed for, ✗ where it ended. What is no certificate's fault stands at the end.
    private static func tree(_ candidate: FailedCandidate) -> [String] {
        let fault = candidate.certificates.firstIndex { $0.fingerprint == candidate.refusal.certificate }
        let steps = candidate.certificates.enumerated().flatMap { index, certificate in
            ["\(indent(index + 1))\(index == 0 ? "" : "└ ")\(certificate.subject)"]
                + (index == fault ? ["\(indent(index + 1))  ✗ \(candidate.refusal.why)"] : [])
        }
        return steps + (fault == nil ? ["\(indent(1))✗ \(candidate.refusal.why)"] : [])
    }

    private static func line(_ index: Int, _ certificate: Certificate) -> [String] {
        let branch = index == 0 ? "" : "└ "
        return ["\(indent(index))\(branch)\(index). \(certificate.subject)", "\(indent(index))    sha256 \(certificate.fingerprint)"]
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: min(depth, 20)) }
}

/// `--json`: the fields of a `--batch` answer, with what was checked and why other candidates failed.
struct VerificationJSON: Encodable {
    struct Step: Encodable {
        let subject: String
        let sha256: String
        var checks: [String]?
    }
    struct Failure: Encodable {
        let code: String
        let why: String
        let certificate: String?
        /// Leaf first, as far as the candidate led.
        let path: [Step]
    }

    private let verdict: BatchAnswer.Verdict
    private var code = ""
    private var why = ""
    private var certificate: String?
    private var path: [String] = []
    private var policies: [String] = []
    private var certificates: [Step] = []
    private let failures: [Failure]
    private var goodUntil: String?
    private var assurance: String?

    private enum CodingKeys: String, CodingKey {
        case verdict, code, why, certificate, path, policies, certificates, failures, assurance
        case goodUntil = "good_until"
    }

    init(_ report: VerificationReport) {
        failures = report.examination.candidates.map { candidate in
            Failure(
                code: candidate.refusal.code.rawValue, why: candidate.refusal.why, certificate: candidate.refusal.certificate?.description,
                path: candidate.certificates.map { Step(subject: $0.subject.description, sha256: $0.fingerprint.description) })
        }
        switch report.examination.verdict {
        case .success(let found):
            verdict = .accept
            path = found.fingerprints.map(\.description)
            policies = found.policies
            goodUntil = found.goodUntil.rfc3339
            assurance = found.assurance
            certificates = report.examination.report(at: report.time).map {
                Step(subject: $0.certificate.subject.description, sha256: $0.certificate.fingerprint.description, checks: $0.checks)
            }
        case .failure(let refusal):
            verdict = .reject
            code = refusal.code.rawValue
            why = refusal.why
            certificate = refusal.certificate?.description
        }
    }
}
