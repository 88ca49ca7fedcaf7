import Foundation
import PKI
import Synchronization

/// The append-only log: a chain of hashes, each over a row and the hash before it.
extension Registry {
    /// Appends to the hash chain inside the caller's transaction: the state and its event are on disk together or not at all.
    package func record(_ event: AuditEvent, in transaction: Transaction) throws {
        // A write transaction is the only one of its time, so the last row read here is the last one.
        let last = try transaction.row("SELECT seq, hash FROM audit_events ORDER BY seq DESC LIMIT 1")
        try AuditRecord(
            event, seq: (last?.integer("seq") ?? 0) + 1, time: now().milliseconds, previous: last?.blob("hash") ?? AuditRecord.beginning
        ).insert(in: transaction)
    }

    /// For events that change no other state. Repeated anonymous refusals are aggregated: the first of a minute is written at once, those
    /// alike (kind, code and address) are counted and written as one event when the minute is over.
    package func record(_ event: AuditEvent) async throws {
        let moment = now()
        let (events, isNew) = refusals.withLock { tally in
            let closed = tally.closeWindows(before: moment)
            return (closed, tally.isNew(event, at: moment))
        }
        guard isNew || !events.isEmpty else { return }
        try await storage.write { [self] transaction in
            for closed in events { try record(closed, in: transaction) }
            if isNew { try record(event, in: transaction) }
        }
    }

    /// Writes the counts of refusals whose minute is over, or all of them (`everything`: before the process ends).
    func flushRefusals(everything: Bool = false) async throws {
        let moment = everything ? Date.distantFuture : now()
        let events = refusals.withLock { $0.closeWindows(before: moment) }
        guard !events.isEmpty else { return }
        try await storage.write { [self] transaction in for event in events { try record(event, in: transaction) } }
    }

    /// The newest events, newest first.
    package func auditEvents(limit: Int) async throws -> [AuditEntry] {
        try await storage.read { transaction in
            try transaction.rows("SELECT * FROM audit_events ORDER BY seq DESC LIMIT ?", [.integer(Int64(limit))])
                .map { AuditEntry(AuditRecord(row: $0)) }
        }
    }
}

/// One event as operators see it.
package struct AuditEntry: Sendable, Codable, Equatable {
    package let seq: Int64
    package let time: Date
    package let kind: String
    package let actor: String
    package let target: String?
    package let address: String?
    package let details: [String: String]

    init(_ record: AuditRecord) {
        seq = record.seq
        time = Date(milliseconds: record.time)
        kind = record.kind
        actor = record.actor
        target = record.target
        address = record.address
        details = (try? JSONDecoder().decode([String: String].self, from: Data(record.details.utf8))) ?? ["unreadable": record.details]
    }
}
