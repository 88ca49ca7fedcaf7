import Foundation
import PKI

/// How an address of the trust list was fetched last: what has to survive a restart.
package struct SourceState: Sendable, Equatable {
    package let address: String
    package var etag: String?
    package var lastModified: String?
    /// SHA-256 of what came last and was accepted, or was the same as what is held.
    package var digest: [UInt8]?
    package var nextUpdate: Date?
    package var entries = 0
    /// The last success.
    package var fetched: Date?
    package var due: Date
    /// Since the last success.
    package var failures = 0
    package var error: String?

    package init(address: String, due: Date) {
        self.address = address
        self.due = due
    }
}

extension Registry {
    package func sourceStates() async throws -> [SourceState] {
        try await storage.read { transaction in
            try transaction.rows("SELECT * FROM list_sources").map(SourceState.init(row:))
        }
    }

    /// Writes the state. A change from well to failing, from one failure to another or back is audited; repetitions only count.
    package func keep(_ state: SourceState) async throws {
        try await storage.write { [self] transaction in
            let before = try transaction.row("SELECT * FROM list_sources WHERE address = ?", [.text(state.address)])
                .map(SourceState.init(row:))
            try transaction.execute("DELETE FROM list_sources WHERE address = ?", [.text(state.address)])
            try transaction.execute(
                """
                INSERT INTO list_sources (address, etag, last_modified, digest, next_update, entries, fetched, due, failures, error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, state.values)
            guard before?.error != state.error else { return }
            var details = ["failures": String(before?.failures ?? 0)]
            details["why"] = state.error
            try record(
                AuditEvent(
                    state.error == nil ? "revocation_source.recovered" : "revocation_source.failed", actor: .system,
                    target: "source:\(state.address)", details: details), in: transaction)
        }
    }
}

extension SourceState {
    fileprivate init(row: SQLRow) {
        address = row.text("address")
        etag = row.optionalText("etag")
        lastModified = row.optionalText("last_modified")
        digest = row.optionalBlob("digest")
        nextUpdate = row.optionalTime("next_update")
        entries = Int(row.integer("entries"))
        fetched = row.optionalTime("fetched")
        due = row.time("due")
        failures = Int(row.integer("failures"))
        error = row.optionalText("error")
    }

    fileprivate var values: [SQLValue] {
        [
            .text(address), .optional(etag), .optional(lastModified), .optional(digest), .time(nextUpdate), .integer(Int64(entries)),
            .time(fetched), .time(due), .integer(Int64(failures)), .optional(error),
        ]
    }
}
