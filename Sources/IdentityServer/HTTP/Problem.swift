import HTTPTypes
import Hummingbird
import PKI
import Registry

/// An RFC 9457 problem, thrown by handlers; one middleware renders it as `application/problem+json` or as a page, in the language
/// asked for.
package struct Problem: Error, Sendable {
    package let status: HTTPResponse.Status
    /// A refusal code, a rule violation's code, or one of `Problem.ownCodes`. Titles, details and `next` are in
    /// `Locales/<language>/problem.json`.
    package let code: String
    /// One English sentence for the log; never shown to the client.
    package let why: String
    /// Where the person wanted to go: kept through the refusal page, so that the next attempt arrives there.
    package var returnTo: ReturnPath?
    /// E.g. Allow (405), Retry-After (429).
    package var headers: HTTPFields = [:]

    package init(_ status: HTTPResponse.Status, _ code: String, _ why: String) {
        self.status = status
        self.code = code
        self.why = why
    }

    /// 403 for most, 401 for credentials, 429 throttled, 503 revocation_unavailable, 400 malformed.
    package init(_ refusal: Refusal) {
        let status: HTTPResponse.Status =
            switch refusal.code {
            case .credentialsInvalid: .unauthorized
            case .throttled: .tooManyRequests
            case .revocationUnavailable: .serviceUnavailable
            case .certificateMalformed: .badRequest
            default: .forbidden
            }
        self.init(status, refusal.code.rawValue, refusal.why)
    }

    package init(_ violation: RuleViolation) {
        let status: HTTPResponse.Status =
            switch violation.code {
            case "unknown_legal_person", "unknown_certificate", "unknown_window": .notFound
            case "request_malformed": .badRequest
            case "period_not_permitted": .unprocessableContent
            case "already_bound", "has_master", "last_master", "wrong_state": .conflict
            default: .forbidden
            }
        self.init(status, violation.code, violation.why)
    }

    package func returning(to path: ReturnPath?) -> Problem {
        var copy = self
        copy.returnTo = path
        return copy
    }

    /// The codes that are neither a refusal's nor a rule's.
    static let ownCodes = [
        "not_found", "method_not_allowed", "request_malformed", "body_too_large", "headers_too_large", "media_type_not_supported",
        "cross_site_refused", "login_required", "internal_error", "directory_unavailable", "not_a_navigation", "request_expired",
        "client_unknown", "window_suspended", "redirect_uri_not_registered", "site_unknown", "ticket_invalid", "site_refused",
    ]
    /// What `RuleViolation.code` may say.
    static let ruleCodes = [
        "not_master", "not_administrator", "assurance_too_low", "unknown_legal_person", "unknown_certificate", "already_bound",
        "other_legal_person", "has_master", "last_master", "not_admitted", "beyond_own_rights", "period_not_permitted", "unknown_window",
        "request_malformed", "wrong_state", "step_up_required",
    ]
}
