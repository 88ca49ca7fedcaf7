import Foundation
import PKI

extension Registry {
    /// Alive: not ended, its session alive, its window active.
    package func family(_ id: String) async throws -> (family: TokenFamily, session: Session)? {
        try await storage.read { [self] in try openFamily(id, in: $0).map { ($0.family, $0.session) } }
    }

    package func endFamily(_ id: String, reason: String, actor: Actor) async throws {
        try await storage.write { [self] in _ = try endFamily(id, reason: reason, actor: actor, in: $0) }
    }

    /// Returns false when there is no such open family.
    @discardableResult
    func endFamily(_ id: String, reason: String, actor: Actor, in transaction: Transaction) throws -> Bool {
        let ended = try transaction.row(
            "UPDATE token_families SET ended = ?, end_reason = ? WHERE id = ? AND ended IS NULL RETURNING window_id",
            [.time(now()), .text(reason), .text(id)])
        guard let ended else { return false }
        try record(
            AuditEvent(
                "token.family_ended", actor: actor, target: "window:\(ended.text("window_id"))", details: ["family": id, "reason": reason]),
            in: transaction)
        return true
    }

    /// A bearer value came a second time: whoever holds the other copy must lose what it bought. Each reuse is an event, also of a
    /// family that has ended before.
    func endReusedFamily(_ id: String?, of windowID: String, what: String, in transaction: Transaction) throws {
        var details = ["what": what]
        if let id {
            details["family"] = id
            try endFamily(id, reason: "\(what)_reused", actor: .system, in: transaction)
        }
        try record(AuditEvent("token.reused", actor: .anonymous, target: "window:\(windowID)", details: details), in: transaction)
    }

    /// All families of a window: it was suspended or goes. Returns how many were open.
    func endFamilies(ofWindow windowID: String, reason: String, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            "UPDATE token_families SET ended = ?, end_reason = ? WHERE window_id = ? AND ended IS NULL",
            [.time(now()), .text(reason), .text(windowID)])
    }

    /// One access token that must not be accepted any more, remembered until it would have expired.
    package func revokeAccessToken(jti: String, expires: Date, actor: Actor) async throws {
        try await storage.write { [self] transaction in
            let added = try transaction.execute(
                "INSERT INTO revoked_access_tokens (jti, expires) VALUES (?, ?) ON CONFLICT (jti) DO NOTHING",
                [.text(jti), .time(expires)])
            guard added > 0 else { return }
            try record(AuditEvent("token.revoked", actor: actor, target: "token:\(jti)"), in: transaction)
        }
    }

    package func isAccessTokenRevoked(jti: String) async throws -> Bool {
        try await storage.read { [self] in try isAccessTokenRevoked(jti: jti, in: $0) }
    }

    func isAccessTokenRevoked(jti: String, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 AS revoked FROM revoked_access_tokens WHERE jti = ?", [.text(jti)]) != nil
    }
}
