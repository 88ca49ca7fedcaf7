import Directory
import Foundation

/// What one sync did (owner: registry-b).
package struct SyncOutcome: Sendable, Equatable {
    package var added = 0, changed = 0, removed = 0
    /// Set when nothing was applied: `incomplete` (the search did not finish) or `too_many_removals`.
    package var halted: String?
    package init() {}
}

extension Registry {
    /// Applies a complete directory snapshot: units, staff, roles (groups through `mapping`: group DN → role). Removed people and roles
    /// are out at once, sessions included. Halts (audited, nothing applied) when more than `syncLossLimit` of the staff would go.
    package func apply(_ snapshot: DirectorySnapshot, mapping: [String: String], actor: Actor) async throws -> SyncOutcome { fatalError("stub") }
    /// An incomplete search: audited, nothing deleted.
    package func syncFailed(_ why: String, actor: Actor) async throws { fatalError("stub") }
    /// The DN to bind as for this user name; nil when the sync does not know it.
    package func distinguishedName(ofStaff uid: String) async throws -> String? { fatalError("stub") }
}
