import Foundation
import PKI

/// Becoming master is a decision.
extension Registry {
    /// No legal person waits for more decisions than this.
    private static let waitingMaximum = 20

    /// For an unbound certificate of a registered legal person: opens the master where the CA's entry says `automatic` and this legal person
    /// never had one, else files a request for an administrator, else refuses.
    func openMaster(
        _ legalPerson: LegalPerson, presented: PresentedCertificate, facts: CertificateFacts, in transaction: Transaction
    ) throws -> Finding {
        guard try !hasMaster(legalPerson.uscc, in: transaction) else {
            return .refused(
                Refusal(.notRegistered, "the certificate is not bound; the legal person's master can bind it as a sub-certificate"))
        }
        guard mayOpenMaster(presented) else {
            return .refused(Refusal(.notRegistered, "the legal person has no master, and this certificate may not become it"))
        }
        if presented.entry.master.opening == .automatic, settings.satisfies(presented.acr, atLeast: Assurance.certificate),
            try isUntouched(legalPerson.uscc, by: facts, in: transaction)
        {
            let (account, certificate) = try insertMaster(legalPerson.uscc, facts: facts, actor: .system, how: "automatic", in: transaction)
            return .found(account: account, certificate: certificate)
        }
        return try file(facts, for: legalPerson, in: transaction)
    }

    /// Never for the platform CA: what it issues is a sub-certificate by a master's own hand.
    private func mayOpenMaster(_ presented: PresentedCertificate) -> Bool {
        presented.subject.masterEligible && !presented.isPlatform && presented.entry.mayAssert.kinds.contains(.master)
    }

