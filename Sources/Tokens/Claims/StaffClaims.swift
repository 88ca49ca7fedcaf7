/// For people of the departments: `roles` and `org_unit`.
public struct StaffClaims: Sendable, Equatable, Codable {
    /// Roles within the unit.
    public var roles: [String]
    /// The unit's path from the province down, `guangdong/guangzhou/…`.
    public var orgUnit: String

    public init(roles: [String], orgUnit: String) {
        self.roles = roles
        self.orgUnit = orgUnit
    }

    private enum CodingKeys: String, CodingKey {
        case roles
        case orgUnit = "org_unit"
    }
}
