import Foundation

extension KeySet {
    /// The payload of a compact JWS of this `typ` whose signature one of these keys made: nothing about its claims has been judged yet.
    ///
    /// Throws `TokenError`; `key_unknown` means that the header's `kid` is not in this set.
    public func verify(_ token: String, type: String) throws(TokenError) -> [UInt8] {
        let jws = try CompactJWS(token)
        guard jws.header.isType(type) else { throw TokenError(.typeMismatch, "`typ` is not \(type)") }
        guard let key = self[jws.header.kid] else { throw TokenError(.keyUnknown, "`kid` is not in the key set") }
        guard key.isValid(signature: jws.signature, over: jws.signingInput) else {
            throw TokenError(.signatureInvalid, "not made by the key that `kid` names")
        }
        return jws.payload
    }

    /// An ID token that stands up to the rules (OpenID Connect Core §3.1.3.7). `nonce`, age of the login and `at_hash` are checked on the
    /// result, by who knows what was asked: ``IDToken/check(nonce:)``, ``IDToken/check(maxAge:at:clockSkew:)``, ``IDToken/check(accessToken:)``.
    public func idToken(_ token: String, rules: TokenRules, at now: Date) throws(TokenError) -> IDToken {
        let claims = try StrictJSON.decode(IDToken.self, from: verify(token, type: IDToken.type))
        try rules.check(claims.registered, grant: claims.grant, at: NumericDate(now))
        if case .required(let audience) = rules.audience, claims.registered.audience != Audience(audience) {
            throw TokenError(.audienceMismatch, "`aud` is not \(audience) alone")
        }
        return claims
    }

    /// An access token that stands up to the rules (RFC 9068 §4).
    public func accessToken(_ token: String, rules: TokenRules, at now: Date) throws(TokenError) -> AccessToken {
        let claims = try StrictJSON.decode(AccessToken.self, from: verify(token, type: AccessToken.type))
        try rules.check(claims.registered, grant: claims.grant, at: NumericDate(now))
        if case .required(let audience) = rules.audience, !claims.registered.audience.contains(audience) {
            throw TokenError(.audienceMismatch, "`aud` does not name \(audience)")
        }
        return claims
    }
}
