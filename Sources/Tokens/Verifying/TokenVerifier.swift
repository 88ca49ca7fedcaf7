import Foundation

/// Verifies the tokens of one identity provider for one window, with nothing but the provider's published keys.
///
///     let verifier = TokenVerifier(issuer: "https://localhost:8443", audience: "permits") { url in
///         … an https GET with the client you have …
///     }
///     let token = try await verifier.accessToken(bearer)
///
/// Everything throws `TokenError`. Share one value between all requests: it carries the key cache.
public struct TokenVerifier: Sendable {
    private let rules: TokenRules
    private let keys: RemoteKeySet
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - issuer: exactly as in discovery and in `iss`.
    ///   - audience: this window's `client_id`.
    ///   - clockSkew: seconds that the two clocks may differ.
    ///   - now: the clock, for tests to hold still.
    public init(
        issuer: String, audience: String, clockSkew: Int64 = 30, cache: KeyCachePolicy = KeyCachePolicy(),
        now: @escaping @Sendable () -> Date = { Date() }, fetch: @escaping DocumentFetch
    ) {
        rules = TokenRules(issuer: issuer, audience: .required(audience), clockSkew: clockSkew)
        keys = RemoteKeySet(issuer: issuer, policy: cache, now: now, fetch: fetch)
        self.now = now
    }

    /// The provider's endpoints.
    public func metadata() async throws(TokenError) -> ProviderMetadata { try await keys.current().metadata }

    /// An access token presented to this window (RFC 9068 §4).
    public func accessToken(_ token: String) async throws(TokenError) -> AccessToken {
        try await keySet(for: token).accessToken(token, rules: rules, at: now())
    }

    /// The ID token that ends a login (OpenID Connect Core §3.1.3.7).
    ///
    /// - Parameters:
    ///   - nonce: the authorization request's.
    ///   - maxAge: the authorization request's `max_age`, if it had one.
    ///   - accessToken: the one that came with it, checked against `at_hash` where that is present.
    public func idToken(
        _ token: String, nonce: String, maxAge: Int64? = nil, accessToken: String? = nil
    ) async throws(TokenError) -> IDToken {
        let claims = try await keySet(for: token).idToken(token, rules: rules, at: now())
        try claims.check(nonce: nonce)
        if let maxAge { try claims.check(maxAge: maxAge, at: now(), clockSkew: rules.clockSkew) }
        if let accessToken { try claims.check(accessToken: accessToken) }
        return claims
    }

    /// An ID token that came with a refresh: it must be about the same login (OpenID Connect Core §12.2).
    public func idToken(_ token: String, refreshing original: IDToken, accessToken: String? = nil) async throws(TokenError) -> IDToken {
        let claims = try await keySet(for: token).idToken(token, rules: rules, at: now())
        try claims.check(continues: original)
        if let accessToken { try claims.check(accessToken: accessToken) }
        return claims
    }

    /// The header is read first, so that what is plainly no token of ours costs the provider no request.
    private func keySet(for token: String) async throws(TokenError) -> KeySet {
        try await keys.keys(for: CompactJWS(token).header.kid)
    }
}
