import Foundation
import Hummingbird
import Logging
import NIOCore
import PKI
import Registry

/// What each request carries. (owner: http; below is what the other folders rely on)
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's address without port, for audit and throttling.
    package let address: String
    /// DER certificates the client presented, leaf first; only on the certificate origin.
    package let peerCertificates: [[UInt8]]

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
        peerCertificates = []
    }
}

/// The languages of pages and problem documents.
package enum Language: String, Sendable, CaseIterable { case chinese = "zh-Hans", english = "en" }

extension Request {
    /// By the `hallpass_language` cookie, else Accept-Language (RFC 9110 §12.5.4), else Chinese.
    package var language: Language { fatalError("stub") }
    /// Did the client ask for JSON rather than a page (Accept)?
    package var wantsJSON: Bool { fatalError("stub") }
    /// The value of a cookie; nil if absent or sent twice.
    package func cookie(_ name: String) -> String? { fatalError("stub") }
    /// A form body (`application/x-www-form-urlencoded`), at most `limit` bytes. A parameter sent twice throws `Problem` 400 (RFC 6749 §3.1).
    package func form(limit: Int = 64 * 1024) async throws -> [String: String] { fatalError("stub") }
    /// A JSON body, at most `limit` bytes; a `Problem` 400 says what is wrong, 413 when over, 415 for another type.
    package func json<Value: Decodable>(_ type: Value.Type, limit: Int = 64 * 1024) async throws -> Value { fatalError("stub") }
    /// The query's parameters; a parameter sent twice throws.
    package func queryParameters() throws -> [String: String] { fatalError("stub") }
}

/// An RFC 9457 problem, thrown by handlers; one middleware renders it as `application/problem+json` or as a page, in the language asked for.
package struct Problem: Error, Sendable {
    package let status: HTTPResponse.Status
    /// A refusal code, a rule violation's code, or `not_found`, `request_malformed`, `body_too_large`, `media_type_not_supported`,
    /// `cross_site_refused`, `login_required`, `internal_error`. Titles, details and `next` are in Locales/*.json under `problem.CODE.…`.
    package let code: String
    /// One English sentence for the log; never shown to the client.
    package let why: String
    package init(_ status: HTTPResponse.Status, _ code: String, _ why: String) {
        self.status = status
        self.code = code
        self.why = why
    }
    /// 403 for most, 401 for credentials, 429 throttled, 503 revocation_unavailable, 400 malformed.
    package init(_ refusal: Refusal) { fatalError("stub") }
    package init(_ violation: RuleViolation) { fatalError("stub") }
}

extension Services {
    /// The live session of the request's `__Host-hallpass` cookie; nil when there is none.
    package func session(of request: Request) async throws -> Session? { fatalError("stub") }
    /// The same, else: 303 to the login page with `return_to` for navigations, `login_required` 401 problem for JSON.
    package func requireSession(of request: Request) async throws -> Session { fatalError("stub") }
    /// The token a page's forms carry in `csrf`, bound to the session cookie by HMAC.
    package func csrfToken(of request: Request) -> String { fatalError("stub") }
    /// For every cookie-authenticated change: Origin equals the public origin and `csrf` (form field or `X-CSRF-Token`) fits; else throws
    /// `Problem(.forbidden, "cross_site_refused")`.
    package func verifySameSite(_ request: Request, csrf: String?) throws { fatalError("stub") }
}

/// Server-rendered pages: Mustache templates in `Templates/`, texts in `Locales/`. Everything is escaped; security headers
/// (CSP without inline script, frame-ancestors 'none', no-store, nosniff, no-referrer) are set by one middleware.
package struct Pages: Sendable {
    package init() {}
    /// Renders `Templates/<name>.mustache` inside the layout. Texts are reached in templates as `{{t.some.key}}` (or `{{#t}}…` by the
    /// http owner's choice, documented in Templates/README.md).
    package func render(_ name: String, _ values: [String: any Sendable], request: Request, session: Session? = nil, status: HTTPResponse.Status = .ok) -> Response {
        fatalError("stub")
    }
}
