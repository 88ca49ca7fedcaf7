/// An ID token's claims (OpenID Connect Core §2): who logged in at this window, and with what right.
///
/// In JSON all groups lie flat beside each other; `grant` is an object.
public struct IDToken: Sendable, Equatable, Codable {
    /// The `typ` header.
    public static let type = "JWT"

    public var registered: RegisteredClaims
    /// The value of the authorization request, to be compared by the window.
    public var nonce: String?
    /// `at_hash`: binds the access token that came with it; see ``accessTokenHash(of:)``.
    public var accessTokenHash: String?
    /// `name`, for display only; nil unless the window asked for it and may have it.
    public var name: String?
    public var authentication: AuthenticationClaims
    public var holder: HolderClaims
    /// nil for certificates.
    public var staff: StaffClaims?
    public var grant: GrantClaim

    public init(
        registered: RegisteredClaims, nonce: String? = nil, accessTokenHash: String? = nil, name: String? = nil,
        authentication: AuthenticationClaims, holder: HolderClaims, staff: StaffClaims? = nil, grant: GrantClaim
    ) {
        self.registered = registered
        self.nonce = nonce
        self.accessTokenHash = accessTokenHash
        self.name = name
        self.authentication = authentication
        self.holder = holder
        self.staff = staff
        self.grant = grant
    }

    private enum Member: String, CodingKey {
        case nonce, name, grant, roles
        case accessTokenHash = "at_hash"
        case orgUnit = "org_unit"
    }

    public func encode(to encoder: any Encoder) throws {
        try registered.encode(to: encoder)
        try authentication.encode(to: encoder)
        try holder.encode(to: encoder)
        try staff?.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encodeIfPresent(nonce, forKey: .nonce)
        try members.encodeIfPresent(accessTokenHash, forKey: .accessTokenHash)
        try members.encodeIfPresent(name, forKey: .name)
        try members.encode(grant, forKey: .grant)
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        registered = try RegisteredClaims(from: decoder)
        nonce = try members.decodeIfPresent(String.self, forKey: .nonce)
        accessTokenHash = try members.decodeIfPresent(String.self, forKey: .accessTokenHash)
        name = try members.decodeIfPresent(String.self, forKey: .name)
        authentication = try AuthenticationClaims(from: decoder)
        holder = try HolderClaims(from: decoder)
        staff = members.contains(.roles) || members.contains(.orgUnit) ? try StaffClaims(from: decoder) : nil
        grant = try members.decode(GrantClaim.self, forKey: .grant)
    }
}
