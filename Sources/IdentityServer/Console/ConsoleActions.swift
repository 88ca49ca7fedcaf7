import Foundation
import Logging
import PKI
import Registry

/// What pages and API do alike before Registry decides: reading certificates, requests, dates and parameters that people typed.
struct ConsoleActions: Sendable {
    let services: Services

    /// Binds the first certificate of a PEM text as a sub-certificate; the others help to find its path.
    func bind(pem: String, by session: Session) async throws -> BoundCertificate {
        let certificates = try Certificate.list(pem: pem)
        let path = try services.trust.validate(
            certificates[0], intermediates: Array(certificates.dropFirst().prefix(8)), purpose: .client, at: services.now())
        return try await services.registry.bindSub(path, by: session)
    }

    /// Issues a sub-certificate from the platform CA for a PKCS#10 request; returns its PEM with the platform CA's own behind it.
    func issue(request pem: String, holderName: String, days: Int, by session: Session) async throws -> (
        pem: String, bound: BoundCertificate
    ) {
        guard let platform = services.platform else {
            throw RuleViolation("wrong_state", "this server has no platform CA configured")
        }
        let request = try CertificateRequest(bytes: Array(pem.utf8))
        let issued = try await services.registry.issueSub(
            request, holderName: holderName, days: days, from: platform.authority, by: session)
        return (issued.certificate.pem + platform.authority.certificate.pem, issued.bound)
    }

    /// Suspends, resumes or revokes; a certificate of the platform CA also goes onto its next revocation list at once.
    func setStanding(_ text: String, ofCertificate id: String, by session: Session) async throws {
        try await services.registry.setStanding(try standing(text), ofCertificate: id, by: session)
        do {
            try await services.platform?.publishRevocationList(from: services.registry)
        } catch {
            // The change stands and is refused from now on; the list follows with the upkeep's next try.
            services.logger.error("the platform CA's revocation list was not written", metadata: ["error": "\(error)"])
        }
    }

    func standing(_ text: String) throws -> Standing {
        guard let standing = Standing(rawValue: text) else {
            throw RuleViolation("request_malformed", "standing is one of active, suspended, revoked")
        }
        return standing
    }

    /// A grant's end: RFC 3339, or a day (`2027-01-31`), which then counts whole in China Standard Time.
    func end(_ text: String) throws -> Date {
        if let instant = try? Date(text, strategy: .iso8601) { return instant }
        if let day = try? Date("\(text)T00:00:00+08:00", strategy: .iso8601) { return day.addingTimeInterval(86_400 - 1) }
        throw RuleViolation("request_malformed", "the end is neither a day (YYYY-MM-DD) nor an RFC 3339 time")
    }

    /// A grant's beginning: the same forms, a day from its first second; empty means now.
    func start(_ text: String?) throws -> Date {
        guard let text, !text.isEmpty else { return services.now() }
        if let instant = try? Date(text, strategy: .iso8601) { return instant }
        if let day = try? Date("\(text)T00:00:00+08:00", strategy: .iso8601) { return day }
        throw RuleViolation("request_malformed", "the start is neither a day (YYYY-MM-DD) nor an RFC 3339 time")
    }

    /// A grant's parameters as typed in a form: one `name=value` a line.
    func parameters(_ text: String) throws -> [String: String] {
        var parameters: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty, parameters[parts[0]] == nil else {
                throw RuleViolation("request_malformed", "parameters are lines of name=value, each name once")
            }
            parameters[parts[0]] = parts[1]
        }
        return parameters
    }
}

extension Services {
    /// A problem as a form shows it (`{{#problems}}…{{/problems}}`): none or one of title, detail, next, code.
    func problemValues(_ problem: Problem?, _ language: Language) -> [[String: any Sendable]] {
        guard let problem else { return [] }
        let told = pages.texts.problem(problem.code, language)
        return [["title": told.title, "detail": told.detail, "next": told.next, "code": problem.code]]
    }
}
