import Foundation
import PKI

/// What a look at a certificate came to. A refusal is a value here, not thrown: a request that was filed beside it must stay.
private enum Outcome: Sendable {
    case login(Login)
    case refused(Refusal)
}

extension Registry {
    /// From a validated path to a login: reads the subject, finds or makes the account (automatic master, renewal, personal), or refuses
    /// with `not_registered`, `legal_person_suspended`, `certificate_suspended`, `certificate_revoked`, `identity_…`. Audits both outcomes.
    package func identify(_ path: ValidatedPath, method: LoginMethod, address: String) async throws -> Login {
        do {
            let presented = try presented(path)
            let outcome = try await storage.write { [self] transaction -> Outcome in
                switch try find(presented, in: transaction) {
                case .refused(let refusal): return .refused(refusal)
                case .found(let accountID, let certificateID):
                    let login = Login(presented, account: accountID, certificate: certificateID, method: method, at: now())
                    try record(succeeded(login, method: method, address: address), in: transaction)
                    return .login(login)
                }
            }
            switch outcome {
            case .login(let login): return login
            case .refused(let refusal): throw refusal
            }
        } catch let refusal as Refusal {
            try await record(
                AuditEvent(
                    "login.refused", actor: .anonymous, address: address,
                    details: [
                        "code": refusal.code.rawValue, "why": refusal.why, "method": method.rawValue,
                        "certificate": path.leaf.fingerprint.description,
                    ]))
            throw refusal
        }
    }

    func succeeded(_ login: Login, method: LoginMethod, address: String) -> AuditEvent {
        var details = ["method": method.rawValue, "acr": login.acr]
        details["certificate"] = login.path.first
        return AuditEvent(
            "login.succeeded", actor: .account(login.accountID), target: "account:\(login.accountID)", address: address, details: details)
    }

    private func find(_ presented: PresentedCertificate, in transaction: Transaction) throws -> Finding {
        if let known = try transaction.row(
            "SELECT id, account_id, standing FROM certificates WHERE fingerprint = ?", [.text(presented.fingerprint)])
        {
            return try judge(known, presented: presented, in: transaction)
        }
        switch presented.subject.identifier {
        case .person(let identifier, let masked):
            return try findPerson(identifier, masked: masked, presented: presented, in: transaction)
        case .legalPerson(let uscc): return try findHolder(uscc: uscc, presented: presented, in: transaction)
        }
    }

    /// A certificate that is bound here.
    private func judge(_ known: SQLRow, presented: PresentedCertificate, in transaction: Transaction) throws -> Finding {
        switch try known.choice("standing") as Standing {
        case .revoked: return .refused(Refusal(.certificateRevoked, "the certificate was revoked here"))
        case .suspended: return .refused(Refusal(.certificateSuspended, "the certificate is suspended here"))
        case .active: break
        }
        let accountID = known.text("account_id")
        guard let row = try accountRow(accountID, in: transaction), try names(presented, account: row.account, in: transaction) else {
            return .refused(Refusal(.identityNotPermitted, "the certificate no longer names the holder it was bound for"))
        }
        if let refusal = try refusal(of: row, presented: presented, in: transaction) { return .refused(refusal) }
        return .found(account: accountID, certificate: known.text("id"))
    }

    /// Does the certificate, read by today's profile, still name the account's legal person or person? (Staff are bound by fingerprint.)
    private func names(_ presented: PresentedCertificate, account: Account, in transaction: Transaction) throws -> Bool {
        switch (presented.subject.identifier, account.kind) {
        case (.legalPerson(let uscc), _): account.legalPerson?.uscc == uscc
        case (.person(let identifier, _), .certificate(.personal)):
            try transaction.row(
                "SELECT 1 AS same FROM accounts WHERE id = ? AND person_hash = ?",
                [.text(account.id), .text(try keyedHash("person", identifier, in: transaction))]) != nil
        case (.person, .staff): true
        case (.person, .certificate): false
        }
    }

    /// Why an account may not log in with this CA's certificate now; nil: it may.
    func refusal(of row: AccountRow, presented: PresentedCertificate, in transaction: Transaction) throws -> Refusal? {
        do throws(Refusal) {
            try presented.entry.mayAssert.permit(row.account.certificateKind ?? .personal)
        } catch {
            return error
        }
        if row.standing == .revoked { return Refusal(.certificateRevoked, "the holder's certificate was revoked here") }
        if row.standing == .suspended { return Refusal(.certificateSuspended, "the holder's certificate is suspended here") }
        if row.isGone { return Refusal(.notRegistered, "the directory no longer has this member of staff") }
        guard let legalPerson = row.account.legalPerson else { return nil }
        if let refusal = refusal(of: legalPerson) { return refusal }
        guard row.account.certificateKind == .sub, try !hasStandingMaster(legalPerson.uscc, in: transaction) else { return nil }
        return Refusal(
            .certificateSuspended, "the master certificate that this sub-certificate hangs below is suspended, revoked or expired")
    }

    func refusal(of legalPerson: LegalPerson) -> Refusal? {
        legalPerson.standing == .active ? nil : Refusal(.legalPersonSuspended, "the legal person is \(legalPerson.standing.rawValue) here")
    }
}

/// Whom a certificate leads to.
enum Finding {
    case found(account: String, certificate: String)
    case refused(Refusal)
}

extension Login {
    fileprivate init(_ presented: PresentedCertificate, account: String, certificate: String, method: LoginMethod, at moment: Date) {
        let acr = presented.acr
        self.init(
            accountID: account, acr: acr, amr: acr == Assurance.certificateHardware ? ["hwk", "pop"] : ["pop"], authTime: moment,
            path: presented.path.fingerprints.map(\.description), certificateID: certificate, goodUntil: presented.path.goodUntil)
    }
}
