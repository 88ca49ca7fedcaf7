import Foundation
import PKI

/// `hallpass verify` for one certificate: reads the files, asks the graph, and says what was found.
package struct Verification {
    package var trust: String
    package var revocationLists: [String] = []
    package var intermediates: [String] = []
    package var certificate: String
    /// RFC 3339; nil: now.
    package var at: String?
    package var purpose: VerificationPurpose = .client
    /// Acceptable certificate policies, dotted; none: any (RFC 5280 §6.1.1 (c)).
    package var policies: [String] = []
    /// RFC 5280 §6.1.1 (e), (f), (g).
    package var requiresPolicy = false
    package var inhibitsPolicyMapping = false
    package var inhibitsAnyPolicy = false

    package init(trust: String, certificate: String) {
        self.trust = trust
        self.certificate = certificate
    }

    /// What is printed, and the refusal if it is one.
    package struct Report {
        package let text: String
        package let json: String
        package let refusal: Refusal?
    }

    /// Is this an OID? (Wrong usage otherwise.)
    package static func isPolicy(_ text: String) -> Bool {
        var request = ValidationRequest()
        return request.accept(policies: [text])
    }
    /// Is this an RFC 3339 time? (Wrong usage otherwise.)
    package static func isTime(_ text: String) -> Bool { Timestamp.parse(text) != nil }

    package func run(now: Date = Date()) throws -> Report {
        let source = try TrustSource.load(trust)
        let time = at.flatMap(Timestamp.parse) ?? now.wholeSeconds
        let leaf = try TrustSource.certificates(certificate)[0]
        var request = ValidationRequest(purpose: purpose.asked)
        guard request.accept(policies: policies) else { throw VerifyInputError("a policy is not an OID") }
        request.isPolicyRequired = requiresPolicy
        let examination = source.hasRules ? try askServer(source.list, leaf, request, time) : try askPool(source.list, leaf, request, time)
        return try report(examination, leaf, time)
    }

    /// With the server's trust list: as a login would be judged, `--intermediate` being what came with the leaf.
    private func askServer(_ list: TrustList, _ leaf: Certificate, _ request: ValidationRequest, _ time: Date) throws
        -> TrustGraph.Examination
    {
        var (list, request) = (list, request)
        request.requiresSigning = purpose == .client
        list.revocationLists += try revocationLists.map(TrustSource.revocationList)
        let brought = try intermediates.flatMap(TrustSource.certificates)
        return TrustGraph(list, at: time, settings: settings(.hard)).examine(leaf, intermediates: brought, request: request, at: time)
    }

    /// With PEM anchors: over all that was given, as a line of `--batch` is.
    private func askPool(_ list: TrustList, _ leaf: Certificate, _ request: ValidationRequest, _ time: Date) throws
        -> TrustGraph.Examination
    {
        var list = list
        list.authorities = try intermediates.flatMap(TrustSource.certificates)
        list.revocationLists = try revocationLists.map(TrustSource.revocationList)
        let settings = settings(revocationLists.isEmpty ? .off : .hard)
        return TrustGraph(list.relevant(to: leaf), at: time, settings: settings).examine(leaf, request: request, at: time)
    }

    private func settings(_ revocation: AuthorityRules.Revocation) -> ValidationSettings {
        var settings = ValidationSettings(unlistedAuthorities: AuthorityRules(revocation: revocation))
        settings.inhibitsPolicyMapping = inhibitsPolicyMapping
        settings.inhibitsAnyPolicy = inhibitsAnyPolicy
        return settings
    }

    private func report(_ examination: TrustGraph.Examination, _ leaf: Certificate, _ time: Date) throws -> Report {
        switch examination.verdict {
        case .success(let path):
            let checked = examination.report(at: time)
            let lines = checked.enumerated().flatMap { index, one in
                ["\(index). \(one.certificate.subject)", "   sha256 \(one.certificate.fingerprint)"] + one.checks.map { "   - \($0)" }
            }
            let last =
                ["good until \(path.goodUntil.rfc3339)"]
                + (path.policies.isEmpty ? [] : ["policies \(path.policies.joined(separator: ", "))"])
            return Report(
                text: (["valid at \(time.rfc3339), \(path.certificates.count) certificates"] + lines + last).joined(separator: "\n"),
                json: try json(VerificationJSON(checked, path)), refusal: nil)
        case .failure(let refusal):
            let failures = examination.failures.map { "   - \($0)\($0.certificate.map { " (certificate \($0))" } ?? "")" }
            let lines = [
                "refused at \(time.rfc3339): \(refusal)", "0. \(leaf.subject)", "   issuer \(leaf.issuer)", "   sha256 \(leaf.fingerprint)",
            ]
            let candidates = failures.isEmpty ? [] : ["candidates that failed:"] + failures
            return Report(
                text: (lines + candidates).joined(separator: "\n"), json: try json(VerificationJSON(refusal, examination.failures)),
                refusal: refusal)
        }
    }

    private func json(_ value: VerificationJSON) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// `--json`: the fields of a `--batch` answer, with what was checked.
private struct VerificationJSON: Encodable {
    struct Step: Encodable {
        let subject: String
        let sha256: String
        let checks: [String]
    }
    struct Failure: Encodable {
        let code: String
        let why: String
        let certificate: String?
    }

    let verdict: BatchAnswer.Verdict
    var code = ""
    var why = ""
    var path: [String] = []
    var policies: [String] = []
    var certificates: [Step] = []
    var failures: [Failure] = []
    var goodUntil: String?

    private enum CodingKeys: String, CodingKey {
        case verdict, code, why, path, policies, certificates, failures
        case goodUntil = "good_until"
    }

    init(_ checked: [CheckedCertificate], _ found: ValidatedPath) {
        verdict = .accept
        path = found.fingerprints.map(\.description)
        policies = found.policies
        certificates = checked.map {
            Step(subject: $0.certificate.subject.description, sha256: $0.certificate.fingerprint.description, checks: $0.checks)
        }
        goodUntil = found.goodUntil.rfc3339
    }

    init(_ refusal: Refusal, _ failed: [Refusal]) {
        verdict = .reject
        code = refusal.code.rawValue
        why = refusal.why
        failures = failed.map { Failure(code: $0.code.rawValue, why: $0.why, certificate: $0.certificate?.description) }
    }
}

/// `--purpose`: what the certificate is asked to be good for (the command line's own word for PKI's).
package enum VerificationPurpose: String, Sendable, CaseIterable {
    case client, server, any

    var asked: Purpose {
        switch self {
        case .client: .client
        case .server: .server
        case .any: .any
        }
    }
}
