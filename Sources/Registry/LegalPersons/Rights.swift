import PKI

/// Who may do what: asked inside the transaction that acts, so that a right withdrawn a moment ago no longer counts.
extension Registry {
    /// The session's account as it stands now.
    func standing(_ session: Session, in transaction: Transaction) throws -> Account {
        guard let account = try account(session.account.id, certificateID: session.certificateID, in: transaction) else {
            throw RuleViolation("wrong_state", "the account of this session no longer stands; log in again")
        }
        return account
    }

    /// The legal person whose master this session is.
    func legalPersonOfMaster(_ session: Session, in transaction: Transaction) throws -> LegalPerson {
        let account = try standing(session, in: transaction)
        guard account.certificateKind == .master, let legalPerson = account.legalPerson else {
            throw RuleViolation("not_master", "only the holder of the legal person's master certificate may do this")
        }
        return legalPerson
    }

    func requireAdministrator(_ session: Session, in transaction: Transaction) throws {
        guard try standing(session, in: transaction).isAdministrator else {
            throw RuleViolation("not_administrator", "only an administrator may do this")
        }
    }

    /// What changes trust, masters or administrators needs a certificate-level session, unless the operator relaxed that.
    func requireStrongAdministrator(_ session: Session, in transaction: Transaction) throws {
        try requireAdministrator(session, in: transaction)
        guard settings.passwordAdministration || settings.satisfies(session.acr, atLeast: Assurance.certificate) else {
            throw RuleViolation("assurance_too_low", "log in with a certificate to decide on masters and legal persons")
        }
    }

    /// The master of this legal person, or an administrator.
    func requireMasterOrAdministrator(_ session: Session, of uscc: String, in transaction: Transaction) throws -> Overseer {
        let account = try standing(session, in: transaction)
        if account.isAdministrator { return .administrator }
        guard account.certificateKind == .master else {
            throw RuleViolation("not_master", "only the legal person's master or an administrator may do this")
        }
        guard account.legalPerson?.uscc == uscc else {
            throw RuleViolation("other_legal_person", "a master acts for its own legal person only")
        }
        return .master
    }
}

/// In what right somebody acts on a certificate or a grant. Kept with a suspension: a master does not lift an administrator's.
enum Overseer: String { case administrator, master }

extension RegistrySettings {
    /// Is `acr` at least `wanted`? Values the operator did not order satisfy nothing.
    package func satisfies(_ acr: String, atLeast wanted: String) -> Bool {
        guard let have = assuranceOrder.firstIndex(of: acr), let need = assuranceOrder.firstIndex(of: wanted) else { return false }
        return have >= need
    }
}
