import Foundation
import PKI

/// Which windows an account may enter, with what parameters, from when until when.
extension Registry {
    /// A grant that is asked for.
    private struct Wish: Sendable {
        let accountID: String
        let windowID: String
        let parameters: [String: String]
        let from: Date
        let until: Date
    }

    /// In force or to come, by window. Those withdrawn or past are in the audit.
    package func grants(ofAccount accountID: String) async throws -> [Grant] {
        let moment = now()
        return try await storage.read { transaction in
            try transaction.rows(
                "SELECT * FROM grants WHERE account_id = ? AND withdrawn IS NULL AND valid_until > ? ORDER BY window_id",
                [.text(accountID), .time(moment)]
            ).map(Grant.init(row:))
        }
    }

    /// A master to its own subs within its legal person's admissions; an administrator to personal certificates and staff, never to
    /// themselves. An earlier grant of the account for the same window is replaced, and the tokens that rest on it end. Throws
    /// `RuleViolation`: `not_master`, `not_administrator`, `other_legal_person`, `not_admitted`, `beyond_own_rights`,
    /// `period_not_permitted`, `unknown_window`, `request_malformed`, `wrong_state`.
    package func give(
        accountID: String, windowID: String, parameters: [String: String], from: Date, until: Date, by session: Session
    ) async throws -> Grant {
        let wish = Wish(accountID: accountID, windowID: windowID, parameters: parameters, from: from, until: until)
        return try await storage.write { [self] transaction in
            let receiver = try receiver(accountID, in: transaction)
            try requireGiver(session, to: receiver, in: transaction)
            return try give(wish, to: receiver, actor: .account(session.account.id), in: transaction)
        }
    }

    /// For operators' seeding: the same bounds, the operator in the giver's place.
    package func give(
        accountID: String, windowID: String, parameters: [String: String], from: Date, until: Date, actor: Actor
    ) async throws -> Grant {
        let wish = Wish(accountID: accountID, windowID: windowID, parameters: parameters, from: from, until: until)
        return try await storage.write { [self] transaction in
            try give(wish, to: try receiver(accountID, in: transaction), actor: actor, in: transaction)
        }
    }

    private func receiver(_ accountID: String, in transaction: Transaction) throws -> Account {
        guard let row = try accountRow(accountID, in: transaction) else {
            throw RuleViolation("request_malformed", "there is no such account")
        }
        guard row.standing != .revoked, !row.isGone else { throw RuleViolation("wrong_state", "the account is closed") }
        guard row.account.certificateKind != .master else {
            throw RuleViolation("wrong_state", "a master enters every window its legal person is admitted to; it needs no grant")
        }
        return row.account
    }

    private func requireGiver(_ session: Session, to receiver: Account, in transaction: Transaction) throws {
        if receiver.certificateKind == .sub {
            let legalPerson = try legalPersonOfMaster(session, in: transaction)
            guard receiver.legalPerson?.uscc == legalPerson.uscc else {
                throw RuleViolation("other_legal_person", "a master grants to its own legal person's sub-certificates only")
            }
        } else {
            try requireAdministrator(session, in: transaction)
            guard receiver.id != session.account.id else {
                throw RuleViolation("beyond_own_rights", "the right to administer is not the right to enter: nobody grants to themselves")
            }
        }
    }

