import Foundation

@testable import Tokens

/// One issuer, one window and one moment that the tests share.
enum Sample {
    static let issuer = "https://id.example"
    static let window = "permits"
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let seconds: Int64 = 1_800_000_000
    static let key = SigningKey.generate()
    static let keys = KeySet([key.verificationKey])
    static let rules = TokenRules(issuer: issuer, audience: .required(window), clockSkew: 30)

    static let registered = RegisteredClaims(
        issuer: issuer, subject: "a-1", audience: Audience(window), expires: NumericDate(seconds: seconds + 300),
        issuedAt: NumericDate(seconds: seconds))
    static let authentication = AuthenticationClaims(
        acr: "urn:example:acr:substantial", amr: ["hwk"], authTime: NumericDate(seconds: seconds - 10), sid: "s-1")
    static let holder = HolderClaims(
        legalPerson: LegalPersonClaim(uscc: "91440000PDY00001XK", name: "示例有限公司"), certificateKind: .sub)
    static let grant = GrantClaim(parameters: ["limit": "10"], until: NumericDate(seconds: seconds + 86_400))

    static let idToken = IDToken(
        registered: registered, nonce: "n-1", authentication: authentication, holder: holder, grant: grant)
    static let accessToken = AccessToken(
        registered: registered, clientID: window, tokenID: "f.1", scope: ["openid", "profile"], authentication: authentication,
        holder: holder, grant: grant)

    /// The sample ID token, changed, signed, and verified at the sample moment.
    static func verifyIDToken(_ change: (inout IDToken) -> Void) throws -> IDToken {
        var claims = idToken
        change(&claims)
        return try keys.idToken(key.sign(claims, type: IDToken.type), rules: rules, at: now)
    }

    static func verifyAccessToken(_ change: (inout AccessToken) -> Void) throws -> AccessToken {
        var claims = accessToken
        change(&claims)
        return try keys.accessToken(key.sign(claims, type: AccessToken.type), rules: rules, at: now)
    }

    /// The sample ID token as JSON, with these members put in the place of its own (`NSNull` takes one away), signed well.
    static func signedJSON(_ members: [String: Any], type: String = IDToken.type) throws -> String {
        let original = type == IDToken.type ? try JSONEncoder().encode(idToken) : try JSONEncoder().encode(accessToken)
        var object = try JSONSerialization.jsonObject(with: original) as? [String: Any] ?? [:]
        for (name, value) in members { object[name] = value is NSNull ? nil : value }
        return try key.sign(payload: JSONSerialization.data(withJSONObject: object), type: type)
    }

    /// A token with this header text, whose signature by `signer` is right.
    static func token(header: String, payload: String? = nil, signer: SigningKey = key) throws -> String {
        let payload = try payload ?? String(decoding: JSONEncoder().encode(idToken), as: UTF8.self)
        return try RawSigner(signer).sign("\(Base64URL.encode(header.utf8)).\(Base64URL.encode(payload.utf8))")
    }

    static func header(kid: String = key.kid, alg: String = "ES256", typ: String = "JWT", more: String = "") -> String {
        #"{"alg":"\#(alg)","typ":"\#(typ)","kid":"\#(kid)"\#(more)}"#
    }
}
