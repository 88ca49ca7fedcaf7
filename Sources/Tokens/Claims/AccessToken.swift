/// An access token's claims (RFC 9068 §2.2): opens the resource of one window, and the identity provider's userinfo.
///
/// In JSON all groups lie flat beside each other; `grant` is an object.
public struct AccessToken: Sendable, Equatable, Codable {
    /// The `typ` header (RFC 9068 §2.1).
    public static let type = "at+jwt"

    public var registered: RegisteredClaims
    /// `client_id`: to whom it was issued.
    public var clientID: String
    /// `jti`: one of a kind.
    public var tokenID: String
    /// `scope`, taken apart at its spaces (RFC 6749 §3.3).
    public var scope: [String]
    /// nil where no person is behind the token (a client acting for itself).
    public var authentication: AuthenticationClaims?
    public var holder: HolderClaims
    /// nil for certificates.
    public var staff: StaffClaims?
    /// nil where no person is behind the token.
    public var grant: GrantClaim?

    public init(
        registered: RegisteredClaims, clientID: String, tokenID: String, scope: [String], authentication: AuthenticationClaims?,
        holder: HolderClaims, staff: StaffClaims? = nil, grant: GrantClaim?
    ) {
        self.registered = registered
        self.clientID = clientID
        self.tokenID = tokenID
        self.scope = scope
        self.authentication = authentication
        self.holder = holder
        self.staff = staff
        self.grant = grant
    }

    private enum Member: String, CodingKey {
        case scope, grant, roles
        case clientID = "client_id"
        case tokenID = "jti"
        case orgUnit = "org_unit"
    }

    public func encode(to encoder: any Encoder) throws {
        try registered.encode(to: encoder)
        try authentication?.encode(to: encoder)
        try holder.encode(to: encoder)
        try staff?.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(clientID, forKey: .clientID)
        try members.encode(tokenID, forKey: .tokenID)
        try members.encode(scope.joined(separator: " "), forKey: .scope)
        try members.encodeIfPresent(grant, forKey: .grant)
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        registered = try RegisteredClaims(from: decoder)
        clientID = try members.decode(String.self, forKey: .clientID)
        tokenID = try members.decode(String.self, forKey: .tokenID)
        scope = try members.decode(String.self, forKey: .scope).split(separator: " ").map(String.init)
        authentication = try AuthenticationClaims.ifPresent(in: decoder)
        holder = try HolderClaims(from: decoder)
        staff = members.contains(.roles) || members.contains(.orgUnit) ? try StaffClaims(from: decoder) : nil
        grant = try members.decodeIfPresent(GrantClaim.self, forKey: .grant)
    }
}
