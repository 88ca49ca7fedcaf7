import Foundation
import PKI

extension Registry {
    /// RFC 6749 §4.1.2 allows ten minutes; a browser's redirect needs seconds.
    package static let codeLifetime = Duration.seconds(60)

    /// 256 random bits; forward-auth tickets live shorter.
    package func issueCode(_ authorization: Authorization, lifetime: Duration = codeLifetime) async throws -> String {
        let code = newBearer()
        let expires = now().addingTimeInterval(lifetime.timeInterval)
        try await storage.write { [self] transaction in
            _ = try transaction.execute(
                "INSERT INTO authorization_codes (code_hash, window_id, sid, promise, expires) VALUES (?, ?, ?, ?, ?)",
                [
                    hash(ofBearer: code), .text(authorization.windowID), .text(authorization.sid), try authorization.stored(),
                    .time(expires),
                ])
        }
        return code
    }

    /// Marks the code used and starts its family, if it was issued to this window and has not expired. Redirect URI and PKCE verifier are
    /// checked by `check` inside the transaction: when it throws, the code stays used, no family starts, and the error is thrown on.
    ///
    /// A code presented again ends its family (RFC 6749 §4.1.2, §10.5), audited as `token.reused`. Another window's code is `unknown`
    /// and stays as it is. `unknown` also when the session has ended or the window is not active.
    package func redeemCode(
        _ code: String, windowID: String, check: @escaping @Sendable (Authorization) throws -> Void
    ) async throws -> Redemption<TokenFamily> {
        let outcome: Result<Redemption<TokenFamily>, any Error> = try await storage.write { [self] transaction in
            let row = try transaction.row(
                "SELECT promise, expires, used, family_id FROM authorization_codes WHERE code_hash = ? AND window_id = ?",
                [hash(ofBearer: code), .text(windowID)])
            guard let row else { return .success(.unknown) }
            if row.optionalTime("used") != nil {
                try endReusedFamily(row.optionalText("family_id"), of: windowID, what: "code", in: transaction)
                return .success(.reused)
            }
            let authorization = try Authorization(stored: row.text("promise"))
            guard row.time("expires") > now(), try stands(authorization, in: transaction) else { return .success(.unknown) }
            try markUsed(code: code, familyID: nil, in: transaction)
            do { try check(authorization) } catch { return .failure(error) }
            return .success(.granted(try startFamily(authorization, code: code, in: transaction)))
        }
        return try outcome.get()
    }

    /// Is what an authorization rests on still there: an active window, a live session of the same account?
    func stands(_ authorization: Authorization, in transaction: Transaction) throws -> Bool {
        guard try isActive(window: authorization.windowID, in: transaction),
            let session = try liveSession(authorization.sid, in: transaction)
        else { return false }
        return session.account.id == authorization.accountID
    }

    private func markUsed(code: String, familyID: String?, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE authorization_codes SET used = ?, family_id = ? WHERE code_hash = ?",
            [.time(now()), .optional(familyID), hash(ofBearer: code)])
    }

    private func startFamily(_ authorization: Authorization, code: String, in transaction: Transaction) throws -> TokenFamily {
        let family = TokenFamily(id: newBearer(bytes: 16), authorization: authorization)
        try transaction.execute(
            "INSERT INTO token_families (id, window_id, sid, promise, opened) VALUES (?, ?, ?, ?, ?)",
            [.text(family.id), .text(authorization.windowID), .text(authorization.sid), try authorization.stored(), .time(now())])
        try markUsed(code: code, familyID: family.id, in: transaction)
        try record(
            AuditEvent(
                "token.issued", actor: .account(authorization.accountID), target: "window:\(authorization.windowID)",
                details: [
                    "family": family.id, "session": authorization.sid, "scope": authorization.scope.joined(separator: " "),
                    "grant": "authorization_code",
                ]), in: transaction)
        return family
    }
}