    private func give(_ wish: Wish, to receiver: Account, actor: Actor, in transaction: Transaction) throws -> Grant {
        try requireWindow(wish.windowID, in: transaction)
        try requireBounds(wish)
        if let uscc = receiver.legalPerson?.uscc, try !isAdmitted(uscc, to: wish.windowID, in: transaction) {
            throw RuleViolation("not_admitted", "the legal person is not admitted to this window; an administrator can admit it")
        }
        try withdrawGrants(of: receiver.id, window: wish.windowID, reason: "replaced", actor: actor, in: transaction)
        let id = newBearer(bytes: 16)
        try transaction.execute(
            """
            INSERT INTO grants (id, account_id, window_id, parameters, valid_from, valid_until, given, given_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(id), .text(receiver.id), .text(wish.windowID), .text(try GrantParameters.encode(wish.parameters)), .time(wish.from),
                .time(wish.until), .time(now()), .text(actor.description),
            ])
        try record(
            AuditEvent(
                "grant.given", actor: actor, target: "account:\(receiver.id)",
                details: [
                    "grant": id, "window": wish.windowID, "from": wish.from.formatted(.iso8601), "until": wish.until.formatted(.iso8601),
                    "parameters": wish.parameters.keys.sorted().joined(separator: " "),
                ]), in: transaction)
        return Grant(
            id: id, accountID: receiver.id, windowID: wish.windowID, parameters: wish.parameters,
            from: Date(milliseconds: wish.from.milliseconds), until: Date(milliseconds: wish.until.milliseconds))
    }

    private func requireBounds(_ wish: Wish) throws {
        let bounds = Date.distantPast.timeIntervalSince1970...Date.distantFuture.timeIntervalSince1970
        guard bounds.contains(wish.from.timeIntervalSince1970), bounds.contains(wish.until.timeIntervalSince1970), wish.from < wish.until,
            wish.until > now(), wish.until <= now().addingTimeInterval(settings.grantMaximum.timeInterval)
        else {
            let days = Int(settings.grantMaximum.timeInterval / 86400)
            throw RuleViolation("period_not_permitted", "a grant ends after it starts, in the future, and at most \(days) days from now")
        }
        try GrantParameters.check(wish.parameters)
    }

    /// The giver's side again: a master over its subs' grants, an administrator over any. Ends that window's tokens for the account.
    /// Throws `RuleViolation`: `request_malformed` (no such grant), `not_master`, `not_administrator`, `other_legal_person`.
    package func withdraw(grant id: String, by session: Session) async throws {
        try await storage.write { [self] transaction in
            guard let row = try transaction.row("SELECT * FROM grants WHERE id = ? AND withdrawn IS NULL", [.text(id)]) else {
                throw RuleViolation("request_malformed", "there is no such grant, or it was withdrawn")
            }
            let holder = try requireAccount(row.text("account_id"), in: transaction)
            if let uscc = holder.legalPerson?.uscc {
                _ = try requireMasterOrAdministrator(session, of: uscc, in: transaction)
            } else {
                try requireAdministrator(session, in: transaction)
            }
            try withdrawGrants(
                of: holder.id, window: row.text("window_id"), reason: "withdrawn", actor: .account(session.account.id), in: transaction)
        }
    }

    /// Whatever grant the account has in this window (or in any), with the tokens that rest on it.
    func withdrawGrants(
        of accountID: String, window windowID: String? = nil, reason: String, actor: Actor, in transaction: Transaction
    ) throws {
        let rows = try transaction.rows(
            "SELECT id, window_id FROM grants WHERE account_id = ? AND withdrawn IS NULL AND (? IS NULL OR window_id = ?)",
            [.text(accountID), .optional(windowID), .optional(windowID)])
        for row in rows {
            try transaction.execute(
                "UPDATE grants SET withdrawn = ?, withdrawn_by = ? WHERE id = ?",
                [.time(now()), .text(actor.description), .text(row.text("id"))])
            try record(
                AuditEvent(
                    "grant.withdrawn", actor: actor, target: "account:\(accountID)",
                    details: ["grant": row.text("id"), "window": row.text("window_id"), "reason": reason]), in: transaction)
            try endFamilies(
                ofAccount: accountID, window: row.text("window_id"), reason: "grant_\(reason)", actor: actor, in: transaction)
        }
    }

    /// Ends what an account holds of one window's tokens, codes not yet redeemed included.
    func endFamilies(ofAccount accountID: String, window windowID: String, reason: String, actor: Actor, in transaction: Transaction) throws
    {
        let sessions = "SELECT sid FROM sessions WHERE account_id = ?"
        try transaction.execute(
            "UPDATE authorization_codes SET used = ? WHERE window_id = ? AND used IS NULL AND sid IN (\(sessions))",
            [.time(now()), .text(windowID), .text(accountID)])
        let families = try transaction.rows(
            "SELECT id FROM token_families WHERE window_id = ? AND ended IS NULL AND sid IN (\(sessions))",
            [.text(windowID), .text(accountID)])
        for family in families { try endFamily(family.text("id"), reason: reason, actor: actor, in: transaction) }
    }
}

/// Free parameters of a grant, as the window reads them in tokens.
enum GrantParameters {
    static let countMaximum = 16
    static let lengthMaximum = 256

    static func check(_ parameters: [String: String]) throws(RuleViolation) {
        let fits =
            parameters.count <= countMaximum
            && parameters.allSatisfy { key, value in
                key.isDisplayable(upTo: lengthMaximum) && (value.isEmpty || value.isDisplayable(upTo: lengthMaximum))
            }
        guard fits else {
            throw RuleViolation(
                "request_malformed",
                "a grant has at most \(countMaximum) parameters of at most \(lengthMaximum) characters each, none of them a control character"
            )
        }
    }

    /// A JSON object with sorted keys.
    static func encode(_ parameters: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(parameters), as: UTF8.self)
    }
}

extension Grant {
    init(row: SQLRow) throws {
        self.init(
            id: row.text("id"), accountID: row.text("account_id"), windowID: row.text("window_id"),
            parameters: try JSONDecoder().decode([String: String].self, from: Data(row.text("parameters").utf8)),
            from: row.time("valid_from"), until: row.time("valid_until"))
    }
}
