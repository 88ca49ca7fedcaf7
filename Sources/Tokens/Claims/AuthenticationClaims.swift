/// How and when the person proved who they are: `acr`, `amr`, `auth_time`, `sid` (OpenID Connect Core §2, RFC 8176, OIDC Front-Channel
/// Logout §3 for `sid`).
public struct AuthenticationClaims: Sendable, Equatable, Codable {
    /// The assurance level: one of the URIs in `acr_values_supported` of discovery.
    public var acr: String
    /// RFC 8176 values.
    public var amr: [String]
    public var authTime: NumericDate
    /// The session at the identity provider.
    public var sid: String

    public init(acr: String, amr: [String], authTime: NumericDate, sid: String) {
        self.acr = acr
        self.amr = amr
        self.authTime = authTime
        self.sid = sid
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case acr, amr, sid
        case authTime = "auth_time"
    }

    /// Nil when not one of the four is there (a client acting for itself); some without the others make the token malformed.
    static func ifPresent(in decoder: any Decoder) throws -> AuthenticationClaims? {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        return CodingKeys.allCases.contains(where: container.contains) ? try AuthenticationClaims(from: decoder) : nil
    }
}
