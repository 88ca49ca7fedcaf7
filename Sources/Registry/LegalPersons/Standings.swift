import Foundation
import PKI

/// Suspending, resuming, revoking: at once, for open sessions too, with everything below.
extension Registry {
    /// A legal person, by an administrator. While it is not active none of its people stands. Striking it off (`revoked`) is final.
    /// Throws `RuleViolation`: `not_administrator`, `assurance_too_low`, `unknown_legal_person`, `wrong_state`.
    package func setStanding(_ standing: Standing, ofLegalPerson uscc: String, by session: Session) async throws {
        try await storage.write { [self] transaction in
            try requireStrongAdministrator(session, in: transaction)
            let legalPerson = try requireLegalPerson(uscc, in: transaction)
            try requireStep(from: legalPerson.standing, to: standing)
            try transaction.execute("UPDATE legal_persons SET standing = ? WHERE uscc = ?", [.text(standing.rawValue), .text(uscc)])
            let actor = Actor.account(session.account.id)
            try record(
                AuditEvent("legal_person.\(standing.auditWord)", actor: actor, target: "legal_person:\(uscc)"), in: transaction)
            if standing != .active {
                try endSessions(ofLegalPerson: uscc, reason: "legal_person_\(standing)", actor: actor, in: transaction)
            }
        }
    }

    /// The master over its subs; an administrator over any. Revoking is final. Ends sessions.
    ///
    /// What is done to an account's current certificate is done to its holder: a renewed certificate is no way round it. A superseded
    /// certificate goes alone; so does a revoked personal one, whose person stays who they are. A master that is revoked leaves its subs
    /// suspended for the next master to look at; to guard against accidents it must have been suspended before. Throws `RuleViolation`:
    /// `unknown_certificate`, `not_master`, `other_legal_person`, `last_master`, `beyond_own_rights`, `assurance_too_low`, `wrong_state`.
    package func setStanding(_ standing: Standing, ofCertificate id: String, by session: Session) async throws {
        try await storage.write { [self] transaction in
            guard let row = try transaction.row("SELECT * FROM certificates WHERE id = ?", [.text(id)]),
                let holder = try accountRow(row.text("account_id"), in: transaction)
            else { throw RuleViolation("unknown_certificate", "there is no such certificate here") }
            let overseer = try requireOverseer(of: holder, by: session, in: transaction)
            try requireStep(from: try row.choice("standing"), to: standing)
            let isAlone = row.optionalTime("superseded") != nil || (holder.account.certificateKind == .personal && standing == .revoked)
            let change = StandingChange(standing: standing, certificate: id, actor: .account(session.account.id), overseer: overseer)
            if !isAlone { try changeHolder(holder, change, in: transaction) }
            try changeCertificates(of: holder.account.id, change, alone: isAlone, in: transaction)
            try record(
                AuditEvent(
                    "certificate.\(standing.auditWord)", actor: change.actor, target: "account:\(holder.account.id)",
                    details: ["certificate": row.text("fingerprint"), "as": overseer.rawValue]), in: transaction)
        }
    }

    private func requireOverseer(of holder: AccountRow, by session: Session, in transaction: Transaction) throws -> Overseer {
        switch holder.account.certificateKind {
        case .sub:
            return try requireMasterOrAdministrator(session, of: holder.account.legalPerson?.uscc ?? "", in: transaction)
        case .master where try standing(session, in: transaction).id == holder.account.id:
            throw RuleViolation("last_master", "a master does not suspend or revoke itself; ask an administrator")
        case .personal:
            try requireAdministrator(session, in: transaction)
        case .master, nil:
            try requireStrongAdministrator(session, in: transaction)
        }
        return .administrator
    }

