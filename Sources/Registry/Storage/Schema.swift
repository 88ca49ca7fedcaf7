/// Portable SQL (SQLite now, PostgreSQL later), one migration a list of statements, run once in order and never edited after a release.
/// Each folder contributes its tables from a file of its own (`Schema+….swift`).
package struct Migration: Sendable {
    package let name: String
    package let statements: [String]
}

package enum Schema {
    /// Order matters for foreign keys: people and legal persons first, then what refers to them.
    package static let migrations: [Migration] = [
        legalPersons, staff, windows, grants, sessions, keptPaths, audit, revocation, trust, windowOptions,
    ]
}
