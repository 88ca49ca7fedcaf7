import PKI

/// A legal person may use a window at all: an administrator's decision.
extension Registry {
    /// Throws `RuleViolation`: `not_administrator`, `unknown_legal_person`, `unknown_window`, `wrong_state`. Admitting twice changes nothing.
    package func admit(legalPerson uscc: String, to windowID: String, by session: Session) async throws {
        try await storage.write { [self] transaction in
            try requireAdministrator(session, in: transaction)
            try admit(uscc, to: windowID, actor: .account(session.account.id), in: transaction)
        }
    }

    package func admit(legalPerson uscc: String, to windowID: String, actor: Actor) async throws {
        try await storage.write { [self] in try admit(uscc, to: windowID, actor: actor, in: $0) }
    }

    private func admit(_ uscc: String, to windowID: String, actor: Actor, in transaction: Transaction) throws {
        let legalPerson = try requireLegalPerson(uscc, in: transaction)
        guard legalPerson.standing != .revoked else { throw RuleViolation("wrong_state", "the legal person has been struck off") }
        try requireWindow(windowID, in: transaction)
        let added = try transaction.execute(
            """
            INSERT INTO admissions (uscc, window_id, admitted, admitted_by) VALUES (?, ?, ?, ?) ON CONFLICT (uscc, window_id) DO NOTHING
            """, [.text(uscc), .text(windowID), .time(now()), .text(actor.description)])
        guard added > 0 else { return }
        try record(
            AuditEvent("admission.given", actor: actor, target: "legal_person:\(uscc)", details: ["window": windowID]), in: transaction)
    }

    /// With it go the grants of the legal person's subs and the tokens of all its people for that window. Throws `RuleViolation`:
    /// `not_administrator`, `not_admitted`.
    package func withdrawAdmission(ofLegalPerson uscc: String, to windowID: String, by session: Session) async throws {
        try await storage.write { [self] transaction in
            try requireAdministrator(session, in: transaction)
            let actor = Actor.account(session.account.id)
            guard
                try transaction.execute("DELETE FROM admissions WHERE uscc = ? AND window_id = ?", [.text(uscc), .text(windowID)]) > 0
            else { throw RuleViolation("not_admitted", "the legal person is not admitted to this window") }
            try record(
                AuditEvent("admission.withdrawn", actor: actor, target: "legal_person:\(uscc)", details: ["window": windowID]),
                in: transaction)
            for row in try transaction.rows("SELECT id FROM accounts WHERE uscc = ?", [.text(uscc)]) {
                try withdrawGrants(of: row.text("id"), window: windowID, reason: "admission_withdrawn", actor: actor, in: transaction)
                try endFamilies(
                    ofAccount: row.text("id"), window: windowID, reason: "admission_withdrawn", actor: actor, in: transaction)
            }
        }
    }

    package func admissions(ofLegalPerson uscc: String) async throws -> [String] {
        try await storage.read { transaction in
            try transaction.rows("SELECT window_id FROM admissions WHERE uscc = ? ORDER BY window_id", [.text(uscc)])
                .map { $0.text("window_id") }
        }
    }

    func isAdmitted(_ uscc: String, to windowID: String, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 AS admitted FROM admissions WHERE uscc = ? AND window_id = ?", [.text(uscc), .text(windowID)]) != nil
    }
}
