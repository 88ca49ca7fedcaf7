import Hummingbird
import Registry
import Tokens

/// Token introspection (RFC 7662): a window asks whether a token of its own stands, and is told nothing about any other.
struct IntrospectionEndpoint: Sendable {
    let services: Services
    let endpoints: Endpoints
    let authentication: ClientAuthentication

    func post(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = try await request.oauthForm()
        let window = try await authentication.window(of: request, parameters, allowsPublic: false)
        let token = try parameters.required("token")
        guard let live = try await LiveToken.find(token, issuer: endpoints.issuer, services: services),
            live.claims.clientID == window.clientID
        else { return .json(Inactive()) }
        return .json(Active(claims: live.claims))
    }
}

/// RFC 7662 §2.2: nothing but this, whatever the reason.
private struct Inactive: Encodable {
    let active = false
}

/// The token's claims beside the members of RFC 7662 §2.2.
private struct Active: Encodable {
    let claims: AccessToken

    private enum Member: String, CodingKey {
        case active
        case tokenType = "token_type"
    }

    func encode(to encoder: any Encoder) throws {
        try claims.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(true, forKey: .active)
        try members.encode("Bearer", forKey: .tokenType)
    }
}
