import Hummingbird
import Registry
import Tokens

/// Token revocation (RFC 7009). A refresh token takes its whole family along, an access token only itself. A token that is unknown or
/// another window's is answered like a revoked one (§2.2) and left alone.
struct RevocationEndpoint: Sendable {
    let services: Services
    let endpoints: Endpoints
    let authentication: ClientAuthentication

    func post(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = try await request.oauthForm()
        let window = try await authentication.window(of: request, parameters, allowsPublic: true)
        let token = try parameters.required("token")
        let rules = TokenRules(issuer: endpoints.issuer, audience: .any, clockSkew: 0)
        if let claims = try? services.keys.published.accessToken(token, rules: rules, at: services.now()) {
            if claims.clientID == window.clientID {
                try await services.registry.revokeAccessToken(
                    jti: claims.tokenID, expires: claims.registered.expires.date, actor: .window(window.id))
            }
        } else {
            try await services.registry.revokeRefreshToken(token, windowID: window.id)
        }
        return Response(status: .ok, headers: [.cacheControl: "no-store"])
    }
}
