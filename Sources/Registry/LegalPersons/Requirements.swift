import PKI

/// What must hold of things before something is done to them; each a reason, thrown as `RuleViolation`.
extension Registry {
    func requireActive(_ uscc: String, in transaction: Transaction) throws -> LegalPerson {
        let legalPerson = try requireLegalPerson(uscc, in: transaction)
        guard legalPerson.standing == .active else {
            throw RuleViolation("wrong_state", "the legal person is \(legalPerson.standing.rawValue)")
        }
        return legalPerson
    }

    func requireLegalPerson(_ uscc: String, in transaction: Transaction) throws -> LegalPerson {
        guard let legalPerson = try legalPerson(uscc: uscc, in: transaction) else {
            throw RuleViolation("unknown_legal_person", "there is no such legal person in the registry; import it first")
        }
        return legalPerson
    }

    /// A certificate is bound once, for good: not even a revoked one comes back.
    func requireFree(_ facts: CertificateFacts, in transaction: Transaction) throws {
        guard try transaction.row("SELECT 1 AS known FROM certificates WHERE fingerprint = ?", [.text(facts.fingerprint)]) == nil else {
            throw RuleViolation("already_bound", "this certificate is bound already, or was")
        }
    }

    func requireNoMaster(_ uscc: String, in transaction: Transaction) throws {
        guard try !hasMaster(uscc, in: transaction) else { throw RuleViolation("has_master", "the legal person has a master") }
    }

    func requireAccount(_ id: String, in transaction: Transaction) throws -> Account {
        guard let account = try accountRow(id, in: transaction)?.account else {
            throw RuleViolation("request_malformed", "there is no such account")
        }
        return account
    }

    func requireWindow(_ id: String, in transaction: Transaction) throws {
        guard try transaction.row("SELECT 1 AS known FROM windows WHERE id = ?", [.text(id)]) != nil else {
            throw RuleViolation("unknown_window", "there is no such window")
        }
    }
}
