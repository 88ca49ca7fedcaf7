import Foundation
import PKI
import Synchronization

/// The clock that is handed in.
package typealias CurrentTime = @Sendable () -> Date

/// Rules and state of hallpass: identities, legal persons, grants, windows, sessions, audit. Knows no HTTP.
///
/// Every method that changes state writes its audit event in the same transaction. Methods are grouped by folder in extensions.
package final class Registry: Sendable {
    package let storage: Storage
    package let settings: RegistrySettings
    package let now: CurrentTime
    package let random: RandomSource
    /// The CAs' identity profiles and admission rules of the trust list in force.
    package let authorities: Mutex<AuthorityBook>
    let auditSigner: AuditSigner
    /// Repeated anonymous refusals of the current minute, counted instead of written one by one.
    let refusals = Mutex(RefusalTally())

    package init(
        storage: Storage, settings: RegistrySettings, authorities: AuthorityBook, auditSigner: AuditSigner,
        now: @escaping CurrentTime = { Date() }, random: @escaping RandomSource = SecureRandom.system
    ) {
        self.storage = storage
        self.settings = settings
        self.authorities = Mutex(authorities)
        self.auditSigner = auditSigner
        self.now = now
        self.random = random
    }

    /// A new bearer value: `bytes` random bytes in base64url without padding. Stored only as SHA-256.
    package func newBearer(bytes: Int = 32) -> String {
        Data(random(bytes)).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// How a bearer value is stored.
    func hash(ofBearer value: String) -> SQLValue { .blob(Digest.sha256(Array(value.utf8))) }
}

/// What an operator sets; decoded from the configuration file.
package struct RegistrySettings: Sendable {
    package var sessionIdle: Duration = .seconds(30 * 60)
    package var sessionLifetime: Duration = .seconds(10 * 3600)
    /// No grant lasts longer (domain rule: five years).
    package var grantMaximum: Duration = .seconds(5 * 366 * 86400)
    /// A sync that would remove more than this share of the staff halts.
    package var syncLossLimit: Double = 0.10
    /// `acr` URIs from weakest to strongest: a later one satisfies a wish for an earlier one.
    package var assuranceOrder: [String] = Assurance.defaultOrder
    /// May administration that changes trust, masters or administrators be done on a password session? An explicit relaxation.
    package var passwordAdministration = false
    /// Staff roles that make an administrator.
    package var administratorRoles: Set<String> = ["administrator"]
    /// May a window's URIs on a loopback host be plain http? For demonstrations and development.
    package var allowsLoopbackHTTP = false
    /// The host of the public origin: a site guarded by forward-auth must not share it, or our cookies would reach it.
    package var publicHost: String?
    /// Mixed into the key under which numbers of natural persons are hashed, so that the database alone does not suffice to try them all.
    /// From a 0600 file or the environment; once set it must stay, or everybody is a new person. Empty: the database's own secret only.
    package var identifierPepper: [UInt8] = []
    /// Where the platform CA's list is published; written into the sub-certificates it issues.
    package var revocationListURI: String?
    /// Do the sessions of a master's sub-certificates end, and stay shut, while its CA has revoked every certificate of the master?
    package var revokedMasterEndsSubs = true
    package init() {}
}

/// Who did something, for the audit: `account:ID`, `window:ID`, `cli:OSUSER`, `system`, `anonymous`.
package struct Actor: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    package static func account(_ id: String) -> Actor { Actor(description: "account:\(id)") }
    package static func window(_ id: String) -> Actor { Actor(description: "window:\(id)") }
    package static func commandLine(_ user: String) -> Actor { Actor(description: "cli:\(user)") }
    package static let system = Actor(description: "system")
    package static let anonymous = Actor(description: "anonymous")
}

extension Registry {
    /// The account as it stands now; nil when it does not exist or no longer stands.
    package func account(id: String) async throws -> Account? {
        try await storage.read { try self.account(id, certificateID: nil, in: $0) }
    }
}