    private func changeHolder(_ holder: AccountRow, _ change: StandingChange, in transaction: Transaction) throws {
        let id = holder.account.id
        let isMaster = holder.account.certificateKind == .master
        if isMaster, change.standing == .revoked, holder.standing != .suspended {
            throw RuleViolation("last_master", "this is the legal person's only master; suspend it first, then revoke it")
        }
        if change.standing == .active { try requireLift(of: id, change, in: transaction) }
        try transaction.execute(
            "UPDATE accounts SET standing = ?, suspended_by = ? WHERE id = ?",
            [.text(change.standing.rawValue), .optional(change.standing == .suspended ? change.overseer.rawValue : nil), .text(id)])
        guard change.standing != .active else { return }
        guard isMaster, let uscc = holder.account.legalPerson?.uscc else {
            return try endSessions(ofAccount: id, reason: "certificate_\(change.standing)", actor: change.actor, in: transaction)
        }
        if change.standing == .revoked { try suspendSubs(of: uscc, actor: change.actor, in: transaction) }
        try endSessions(ofLegalPerson: uscc, reason: "master_\(change.standing)", actor: change.actor, in: transaction)
    }

    /// Whoever suspended says whose resuming counts: an administrator's suspension is not lifted by a master.
    private func requireLift(of accountID: String, _ change: StandingChange, in transaction: Transaction) throws {
        let row = try transaction.row("SELECT suspended_by FROM accounts WHERE id = ?", [.text(accountID)])
        guard change.overseer == .administrator || row?.optionalText("suspended_by") != Overseer.administrator.rawValue else {
            throw RuleViolation("beyond_own_rights", "an administrator suspended it; only an administrator can resume it")
        }
    }

    /// The rows of the holder's certificates, or of this one. What is revoked stays so.
    private func changeCertificates(of accountID: String, _ change: StandingChange, alone: Bool, in transaction: Transaction) throws {
        let columns: [SQLValue] = [.text(change.standing.rawValue), .time(now()), .text(accountID)]
        let update = "UPDATE certificates SET standing = ?, standing_changed = ? WHERE account_id = ? AND standing <> 'revoked'"
        guard alone else {
            try transaction.execute(update, columns)
            return
        }
        try transaction.execute(update + " AND id = ?", columns + [.text(change.certificate)])
        guard change.standing != .active else { return }
        try endSessions(
            ofAccount: accountID, certificateID: change.certificate, reason: "certificate_\(change.standing)", actor: change.actor,
            in: transaction)
    }

    /// A change of master suspends everything below it: the next master resumes whom it trusts.
    private func suspendSubs(of uscc: String, actor: Actor, in transaction: Transaction) throws {
        let subs = try transaction.rows(
            "SELECT id FROM accounts WHERE uscc = ? AND kind = 'sub' AND standing = 'active'", [.text(uscc)]
        ).map { $0.text("id") }
        for id in subs {
            try transaction.execute(
                "UPDATE accounts SET standing = 'suspended', suspended_by = ? WHERE id = ?", [.text(Overseer.master.rawValue), .text(id)])
            try transaction.execute(
                "UPDATE certificates SET standing = 'suspended', standing_changed = ? WHERE account_id = ? AND standing = 'active'",
                [.time(now()), .text(id)])
            try record(
                AuditEvent("certificate.suspended", actor: actor, target: "account:\(id)", details: ["why": "master revoked"]),
                in: transaction)
        }
    }

    private func endSessions(ofLegalPerson uscc: String, reason: String, actor: Actor, in transaction: Transaction) throws {
        for row in try transaction.rows("SELECT id FROM accounts WHERE uscc = ?", [.text(uscc)]) {
            try endSessions(ofAccount: row.text("id"), reason: reason, actor: actor, in: transaction)
        }
    }

    private func requireStep(from old: Standing, to new: Standing) throws {
        guard old != .revoked else { throw RuleViolation("wrong_state", "revoking is final") }
        guard old != new else { throw RuleViolation("wrong_state", "it is \(new.rawValue) already") }
    }
}

private struct StandingChange {
    let standing: Standing
    let certificate: String
    let actor: Actor
    let overseer: Overseer
}

extension Standing {
    fileprivate var auditWord: String { self == .active ? "resumed" : rawValue }
}