    func hasMaster(_ uscc: String, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            "SELECT 1 AS known FROM accounts WHERE uscc = ? AND kind = 'master' AND standing <> 'revoked'", [.text(uscc)]) != nil
    }

    /// Did the legal person never have a master, and was this holder never anything else of it? (A sub must not rise by a renewed
    /// certificate; where subs are bound, a holder that the CA gives no identifier might be one of them.)
    private func isUntouched(_ uscc: String, by facts: CertificateFacts, in transaction: Transaction) throws -> Bool {
        let known = try transaction.rows(
            "SELECT a.kind, c.holder_hash FROM accounts a JOIN certificates c ON c.account_id = a.id WHERE a.uscc = ?", [.text(uscc)])
        return known.allSatisfy { row in
            row.text("kind") != CertificateKind.master.rawValue && facts.holderHash != nil
                && row.optionalText("holder_hash") != facts.holderHash
        }
    }

    private func insertMaster(
        _ uscc: String, facts: CertificateFacts, actor: Actor, how: String, in transaction: Transaction
    ) throws -> (account: String, certificate: String) {
        let account = try insertAccount(kind: .master, name: facts.subjectName, uscc: uscc, in: transaction)
        let certificate = try insertCertificate(facts, account: account, issuedHere: false, in: transaction)
        try record(
            AuditEvent(
                "master.opened", actor: actor, target: "legal_person:\(uscc)",
                details: ["account": account, "certificate": facts.fingerprint, "issuer": facts.issuerName, "how": how]),
            in: transaction)
        return (account, certificate)
    }

    /// One request a certificate, whatever comes of it.
    private func file(_ facts: CertificateFacts, for legalPerson: LegalPerson, in transaction: Transaction) throws -> Finding {
        if let row = try transaction.row("SELECT decision FROM master_requests WHERE fingerprint = ?", [.text(facts.fingerprint)]) {
            let why =
                row.optionalText("decision") == nil
                ? "an administrator has not decided yet whether this becomes the legal person's master"
                : "an administrator declined this certificate as the legal person's master"
            return .refused(Refusal(.notRegistered, why))
        }
        let waiting = try transaction.rows(
            "SELECT id FROM master_requests WHERE uscc = ? AND decision IS NULL", [.text(legalPerson.uscc)])
        guard waiting.count < Self.waitingMaximum else {
            return .refused(
                Refusal(.notRegistered, "too many certificates wait to become this legal person's master; ask an administrator"))
        }
        let id = newBearer(bytes: 16)
        try transaction.execute(
            """
            INSERT INTO master_requests (id, uscc, \(CertificateFacts.columns), requested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, [.text(id), .text(legalPerson.uscc)] + facts.values + [.time(now())])
        try record(
            AuditEvent(
                "master.requested", actor: .anonymous, target: "legal_person:\(legalPerson.uscc)",
                details: ["request": id, "certificate": facts.fingerprint, "issuer": facts.issuerName]), in: transaction)
        return .refused(
            Refusal(.notRegistered, "an administrator must decide whether this becomes the legal person's master; the request is filed"))
    }

    /// Waiting for an administrator's decision, oldest first.
    package func masterRequests() async throws -> [MasterRequest] {
        try await storage.read { transaction in
            try transaction.rows(
                """
                SELECT r.*, l.name, l.standing FROM master_requests r JOIN legal_persons l ON l.uscc = r.uscc
                WHERE r.decision IS NULL ORDER BY r.requested, r.id LIMIT 1000
                """
            ).map { row in
                MasterRequest(
                    id: row.text("id"), legalPerson: try LegalPerson(row: row), holderName: row.text("subject_name"),
                    issuerName: row.text("issuer_name"), fingerprint: row.text("fingerprint"), requested: row.time("requested"))
            }
        }
    }

    /// Approving opens the master and closes the legal person's other requests. Throws `RuleViolation`: `not_administrator`,
    /// `assurance_too_low`, `request_malformed` (no such request), `wrong_state`, `has_master`, `already_bound`.
    package func decideMaster(request id: String, approve: Bool, by session: Session) async throws {
        try await storage.write { [self] transaction in
            try requireStrongAdministrator(session, in: transaction)
            let actor = Actor.account(session.account.id)
            guard let row = try transaction.row("SELECT * FROM master_requests WHERE id = ?", [.text(id)]) else {
                throw RuleViolation("request_malformed", "there is no such request")
            }
            guard row.optionalText("decision") == nil else { throw RuleViolation("wrong_state", "this request has been decided") }
            if approve { try approveMaster(row, actor: actor, in: transaction) }
            try close(row, decision: approve ? "approved" : "declined", actor: actor, in: transaction)
        }
    }

    private func approveMaster(_ request: SQLRow, actor: Actor, in transaction: Transaction) throws {
        let (uscc, facts) = (request.text("uscc"), CertificateFacts(row: request))
        guard facts.notAfter > now() else { throw RuleViolation("wrong_state", "the certificate has expired since") }
        try requireFree(facts, in: transaction)
        try requireNoMaster(uscc, in: transaction)
        _ = try insertMaster(uscc, facts: facts, actor: actor, how: "approval", in: transaction)
        try transaction.execute(
            """
            UPDATE master_requests SET decision = 'overtaken', decided = ?, decided_by = ? WHERE uscc = ? AND id <> ? AND decision IS NULL
            """, [.time(now()), .text(actor.description), .text(uscc), .text(request.text("id"))])
    }

    private func close(_ request: SQLRow, decision: String, actor: Actor, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE master_requests SET decision = ?, decided = ?, decided_by = ? WHERE id = ?",
            [.text(decision), .time(now()), .text(actor.description), .text(request.text("id"))])
        try record(
            AuditEvent(
                "master.\(decision)", actor: actor, target: "legal_person:\(request.text("uscc"))",
                details: ["request": request.text("id"), "certificate": request.text("fingerprint")]), in: transaction)
    }

    /// For the demo's and operators' seeding (actor `cli:…`): the operator's own decision, so any CA whose entry allows masters at all will do.
    /// Throws `Refusal` (`identity_…`) or `RuleViolation`: `unknown_legal_person`, `wrong_state`, `has_master`, `already_bound`.
    package func openMaster(_ path: ValidatedPath, actor: Actor) async throws -> Account {
        let presented = try presented(path)
        try presented.entry.mayAssert.permit(CertificateKind.master)
        guard case .legalPerson(let uscc) = presented.subject.identifier else {
            throw RuleViolation("other_legal_person", "the certificate names no legal person")
        }
        guard !presented.isPlatform else { throw RuleViolation("wrong_state", "what the platform CA issued never becomes a master") }
        return try await storage.write { [self] transaction in
            _ = try requireActive(uscc, in: transaction)
            let facts = try facts(of: presented, in: transaction)
            try requireFree(facts, in: transaction)
            try requireNoMaster(uscc, in: transaction)
            let opened = try insertMaster(uscc, facts: facts, actor: actor, how: "operator", in: transaction)
            return try requireAccount(opened.account, in: transaction)
        }
    }
}
