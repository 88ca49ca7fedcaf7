/// What a token is held against, besides its signature.
public struct TokenRules: Sendable {
    /// For whom the token must be.
    public enum AudienceRule: Sendable {
        /// ID tokens: this audience and no other (OpenID Connect Core §3.1.3.7 (3)). Access tokens: this one among them (RFC 9068 §4).
        case required(String)
        /// The identity provider itself, looking at a token it issued to whichever window.
        case any
    }

    /// Exactly the `iss` (RFC 8725 §3.8): no normalization, a slash at the end counts.
    public var issuer: String
    public var audience: AudienceRule
    /// Seconds that the clocks of issuer and verifier may differ, either way.
    public var clockSkew: Int64
    /// True only for an `id_token_hint`, which may have expired (OpenID Connect RP-Initiated Logout §2).
    public var acceptsExpired: Bool

    public init(issuer: String, audience: AudienceRule, clockSkew: Int64 = 30, acceptsExpired: Bool = false) {
        self.issuer = issuer
        self.audience = audience
        self.clockSkew = clockSkew
        self.acceptsExpired = acceptsExpired
    }

    /// Issuer, then times, then the grant's end. The audience is judged by the kind of token.
    func check(_ claims: RegisteredClaims, grant: GrantClaim?, at now: NumericDate) throws(TokenError) {
        guard claims.issuer.utf8.elementsEqual(issuer.utf8) else { throw TokenError(.issuerMismatch, "`iss` is not \(issuer)") }
        guard !claims.subject.isEmpty, claims.subject.utf8.count <= 255 else {
            throw TokenError(.claimsMalformed, "`sub` is empty or too long")
        }
        // RFC 7519 §4.1.4: refused on its second and after.
        guard acceptsExpired || now.seconds < claims.expires.seconds + clockSkew else {
            throw TokenError(.expired, "since \(now.seconds - claims.expires.seconds) s")
        }
        if let notBefore = claims.notBefore, now.seconds < notBefore.seconds - clockSkew {
            throw TokenError(.notYetValid, "for another \(notBefore.seconds - now.seconds) s")
        }
        guard claims.issuedAt.seconds <= now.seconds + clockSkew else {
            throw TokenError(.issuedInFuture, "by \(claims.issuedAt.seconds - now.seconds) s")
        }
        if let until = grant?.until, !acceptsExpired, now.seconds >= until.seconds + clockSkew {
            throw TokenError(.grantEnded, "since \(now.seconds - until.seconds) s")
        }
    }
}
