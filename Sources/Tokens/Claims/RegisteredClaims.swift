/// The claims every token of ours has (RFC 7519 §4.1).
public struct RegisteredClaims: Sendable, Equatable, Codable {
    /// `iss`
    public var issuer: String
    /// `sub`: the opaque account id, stable over certificate renewals; never a certificate or a USCC.
    public var subject: String
    /// `aud`
    public var audience: Audience
    /// `exp`: from this second on the token is refused.
    public var expires: NumericDate
    /// `iat`
    public var issuedAt: NumericDate
    /// `nbf`; ours have none, but where it is present it counts.
    public var notBefore: NumericDate?

    public init(
        issuer: String, subject: String, audience: Audience, expires: NumericDate, issuedAt: NumericDate, notBefore: NumericDate? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.expires = expires
        self.issuedAt = issuedAt
        self.notBefore = notBefore
    }

    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case expires = "exp"
        case issuedAt = "iat"
        case notBefore = "nbf"
    }
}
