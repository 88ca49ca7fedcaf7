import Foundation
import PKI

extension Registry {
    /// The first refresh token of a family; `rotateRefreshToken` makes the next ones. Throws `wrong_state` when the family has ended.
    package func issueRefreshToken(family: TokenFamily) async throws -> String {
        try await storage.write { [self] transaction in
            guard try transaction.row("SELECT 1 AS open FROM token_families WHERE id = ? AND ended IS NULL", [.text(family.id)]) != nil
            else {
                throw RuleViolation("wrong_state", "the token family has ended")
            }
            return try insertRefreshToken(familyID: family.id, in: transaction)
        }
    }

    /// Old out, new in, in one transaction (RFC 9700 §4.14.2). Counts as activity of the session.
    ///
    /// A token presented again ends its family. Another window's token is `unknown` and stays as it is.
    package func rotateRefreshToken(_ token: String, windowID: String) async throws -> Redemption<(family: TokenFamily, token: String)> {
        try await storage.write { [self] transaction in
            let row = try transaction.row(
                """
                SELECT r.used, f.id, f.promise, f.ended FROM refresh_tokens r JOIN token_families f ON f.id = r.family_id
                WHERE r.token_hash = ? AND f.window_id = ?
                """, [hash(ofBearer: token), .text(windowID)])
            guard let row else { return .unknown }
            let id = row.text("id")
            if row.optionalTime("used") != nil {
                try endReusedFamily(id, of: windowID, what: "refresh_token", in: transaction)
                return .reused
            }
            let authorization = try Authorization(stored: row.text("promise"))
            guard row.optionalTime("ended") == nil, try stands(authorization, in: transaction) else { return .unknown }
            try transaction.execute("UPDATE refresh_tokens SET used = ? WHERE token_hash = ?", [.time(now()), hash(ofBearer: token)])
            let next = try insertRefreshToken(familyID: id, in: transaction)
            try touch(authorization.sid, in: transaction)
            try record(
                AuditEvent(
                    "token.issued", actor: .account(authorization.accountID), target: "window:\(windowID)",
                    details: ["family": id, "session": authorization.sid, "grant": "refresh_token"]), in: transaction)
            return .granted((TokenFamily(id: id, authorization: authorization), next))
        }
    }

    /// By a refresh token presented for revocation (RFC 7009 §2.1) by its window: the family ends, its access tokens with it.
    /// Silently nothing when it is not that window's (§2.2).
    package func revokeRefreshToken(_ token: String, windowID: String) async throws {
        try await storage.write { [self] transaction in
            let row = try transaction.row(
                """
                SELECT f.id FROM refresh_tokens r JOIN token_families f ON f.id = r.family_id
                WHERE r.token_hash = ? AND f.window_id = ?
                """, [hash(ofBearer: token), .text(windowID)])
            guard let row else { return }
            try endFamily(row.text("id"), reason: "revoked_by_window", actor: .window(windowID), in: transaction)
        }
    }

    private func insertRefreshToken(familyID: String, in transaction: Transaction) throws -> String {
        let token = newBearer()
        try transaction.execute(
            "INSERT INTO refresh_tokens (token_hash, family_id, issued) VALUES (?, ?, ?)",
            [hash(ofBearer: token), .text(familyID), .time(now())])
        return token
    }
}
