import Foundation
import PKI
import Registry

/// `hallpass trust try`: what a login with a sample certificate would bring under a draft, and what it brings now.
package struct TrustTrial: Sendable, Encodable {
    struct Step: Sendable, Encodable {
        let subject: String
        let sha256: String
        let checks: [String]
    }
    struct Failure: Sendable, Encodable {
        let code: String
        let why: String
        let certificate: String?
    }

    let file: String
    let subject: String
    let sha256: String
    /// Under the draft.
    let verdict: TrustTrialVerdict
    let path: [Step]
    /// Candidates that failed.
    let failures: [Failure]
    /// Under the list in force.
    let inForce: TrustTrialVerdict
    let changes: [String]

    private enum CodingKeys: String, CodingKey {
        case file, subject, sha256, verdict, path, failures, changes
        case inForce = "in_force"
    }

    package var isRefused: Bool { verdict.code != nil }
    /// One line for standard error.
    package var reason: String { "\(file): \(verdict.code ?? ""): \(verdict.why ?? "")" }
}

/// What one list makes of a certificate: a refusal, or an identity.
struct TrustTrialVerdict: Sendable, Encodable, Equatable {
    struct Reading: Sendable, Encodable, Equatable {
        let what: String
        let from: String
        let oid: String
        let value: String?
    }

    var code: String?
    var why: String?
    var ca: String?
    var uscc: String?
    /// Masked.
    var person: String?
    var holder: String?
    var name: String?
    var organization: String?
    var kinds: [String] = []
    var acr: String?
    var masterEligible: Bool?
    var policies: [String] = []
    var goodUntil: String?
    var readings: [Reading] = []

    private enum CodingKeys: String, CodingKey {
        case code, why, ca, uscc, person, holder, name, organization, kinds, acr, policies
        case masterEligible = "master_eligible"
        case goodUntil = "good_until"
        case readings = "read_from"
    }

    init(_ refusal: Refusal) {
        code = refusal.code.rawValue
        why = refusal.why
    }

    init(_ path: ValidatedPath, _ book: AuthorityBook) {
        policies = path.policies
        goodUntil = path.goodUntil.rfc3339
        guard let entry = book.entries[path.issuer] else {
            code = RefusalCode.identityNotPermitted.rawValue
            why = "the trust list has no identity rules for the issuing CA"
            return
        }
        ca = entry.name
        let trial = entry.tryOn(path.leaf)
        readings = trial.readings.map { Reading(what: $0.what, from: $0.from.rawValue, oid: $0.oid, value: $0.value) }
        kinds = trial.kinds.map(\.rawValue)
        switch trial.subject {
        case .success(let subject):
            read(subject)
            acr = path.assurance ?? subject.acr
        case .failure(let refusal):
            code = refusal.code.rawValue
            why = refusal.why
        }
    }

    private mutating func read(_ subject: Subject) {
        switch subject.identifier {
        case .legalPerson(let code): uscc = code
        case .person(_, let masked): person = masked
        }
        holder = subject.holder?.maskingNumbers
        (name, organization) = (subject.name, subject.organization)
        masterEligible = uscc != nil && subject.masterEligible
    }
}

extension OperatorTrust {
    /// Each file: the certificate, then any intermediates that would come with it.
    package func trials(of files: [String], draft path: String?) async throws -> [TrustTrial] {
        let moment = now()
        let current = try? inForce()
        let draft = try draft(path).load(inForce: current, now: moment)
        let graph = try await graph(of: draft.list, at: moment)
        let present: TrustGraph? = if let current { try await self.graph(of: current.list, at: moment) } else { nil }
        return try files.map { file in
            let certificates = try TrustSource.certificates(file)
            func examine(_ graph: TrustGraph) -> TrustGraph.Examination {
                graph.examine(
                    certificates[0], intermediates: Array(certificates.dropFirst()), request: ValidationRequest(purpose: .client),
                    at: moment)
            }
            let examination = examine(graph)
            let before = present.map { Self.verdict(examine($0), current?.book ?? AuthorityBook()) }
            return TrustTrial(
                file, certificates[0], examination, Self.verdict(examination, draft.book),
                before: before ?? TrustTrialVerdict(Refusal(.pathNotFound, "the list in force does not load")), at: moment)
        }
    }

