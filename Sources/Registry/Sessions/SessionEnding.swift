import Foundation
import PKI

/// Every way a session ends. With it end its token families, in the same transaction.
extension Registry {
    package func endSession(sid: String, reason: String, actor: Actor) async throws {
        try await storage.write { [self] in _ = try endSession(sid: sid, reason: reason, actor: actor, in: $0) }
    }

    /// Ends every session that rests on one of these certificates (leaf or CA); returns how many.
    @discardableResult
    package func endSessions(restingOn fingerprints: Set<Fingerprint>, reason: String, actor: Actor) async throws -> Int {
        try await storage.write { [self] transaction in
            let resting = try transaction.rows("SELECT sid, path FROM sessions WHERE ended IS NULL")
                .filter { !fingerprints.isDisjoint(with: $0.fingerprints("path")) }
                .map { $0.text("sid") }
            return try end(resting, reason: reason, actor: actor, in: transaction)
        }
    }

    /// Inside the transaction of whatever ended the account's or certificate's right (suspension, withdrawal, departure).
    package func endSessions(ofAccount accountID: String, reason: String, actor: Actor, in transaction: Transaction) throws {
        let sids = try transaction.rows("SELECT sid FROM sessions WHERE account_id = ? AND ended IS NULL", [.text(accountID)])
        try end(sids.map { $0.text("sid") }, reason: reason, actor: actor, in: transaction)
    }

    /// Sessions opened with this certificate; those that its holder opened with another one go on.
    package func endSessions(ofAccount accountID: String, certificateID: String, reason: String, actor: Actor, in transaction: Transaction)
        throws
    {
        let sids = try transaction.rows(
            "SELECT sid FROM sessions WHERE account_id = ? AND certificate_id = ? AND ended IS NULL",
            [.text(accountID), .text(certificateID)])
        try end(sids.map { $0.text("sid") }, reason: reason, actor: actor, in: transaction)
    }

    /// Whoever holds the cookie may end its session: a new login replaces the old one.
    func endSession(cookie: String, reason: String, in transaction: Transaction) throws {
        let row = try transaction.row(
            "SELECT sid, account_id FROM sessions WHERE cookie_hash = ? AND ended IS NULL", [hash(ofBearer: cookie)])
        guard let row else { return }
        try endSession(sid: row.text("sid"), reason: reason, actor: .account(row.text("account_id")), in: transaction)
    }

    @discardableResult
    func end(_ sids: [String], reason: String, actor: Actor, in transaction: Transaction) throws -> Int {
        try sids.reduce(0) { try $0 + (endSession(sid: $1, reason: reason, actor: actor, in: transaction) ? 1 : 0) }
    }

    /// Returns false when there is no such open session: ending twice is no error and leaves no second event.
    @discardableResult
    func endSession(sid: String, reason: String, actor: Actor, in transaction: Transaction) throws -> Bool {
        let moment = SQLValue.time(now())
        let ended = try transaction.execute(
            "UPDATE sessions SET ended = ?, end_reason = ? WHERE sid = ? AND ended IS NULL", [moment, .text(reason), .text(sid)])
        guard ended > 0 else { return false }
        let families = try transaction.execute(
            "UPDATE token_families SET ended = ?, end_reason = 'session_ended' WHERE sid = ? AND ended IS NULL", [moment, .text(sid)])
        try record(
            AuditEvent(
                "session.ended", actor: actor, target: "session:\(sid)", details: ["reason": reason, "token_families": String(families)]),
            in: transaction)
        return true
    }
}
