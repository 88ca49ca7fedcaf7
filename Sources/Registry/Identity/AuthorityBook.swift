import PKI

/// What the registry knows of each CA beyond its path rules: identity profile, what it may assert, master opening, assurance.
/// Keyed by the CA's name *and* key. A CA that is not in it asserts nothing.
package struct AuthorityBook: Sendable {
    package var entries: [AuthorityKey: AuthorityEntry]
    /// The CAs that issue sub-certificates here: no certificate of theirs ever opens a master.
    package var platform: Set<AuthorityKey>

    package init(entries: [AuthorityKey: AuthorityEntry] = [:], platform: Set<AuthorityKey> = []) {
        self.entries = entries
        self.platform = platform
    }
}

/// One CA's identity rules, as the trust list's `cas` entries spell them (docs/trust-list.md).
///
/// It decodes from the same mapping that also holds the path rules (`certificate`, `issues_leaves`, …): who decodes that mapping refuses
/// keys that are neither its own nor in `keys`. The mappings inside refuse unknown keys themselves.
package struct AuthorityEntry: Sendable, Codable, Equatable {
    /// For people.
    package var name: String
    /// The `acr` of a login by this CA's certificates.
    package var assurance: String
    package var master: MasterRule
    package var mayAssert: Assertions
    /// Nil: its certificates name nobody (`identity_not_permitted`).
    package var identity: IdentityProfile?

    package init(
        name: String, assurance: String = Assurance.certificate, master: MasterRule, mayAssert: Assertions, identity: IdentityProfile?
    ) {
        self.name = name
        self.assurance = assurance
        self.master = master
        self.mayAssert = mayAssert
        self.identity = identity
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, assurance, master
        case mayAssert = "may_assert"
        case identity
    }

    /// The keys of the trust list's mapping that are read here.
    package static let keys = Set(CodingKeys.allCases.map(\.stringValue))

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        assurance = try container.decodeIfPresent(String.self, forKey: .assurance) ?? Assurance.certificate
        master = try container.decodeIfPresent(MasterRule.self, forKey: .master) ?? MasterRule()
        mayAssert = try container.decodeIfPresent(Assertions.self, forKey: .mayAssert) ?? Assertions()
        identity = try container.decodeIfPresent(IdentityProfile.self, forKey: .identity)
    }
}

/// May this CA's certificates open a master, and how?
package struct MasterRule: Sendable, Codable, Equatable {
    package enum Opening: String, Sendable, Codable {
        /// At the first login, for a legal person that never had anybody here.
        case automatic
        /// An administrator decides.
        case approval
        case never
    }
    /// Which certificates: all that are named must hold.
    package struct Condition: Sendable, Codable, Equatable {
        /// How the holder's entity identifier begins, e.g. `1@` (an entity's first certificate).
        package var entityPrefix: String?
        /// A certificate policy that the leaf carries, dotted.
        package var policy: String?

        package init(entityPrefix: String? = nil, policy: String? = nil) {
            self.entityPrefix = entityPrefix
            self.policy = policy
        }
        enum CodingKeys: String, CodingKey, CaseIterable {
            case entityPrefix = "entity_prefix"
            case policy
        }
        package init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            entityPrefix = try container.decodeIfPresent(String.self, forKey: .entityPrefix)
            policy = try container.decodeIfPresent(String.self, forKey: .policy)
        }
    }
    package var opening: Opening
    package var when: Condition?

    package init(opening: Opening = .approval, when: Condition? = nil) {
        self.opening = opening
        self.when = when
    }
    enum CodingKeys: String, CodingKey, CaseIterable { case opening, when }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        opening = try container.decodeIfPresent(Opening.self, forKey: .opening) ?? .approval
        when = try container.decodeIfPresent(Condition.self, forKey: .when)
    }

    /// Do the conditions hold for this leaf and its holder's entity identifier?
    func admits(_ leaf: Certificate, holder: String?) -> Bool {
        if let prefix = when?.entityPrefix, holder?.hasPrefix(prefix) != true { return false }
        if let policy = when?.policy, !leaf.policies.contains(policy) { return false }
        return true
    }
}