    private static func verdict(_ examination: TrustGraph.Examination, _ book: AuthorityBook) -> TrustTrialVerdict {
        switch examination.verdict {
        case .success(let path): TrustTrialVerdict(path, book)
        case .failure(let refusal): TrustTrialVerdict(refusal)
        }
    }
}

extension TrustTrial {
    fileprivate init(
        _ file: String, _ leaf: Certificate, _ examination: TrustGraph.Examination, _ verdict: TrustTrialVerdict, before: TrustTrialVerdict,
        at moment: Date
    ) {
        self.file = file
        subject = leaf.subject.description.maskingNumbers
        sha256 = leaf.fingerprint.description
        self.verdict = verdict
        path = examination.report(at: moment).map {
            Step(
                subject: $0.certificate.subject.description.maskingNumbers, sha256: $0.certificate.fingerprint.description,
                checks: $0.checks)
        }
        failures = examination.failures.map { Failure(code: $0.code.rawValue, why: $0.why, certificate: $0.certificate?.description) }
        inForce = before
        changes = before.differences(from: verdict)
    }

    /// For people.
    package var text: String {
        var lines = ["\(file): \(verdict.headline)", "  \(subject)", "  sha256 \(sha256)"]
        for (index, step) in path.enumerated() {
            lines.append("  \(index). \(step.subject)")
            lines += step.checks.map { "     - \($0)" }
        }
        if !failures.isEmpty { lines.append("  candidates that failed:") }
        lines += failures.map { "     - \($0.code): \($0.why)\($0.certificate.map { " (certificate \($0))" } ?? "")" }
        lines += verdict.lines.map { "  \($0)" }
        lines.append("  the list in force: \(inForce.headline)")
        lines += changes.map { "     \($0)" }
        return lines.joined(separator: "\n")
    }
}

extension TrustTrialVerdict {
    var headline: String { code.map { "refused: \($0): \(why ?? "")" } ?? "accepted: \(uscc ?? person ?? "")" }

    fileprivate var lines: [String] {
        let values: [(String, String?)] = [
            ("CA", ca), ("legal person (USCC)", uscc), ("person", person), ("holder", holder), ("name", name),
            ("organization", organization), ("may be", kinds.isEmpty ? nil : kinds.joined(separator: ", ")), ("acr", acr),
            ("opens a master", masterEligible.map { $0 ? "yes" : "no" }),
            ("policies", policies.isEmpty ? nil : policies.joined(separator: ", ")), ("good until", goodUntil),
        ]
        return values.compactMap { name, value in value.map { "\(name): \($0)" } }
            + readings.map { "read \($0.what) from \($0.from) \($0.oid): \($0.value ?? "not text in the profile's encoding")" }
    }

    fileprivate func differences(from after: TrustTrialVerdict) -> [String] {
        let pairs: [(String, String?, String?)] = [
            ("code", code, after.code), ("ca", ca, after.ca), ("uscc", uscc, after.uscc), ("person", person, after.person),
            ("holder", holder, after.holder), ("name", name, after.name), ("organization", organization, after.organization),
            ("kinds", kinds.joined(separator: ", "), after.kinds.joined(separator: ", ")), ("acr", acr, after.acr),
            ("opens a master", masterEligible.map { $0 ? "yes" : "no" }, after.masterEligible.map { $0 ? "yes" : "no" }),
            ("policies", policies.joined(separator: ", "), after.policies.joined(separator: ", ")),
        ]
        return pairs.filter { $0.1 != $0.2 }.map {
            "\($0.0): \($0.1.flatMap { $0.isEmpty ? nil : $0 } ?? "none") → \($0.2.flatMap { $0.isEmpty ? nil : $0 } ?? "none")"
        }
    }
}
