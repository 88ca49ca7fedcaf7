/// Where everything is, under the issuer. One place, for routes and discovery alike.
struct Endpoints: Sendable {
    static let authorization = "/oauth2/authorize"
    static let token = "/oauth2/token"
    static let userInfo = "/oauth2/userinfo"
    static let jwks = "/oauth2/jwks"
    static let introspection = "/oauth2/introspect"
    static let revocation = "/oauth2/revoke"
    static let endSession = "/oauth2/logout"
    static let endSessionConfirmed = "/oauth2/logout/confirmed"

    /// The public origin, without a slash at the end.
    let issuer: String

    /// The second audience of access tokens, beside the window (contract "Tokens").
    var userInfoURL: String { issuer + Self.userInfo }
}
