import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import PKI

/// The one place for cross-site request forgery: Origin and a token for everything a cookie authorizes. Windows of departments are
/// cross-site attackers like any other.
struct CrossSiteGuard: Sendable {
    let publicOrigin: String
    private let key: SymmetricKey

    /// `secret`: the server's sealing key; the guard's own key is derived from it.
    init(publicOrigin: String, secret: [UInt8]) {
        self.publicOrigin = publicOrigin
        key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data("csrf".utf8), using: SymmetricKey(data: secret)))
    }

    /// Bound to the session cookie; empty without one.
    func token(of request: Request) -> String {
        request.cookie(SessionCookie.name).map { code(for: $0).hex } ?? ""
    }

    func verify(_ request: Request, csrf: String?) throws {
        try verifyOrigin(request)
        guard let cookie = request.cookie(SessionCookie.name),
            let given = (csrf ?? request.headers[.csrfToken]).flatMap([UInt8].init(hex:)),
            HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: Data(cookie.utf8), using: key)
        else { throw Problem(.forbidden, "cross_site_refused", "the form's token does not fit the session") }
    }

    /// The Origin header (RFC 6454 §7) is there and names us. Browsers send it with every POST.
    func verifyOrigin(_ request: Request) throws {
        guard request.headers[values: .origin] == [publicOrigin] else {
            throw Problem(.forbidden, "cross_site_refused", "the Origin header is not the public origin")
        }
    }

    /// For requests that carry no authority of ours yet (login): a browser's must come from us; clients that are not browsers send no
    /// Origin.
    func verifyOriginIfSent(_ request: Request) throws {
        guard !request.headers[values: .origin].isEmpty || request.headers[.secFetchSite] != nil else { return }
        try verifyOrigin(request)
    }

    private func code(for cookie: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Data(cookie.utf8), using: key)) }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        // The names below are constant tokens; HTTPTypes only refuses names that are not.
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }
    static let csrfToken = known("X-CSRF-Token")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let secFetchMode = known("Sec-Fetch-Mode")
    static let secFetchDest = known("Sec-Fetch-Dest")
    static let referrerPolicy = known("Referrer-Policy")
    static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
    static let frameOptions = known("X-Frame-Options")
}

extension Services {
    /// The token a page's forms carry in `csrf`, bound to the session cookie by HMAC. (`{{csrf}}` is set in every page already.)
    package func csrfToken(of request: Request) -> String { crossSite.token(of: request) }
    /// For every cookie-authenticated change: Origin equals the public origin and `csrf` (form field or `X-CSRF-Token`) fits; else throws
    /// `Problem(.forbidden, "cross_site_refused")`.
    package func verifySameSite(_ request: Request, csrf: String?) throws { try crossSite.verify(request, csrf: csrf) }
}
