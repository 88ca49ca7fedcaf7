import Foundation

/// What the path machinery needs of one CA's entry (identity rules live in Registry).
package struct AuthorityRules: Sendable {
    package enum Revocation: String, Sendable, Codable {
        /// Accepted only while a current statement says that it is not revoked.
        case hard
        /// For leaves: an earlier good statement counts for `softGrace` after its end. CA certificates are judged as under `hard`.
        case soft
        /// Not asked.
        case off
    }
    package var revocation: Revocation
    /// `soft`: how long an earlier good statement still counts after its nextUpdate; 0 otherwise.
    package var softGrace: TimeInterval = 0
    /// May this CA issue leaves that log in? (Only those names are sent as acceptable CA names.)
    package var issuesLeaves: Bool
    /// Named relaxations of RFC 5280 §4's profile, one by one (see `docs/trust-list.md`).
    package var relaxations: Set<String>
    /// The signer id of SM2 signatures on what this CA signs: certificates, lists, OCSP responses (GB/T 32918.2 §5.5).
    package var signerID: [UInt8] = Self.defaultSignerID
    /// How sure a login with its certificates is.
    package var assurance = AssuranceTable()
    /// The trust list's entry counts from … to, inclusive; what it issued has no path outside.
    package var validFrom = Date.distantPast
    package var validUntil = Date.distantFuture

    /// What GM/T 0009 has everybody use.
    package static let defaultSignerID = Array("1234567812345678".utf8)
    /// Every name that `relaxations` may hold; others relax nothing.
    package static var knownRelaxations: [String] { ProfileRule.allCases.map(\.rawValue) }

    package init(revocation: Revocation = .hard, issuesLeaves: Bool = true, relaxations: Set<String> = []) {
        self.revocation = revocation
        self.issuesLeaves = issuesLeaves
        self.relaxations = relaxations
    }
}

/// Certificate policies under one arc: `1.2.3` that policy alone, `1.2.3.*` every one below it.
package struct PolicyArc: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    private let base: ObjectIdentifier
    private let isSubtree: Bool

    /// Nil for what is neither an OID nor an OID followed by `.*`.
    package init?(_ text: String) {
        isSubtree = text.hasSuffix(".*")
        guard let base = ObjectIdentifier(isSubtree ? String(text.dropLast(2)) : text) else { return nil }
        self.base = base
        description = text
    }

    func contains(_ policy: ObjectIdentifier) -> Bool {
        isSubtree ? policy.bytes.count > base.bytes.count && policy.bytes.starts(with: base.bytes) : policy == base
    }
}

/// From certificate policies to `acr` values, as one CA's or one recognition's entry maps them.
package struct AssuranceTable: Sendable {
    package struct Row: Sendable {
        package let policy: PolicyArc
        package let level: String
        package init(policy: PolicyArc, level: String) {
            self.policy = policy
            self.level = level
        }
    }
    /// When no row matches; nil: the caller's default.
    package var level: String?
    /// The first that matches one of the path's policies.
    package var rows: [Row]
    /// Instead of the above when the status rests on the grace of `soft`; nil: unchanged.
    package var staleLevel: String?

    package init(level: String? = nil, rows: [Row] = [], staleLevel: String? = nil) {
        self.level = level
        self.rows = rows
        self.staleLevel = staleLevel
    }
}

/// One entry of a list of mutual recognition: a leaf is recognised when all of it holds (`docs/trust-list.md`).
package struct Recognition: Sendable {
    package enum Status: String, Sendable, Codable { case granted, withdrawn }
    /// From this moment on the status is this, until the next period begins.
    package struct Period: Sendable {
        package let status: Status
        package let from: Date
        package init(status: Status, from: Date) {
            self.status = status
            self.from = from
        }
    }
    /// The certificate's type: an attribute of the leaf's subject has this value (compared by RFC 5280 §7.1).
    package struct TypeRule: Sendable {
        /// Dotted attribute type.
        package let attribute: String
        package let value: String
        package init(attribute: String, value: String) {
            self.attribute = attribute
            self.value = value
        }
    }

    /// For people.
    package let name: String
    package let root: Certificate
    package let issuer: AuthorityKey
    /// Each must hold.
    package let type: [TypeRule]
    /// The leaf must carry a policy under one of these.
    package let policies: [PolicyArc]
    /// In the order of time.
    package let periods: [Period]
    package let assurance: AssuranceTable

    package init(
        name: String, root: Certificate, issuer: AuthorityKey, type: [TypeRule], policies: [PolicyArc], periods: [Period],
        assurance: AssuranceTable
    ) {
        self.name = name
        self.root = root
        self.issuer = issuer
        self.type = type
        self.policies = policies
        self.periods = periods.sorted { $0.from < $1.from }
        self.assurance = assurance
    }

    /// TS 119 612 §5.5.4: what the entry says at this moment; before its first period nothing is granted.
    package func status(at moment: Date) -> Status { periods.last { $0.from <= moment }?.status ?? .withdrawn }
}
