import Hummingbird

/// Provider metadata: OpenID Connect Discovery 1.0 §3 and RFC 8414 §2, the same document at both addresses.
// swift-format-ignore: AlwaysUseLowerCamelCase
struct ProviderMetadata: Encodable {
    let issuer: String
    let authorization_endpoint: String
    let token_endpoint: String
    let userinfo_endpoint: String
    let jwks_uri: String
    let introspection_endpoint: String
    let revocation_endpoint: String
    let end_session_endpoint: String
    let scopes_supported = Scope.supported
    let response_types_supported = ["code"]
    let response_modes_supported = ["query"]
    let grant_types_supported = ["authorization_code", "refresh_token", "client_credentials"]
    let subject_types_supported = ["public"]
    let id_token_signing_alg_values_supported = ["ES256"]
    let token_endpoint_auth_methods_supported = ["client_secret_basic", "client_secret_post", "none"]
    let introspection_endpoint_auth_methods_supported = ["client_secret_basic", "client_secret_post"]
    let revocation_endpoint_auth_methods_supported = ["client_secret_basic", "client_secret_post", "none"]
    let code_challenge_methods_supported = ["S256"]
    let prompt_values_supported = ["none", "login", "select_account", "consent"]
    let acr_values_supported: [String]
    let claim_types_supported = ["normal"]
    let claims_supported = [
        "iss", "sub", "aud", "exp", "iat", "nonce", "at_hash", "auth_time", "acr", "amr", "sid", "name", "legal_person", "certificate_kind",
        "grant", "roles", "org_unit",
    ]
    let ui_locales_supported = ["zh-Hans", "en"]
    /// RFC 9207 §3.
    let authorization_response_iss_parameter_supported = true
    let claims_parameter_supported = false
    let request_parameter_supported = false
    /// Said aloud since its default is true (OpenID Connect Discovery §3).
    let request_uri_parameter_supported = false

    init(endpoints: Endpoints, assuranceLevels: [String]) {
        issuer = endpoints.issuer
        authorization_endpoint = issuer + Endpoints.authorization
        token_endpoint = issuer + Endpoints.token
        userinfo_endpoint = endpoints.userInfoURL
        jwks_uri = issuer + Endpoints.jwks
        introspection_endpoint = issuer + Endpoints.introspection
        revocation_endpoint = issuer + Endpoints.revocation
        end_session_endpoint = issuer + Endpoints.endSession
        acr_values_supported = assuranceLevels
    }
}

/// The scopes that mean something here; others in a request are passed over (RFC 6749 §3.3).
enum Scope {
    static let openID = "openid"
    /// `name` in the ID token and userinfo.
    static let profile = "profile"
    static let supported = [openID, profile]
}
