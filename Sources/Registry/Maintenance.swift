import Foundation

/// What has to happen by itself as time goes by. The server calls `maintain` every few seconds and `finish` before it ends.
extension Registry {
    /// Ended sessions (and with them their token families) are kept so long for the audit's references and late reuse.
    static let endedSessionsKept: TimeInterval = 7 * 86400
    private static let batch: Int64 = 500

    /// Ends sessions whose time has run out, forgets what is over, and writes the counts of repeated refusals.
    package func maintain() async throws {
        try await endLapsedSessions()
        try await prune()
        try await flushRefusals()
    }

    /// The last counts and a signed head over everything.
    package func finish() async throws {
        try await flushRefusals(everything: true)
        try await signAuditHead()
    }

    /// In batches, so that no other write waits long.
    private func endLapsedSessions() async throws {
        let moment = now()
        let idleSince = moment.addingTimeInterval(-settings.sessionIdle.timeInterval)
        var ended = 0
        repeat {
            ended = try await storage.write { [self] transaction in
                let expired = try transaction.rows(
                    "SELECT sid FROM sessions WHERE ended IS NULL AND expires <= ? LIMIT ?", [.time(moment), .integer(Self.batch)])
                let idle = try transaction.rows(
                    "SELECT sid FROM sessions WHERE ended IS NULL AND touched <= ? LIMIT ?", [.time(idleSince), .integer(Self.batch)])
                return try end(expired.map { $0.text("sid") }, reason: "expired", actor: .system, in: transaction)
                    + end(idle.map { $0.text("sid") }, reason: "idle", actor: .system, in: transaction)
            }
        } while ended >= Self.batch
    }

    private func prune() async throws {
        let moment = now()
        try await storage.write { transaction in
            try transaction.execute("DELETE FROM one_use_values WHERE expires <= ?", [.time(moment)])
            try transaction.execute("DELETE FROM revoked_access_tokens WHERE expires <= ?", [.time(moment)])
            // A used code stays with its family, so that its reuse is recognised.
            try transaction.execute("DELETE FROM authorization_codes WHERE family_id IS NULL AND expires <= ?", [.time(moment)])
            try transaction.execute(
                "DELETE FROM sessions WHERE sid IN (SELECT sid FROM sessions WHERE ended <= ? LIMIT ?)",
                [.time(moment.addingTimeInterval(-Self.endedSessionsKept)), .integer(Self.batch)])
        }
    }
}
