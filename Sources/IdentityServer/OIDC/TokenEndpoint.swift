import Foundation
import Hummingbird
import PKI
import Registry
import Tokens

/// The token endpoint (RFC 6749 §3.2): codes, refresh tokens and a client's own right become tokens. Entry is judged anew each time: what
/// was withdrawn since is `invalid_grant`, and its family ends.
struct TokenEndpoint: Sendable {
    let services: Services
    let mint: TokenMint
    let authentication: ClientAuthentication
    private var registry: Registry { services.registry }

    func post(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = try await request.oauthForm()
        let window = try await authentication.window(of: request, parameters, allowsPublic: true)
        let grantType = try parameters.required("grant_type")
        guard ["authorization_code", "refresh_token", "client_credentials"].contains(grantType) else {
            throw OAuthError(.unsupportedGrantType, "grant_type is not supported.")
        }
        guard window.grants.contains(grantType) else {
            throw OAuthError(.unauthorizedClient, "This window is not registered for \(grantType).")
        }
        switch grantType {
        case "authorization_code": return try await redeem(parameters, window)
        case "refresh_token": return try await refresh(parameters, window)
        default: return try await clientCredentials(parameters, window)
        }
    }

    /// RFC 6749 §4.1.3 and RFC 7636 §4.6. Whatever is wrong with a code reads alike; a code that met a wrong redirect URI or verifier is
    /// spent, and one that comes twice ends the family that the first use began (RFC 6749 §4.1.2).
    private func redeem(_ parameters: OAuthParameters, _ window: Window) async throws -> Response {
        let code = try parameters.required("code")
        let redirectURI = try parameters.required("redirect_uri")
        let verifier = try parameters.required("code_verifier")
        let redemption = try await registry.redeemCode(code, windowID: window.id) { authorization in
            guard authorization.redirectURI.utf8.elementsEqual(redirectURI.utf8) else {
                throw OAuthError(.invalidGrant, "redirect_uri differs from the authorization request.")
            }
            guard let challenge = authorization.codeChallenge, PKCE.fits(verifier: verifier, challenge: challenge) else {
                throw OAuthError(.invalidGrant, "code_verifier does not fit the code_challenge.")
            }
        }
        guard case .granted(let family) = redemption else {
            throw OAuthError(.invalidGrant, "The code is unknown, used or too old.")
        }
        let visit = try await visit(family, window)
        return try answer(
            visit, scope: family.authorization.scope, nonce: family.authorization.nonce,
            refreshToken: try await refreshToken(of: family, window))
    }

    /// Nil for a window without that grant, and when the family has ended while we were at it: somebody presented the same code again.
    private func refreshToken(of family: TokenFamily, _ window: Window) async throws -> String? {
        guard window.grants.contains("refresh_token") else { return nil }
        do { return try await registry.issueRefreshToken(family: family) } catch is RuleViolation { return nil }
    }

    /// RFC 6749 §6 with rotation and reuse detection (RFC 9700 §4.14.2).
    private func refresh(_ parameters: OAuthParameters, _ window: Window) async throws -> Response {
        let redemption = try await registry.rotateRefreshToken(try parameters.required("refresh_token"), windowID: window.id)
        guard case .granted(let rotated) = redemption else {
            throw OAuthError(.invalidGrant, "The refresh token is unknown, used or revoked.")
        }
        // RFC 6749 §6: at most what was granted; less on request. The answer's `scope` says which.
        let granted = rotated.family.authorization.scope
        let asked = parameters["scope"].map { Set($0.split(separator: " ").map(String.init)) }
        let scope = granted.filter { $0 == Scope.openID || asked?.contains($0) ?? true }
        let visit = try await visit(rotated.family, window)
        return try answer(visit, scope: scope, nonce: nil, refreshToken: rotated.token)
    }

    private func clientCredentials(_ parameters: OAuthParameters, _ window: Window) async throws -> Response {
        // RFC 6749 §4.4: confidential clients only.
        guard window.authMethod != .none else {
            throw OAuthError(.unauthorizedClient, "A client without a secret has no client_credentials.")
        }
        guard parameters["scope"] == nil else { throw OAuthError(.invalidScope, "client_credentials knows no scope.") }
        let (token, lifetime) = try mint.clientToken(for: window)
        try await registry.record(
            AuditEvent("token.issued", actor: .window(window.id), target: "window:\(window.id)", details: ["grant": "client_credentials"]))
        return .json(TokenAnswer(access_token: token, expires_in: lifetime, scope: nil, refresh_token: nil, id_token: nil))
    }

    /// The session and the right to enter, as they stand now.
    private func visit(_ family: TokenFamily, _ window: Window) async throws -> Visit {
        guard let session = try await registry.session(sid: family.authorization.sid) else {
            throw OAuthError(.invalidGrant, "The session has ended.")
        }
        do {
            let entry = try await registry.entry(of: session, to: window)
            return Visit(family: family, session: session, window: window, entry: entry)
        } catch let refusal as Refusal {
            try await registry.endFamily(family.id, reason: refusal.code.rawValue, actor: .system)
            throw OAuthError(.invalidGrant, "\(refusal.code.rawValue): this person may no longer enter this window.")
        }
    }

    private func answer(_ visit: Visit, scope: [String], nonce: String?, refreshToken: String?) throws -> Response {
        let (token, lifetime) = try mint.accessToken(for: visit, scope: scope)
        return .json(
            TokenAnswer(
                access_token: token, expires_in: lifetime, scope: scope.joined(separator: " "), refresh_token: refreshToken,
                id_token: try mint.idToken(for: visit, scope: scope, nonce: nonce, accessToken: token)))
    }
}

/// RFC 6749 §5.1, OpenID Connect Core §3.1.3.3.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct TokenAnswer: Encodable {
    let access_token: String
    let token_type = "Bearer"
    let expires_in: Int64
    let scope: String?
    let refresh_token: String?
    let id_token: String?
}
