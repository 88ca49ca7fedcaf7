import Foundation
import PKI

/// A certificate that is not bound here yet: a renewal, a natural person, a master to be, or nobody.
extension Registry {
    /// A natural person is known by their number, whichever certificate comes: the account is made at the first login.
    func findPerson(
        _ identifier: String, masked: String, presented: PresentedCertificate, in transaction: Transaction
    ) throws -> Finding {
        let hash = try keyedHash("person", identifier, in: transaction)
        let known = try transaction.row("SELECT id FROM accounts WHERE person_hash = ?", [.text(hash)])
        if let accountID = known?.text("id") {
            if let row = try accountRow(accountID, in: transaction),
                let refusal = try refusal(of: row, presented: presented, in: transaction)
            {
                return .refused(refusal)
            }
            return try renew(accountID, with: try facts(of: presented, in: transaction), in: transaction)
        }
        return try openPersonal(presented, hash: hash, masked: masked, in: transaction)
    }

    private func openPersonal(
        _ presented: PresentedCertificate, hash: String, masked: String, in transaction: Transaction
    ) throws -> Finding {
        let facts = try facts(of: presented, in: transaction)
        let account = try insertAccount(
            kind: .personal, name: presented.subject.name, uscc: nil, personHash: hash, masked: masked, in: transaction)
        let certificate = try insertCertificate(facts, account: account, issuedHere: false, in: transaction)
        try record(
            AuditEvent(
                "account.opened", actor: .account(account), target: "account:\(account)",
                details: ["kind": "personal", "certificate": facts.fingerprint]), in: transaction)
        return .found(account: account, certificate: certificate)
    }

    /// A legal person's certificate: a renewal of one that is bound, else perhaps its master.
    func findHolder(uscc: String, presented: PresentedCertificate, in transaction: Transaction) throws -> Finding {
        guard let legalPerson = try legalPerson(uscc: uscc, in: transaction) else {
            return .refused(Refusal(.notRegistered, "the legal person is not in the registry"))
        }
        let facts = try facts(of: presented, in: transaction)
        // What the platform CA issues is bound as it is issued, so an unbound one did not come from here: it renews nothing.
        if !presented.isPlatform, let accountID = try accountOfHolder(facts, uscc: uscc, in: transaction),
            let row = try accountRow(accountID, in: transaction)
        {
            if let refusal = try refusal(of: row, presented: presented, in: transaction) { return .refused(refusal) }
            return try renew(accountID, with: facts, in: transaction)
        }
        if let refusal = refusal(of: legalPerson) { return .refused(refusal) }
        return try openMaster(legalPerson, presented: presented, facts: facts, in: transaction)
    }

    /// The account of the same holder at the same CA (by name and key) for the same legal person. Only by the CA's entity identifier, never
    /// by a name; revoked accounts are past, and two candidates are none.
    func accountOfHolder(_ facts: CertificateFacts, uscc: String, in transaction: Transaction) throws -> String? {
        guard let holderHash = facts.holderHash else { return nil }
        let candidates = try transaction.rows(
            """
            SELECT DISTINCT a.id FROM certificates c JOIN accounts a ON a.id = c.account_id
            WHERE c.issuer = ? AND c.holder_hash = ? AND a.uscc = ? AND a.standing <> 'revoked'
            """, [.text(facts.issuer), .text(holderHash), .text(uscc)])
        return candidates.count == 1 ? candidates[0].text("id") : nil
    }

    private func renew(_ accountID: String, with facts: CertificateFacts, in transaction: Transaction) throws -> Finding {
        let certificate = try insertCertificate(facts, account: accountID, issuedHere: false, in: transaction)
        try record(
            AuditEvent(
                "certificate.renewed", actor: .account(accountID), target: "account:\(accountID)",
                details: ["certificate": facts.fingerprint, "issuer": facts.issuerName]), in: transaction)
        return .found(account: accountID, certificate: certificate)
    }

    func legalPerson(uscc: String, in transaction: Transaction) throws -> LegalPerson? {
        try transaction.row("SELECT * FROM legal_persons WHERE uscc = ?", [.text(uscc)]).map(LegalPerson.init(row:))
    }
}

extension LegalPerson {
    init(row: SQLRow) throws {
        self.init(uscc: row.text("uscc"), name: row.text("name"), standing: try row.choice("standing"))
    }
}
