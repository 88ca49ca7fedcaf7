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
        if inhibitsPolicyMapping { settings.inhibitions.insert(.policyMapping) }
        if inhibitsAnyPolicy { settings.inhibitions.insert(.anyPolicy) }
        return settings
    }

    private func report(_ examination: TrustGraph.Examination, _ leaf: Certificate, _ time: Date) throws -> Report {
        let report = VerificationReport(examination: examination, leaf: leaf, time: time)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(VerificationJSON(report)), as: UTF8.self)
        var refusal: Refusal?
        if case .failure(let found) = examination.verdict { refusal = found }
        return Report(text: report.text, json: json, refusal: refusal)
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
