import Foundation
import Registry
import Tokens

/// The part of an authorization request that must hold before anything is sent to its redirect URI (RFC 6749 §4.1.2.1).
struct AuthorizationTarget: Sendable {
    let window: Window
    let redirectURI: String
    let state: String?

    /// Where the answer goes: `iss` always (RFC 9207 §2), `state` when it was given.
    func location(issuer: String, _ answer: [(name: String, value: String)]) -> String {
        let all = answer + (state.map { [("state", $0)] } ?? []) + [("iss", issuer)]
        let query = all.map { "\($0.0)=\(FormEncoding.encode($0.1))" }.joined(separator: "&")
        return redirectURI + (redirectURI.contains("?") ? "&" : "?") + query
    }

    func location(issuer: String, _ error: OAuthError) -> String {
        location(issuer: issuer, [("error", error.code.rawValue), ("error_description", error.description)])
    }
}

/// What the window asked for, each parameter judged (OpenID Connect Core §3.1.2.1, OAuth 2.1 §4.1.1).
///
/// Tolerated and without effect: `ui_locales`, `login_hint`, `display`, `acr_values` (a voluntary claim: the ID token says what was
/// reached), `claims`, and whatever is unknown.
struct AuthorizationRequest: Sendable {
    let scope: [String]
    let nonce: String?
    let codeChallenge: String
    let mayInteract: Bool
    let mustLogin: Bool
    /// Seconds since the person logged in.
    let maxAge: Int?
    let idTokenHint: String?

    init(_ parameters: OAuthParameters) throws(OAuthError) {
        try parameters.refuseRepeated()
        try Self.refuseUnsupported(parameters)
        guard try parameters.required("response_type") == "code" else {
            throw OAuthError(.unsupportedResponseType, "Only response_type=code is supported.")
        }
        guard parameters["response_mode"] ?? "query" == "query" else {
            throw OAuthError(.invalidRequest, "Only response_mode=query is supported.")
        }
        scope = try Self.scope(parameters)
        codeChallenge = try Self.codeChallenge(parameters)
        nonce = parameters["nonce"]
        guard (nonce?.utf8.count ?? 0) <= 512 else { throw OAuthError(.invalidRequest, "nonce is longer than 512 bytes.") }
        let prompt = try Self.prompt(parameters)
        mayInteract = !prompt.contains("none")
        mustLogin = prompt.contains("login") || prompt.contains("select_account")
        maxAge = try Self.maxAge(parameters)
        idTokenHint = parameters["id_token_hint"]
    }

    /// OpenID Connect Core §6, §7: said rather than ignored, since what they carry would be lost.
    private static func refuseUnsupported(_ parameters: OAuthParameters) throws(OAuthError) {
        if parameters["request"] != nil { throw OAuthError(.requestNotSupported, "request is not supported.") }
        if parameters["request_uri"] != nil { throw OAuthError(.requestURINotSupported, "request_uri is not supported.") }
        if parameters["registration"] != nil { throw OAuthError(.registrationNotSupported, "registration is not supported.") }
    }

    /// The known ones, in our order; `openid` must be among them.
    private static func scope(_ parameters: OAuthParameters) throws(OAuthError) -> [String] {
        let asked = Set((parameters["scope"] ?? "").split(separator: " ").map(String.init))
        guard asked.contains(Scope.openID) else { throw OAuthError(.invalidScope, "scope must contain openid.") }
        return Scope.supported.filter(asked.contains)
    }

    /// RFC 7636 §4.3 with the `plain` method refused: a challenge without a method means plain.
    private static func codeChallenge(_ parameters: OAuthParameters) throws(OAuthError) -> String {
        guard let challenge = parameters["code_challenge"] else {
            throw OAuthError(.invalidRequest, "code_challenge is missing: PKCE is required.")
        }
        guard parameters["code_challenge_method"] == "S256" else {
            throw OAuthError(.invalidRequest, "code_challenge_method must be S256.")
        }
        guard PKCE.isChallenge(challenge) else { throw OAuthError(.invalidRequest, "code_challenge is not a base64url SHA-256.") }
        return challenge
    }

    private static func prompt(_ parameters: OAuthParameters) throws(OAuthError) -> Set<String> {
        let values = Set((parameters["prompt"] ?? "").split(separator: " ").map(String.init))
        guard values.isSubset(of: ["none", "login", "select_account", "consent"]) else {
            throw OAuthError(.invalidRequest, "prompt has an unknown value.")
        }
        guard !values.contains("none") || values.count == 1 else {
            throw OAuthError(.invalidRequest, "prompt=none stands alone.")
        }
        return values
    }

    private static func maxAge(_ parameters: OAuthParameters) throws(OAuthError) -> Int? {
        guard let text = parameters["max_age"] else { return nil }
        guard text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(text) else {
            throw OAuthError(.invalidRequest, "max_age is not a number of seconds.")
        }
        return seconds
    }
}
