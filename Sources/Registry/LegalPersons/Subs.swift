import Foundation
import PKI

/// A master hands sub-certificates to colleagues.
extension Registry {
    /// Binds a colleague's certificate (already validated) as a sub-certificate of the master's legal person. Throws `Refusal`
    /// (`identity_…`) or `RuleViolation`: `not_master`, `other_legal_person`, `already_bound`.
    package func bindSub(_ path: ValidatedPath, by session: Session) async throws -> BoundCertificate {
        let presented = try presented(path)
        return try await storage.write { [self] transaction in
            let legalPerson = try legalPersonOfMaster(session, in: transaction)
            return try bindSub(presented, to: legalPerson, actor: .account(session.account.id), in: transaction)
        }
    }

    /// For operators' seeding: the same rules, the operator in the master's place.
    package func bindSub(_ path: ValidatedPath, toLegalPerson uscc: String, actor: Actor) async throws -> Account {
        let presented = try presented(path)
        return try await storage.write { [self] transaction in
            let legalPerson = try requireActive(uscc, in: transaction)
            let bound = try bindSub(presented, to: legalPerson, actor: actor, in: transaction)
            return try requireAccount(bound.accountID, in: transaction)
        }
    }

    private func bindSub(
        _ presented: PresentedCertificate, to legalPerson: LegalPerson, actor: Actor, in transaction: Transaction
    ) throws -> BoundCertificate {
        try presented.entry.mayAssert.permit(CertificateKind.sub)
        guard presented.subject.identifier == .legalPerson(uscc: legalPerson.uscc) else {
            throw RuleViolation("other_legal_person", "the certificate was not issued for this legal person")
        }
        let facts = try facts(of: presented, in: transaction)
        try requireFree(facts, in: transaction)
        guard try accountOfHolder(facts, uscc: legalPerson.uscc, in: transaction) == nil else {
            throw RuleViolation("already_bound", "its holder is bound already; a renewed certificate is taken at its first login")
        }
        return try insertSub(facts, to: legalPerson, issuedHere: presented.isPlatform, actor: actor, in: transaction)
    }

    private func insertSub(
        _ facts: CertificateFacts, to legalPerson: LegalPerson, account: String? = nil, issuedHere: Bool, actor: Actor,
        in transaction: Transaction
    ) throws -> BoundCertificate {
        let account = try insertAccount(kind: .sub, name: facts.subjectName, uscc: legalPerson.uscc, id: account, in: transaction)
        let certificate = try insertCertificate(facts, account: account, issuedHere: issuedHere, in: transaction)
        try transaction.execute(
            """
            UPDATE master_requests SET decision = 'overtaken', decided = ?, decided_by = ? WHERE fingerprint = ? AND decision IS NULL
            """, [.time(now()), .text(actor.description), .text(facts.fingerprint)])
        try record(
            AuditEvent(
                issuedHere ? "certificate.issued" : "certificate.bound", actor: actor, target: "account:\(account)",
                details: [
                    "legal_person": legalPerson.uscc, "certificate": facts.fingerprint, "issuer": facts.issuerName,
                    "serial": facts.serial.hex,
                ]), in: transaction)
        return try boundCertificate(certificate, in: transaction)
    }

    /// No sub-certificate of the platform CA lasts longer, in days.
    package static let issuedDaysMaximum = 1096

    /// Issues a sub-certificate from the platform CA for an uploaded request. Throws `Refusal` (`identity_…`: the trust list's entry of the
    /// platform CA does not read it back) or `RuleViolation`: `not_master`, `request_malformed`, `period_not_permitted`, `already_bound`.
    package func issueSub(
        _ request: CertificateRequest, holderName: String, days: Int, from authority: IssuingAuthority, by session: Session
    ) async throws -> (certificate: Certificate, bound: BoundCertificate) {
        guard holderName.isDisplayable(upTo: 64) else {
            throw RuleViolation("request_malformed", "a holder's name has 1 to 64 characters, none of them a control character")
        }
        return try await storage.write { [self] transaction in
            let legalPerson = try legalPersonOfMaster(session, in: transaction)
            // It stands in the certificate's serialNumber, a PrintableString (RFC 5280 appendix A.1): hexadecimal digits fit.
            let account = random(16).hex
            let certificate = try issue(request, to: holderName, of: legalPerson, holder: account, days: days, from: authority)
            let path = ValidatedPath(
                certificates: [certificate, authority.certificate], issuer: AuthorityKey(subjectOf: authority.certificate), policies: [],
                goodUntil: certificate.notAfter)
            let presented = try presented(path)
            guard presented.subject.identifier == .legalPerson(uscc: legalPerson.uscc) else {
                throw Refusal(.identityMalformed, "the platform CA's profile reads another legal person out of what it issued")
            }
            try presented.entry.mayAssert.permit(CertificateKind.sub)
            let facts = try facts(of: presented, in: transaction)
            try requireFree(facts, in: transaction)
            let bound = try insertSub(
                facts, to: legalPerson, account: account, issuedHere: true, actor: .account(session.account.id), in: transaction)
            return (certificate, bound)
        }
    }

    private func issue(
        _ request: CertificateRequest, to holderName: String, of legalPerson: LegalPerson, holder: String, days: Int,
        from authority: IssuingAuthority
    ) throws -> Certificate {
        let moment = Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down))
        let notAfter = moment.addingTimeInterval(Double(days) * 86400)
        guard (1...Self.issuedDaysMaximum).contains(days), notAfter <= authority.certificate.notAfter else {
            throw RuleViolation(
                "period_not_permitted", "a sub-certificate lasts 1 to \(Self.issuedDaysMaximum) days, and no longer than its CA")
        }
        var serial = random(16)
        serial[0] = serial[0] & 0x7F | 0x40  // positive and of fixed length (RFC 5280 §4.1.2.2)
        return try authority.issueSubCertificate(
            for: request, commonName: holderName, organization: String(legalPerson.name.prefix(64)), uscc: legalPerson.uscc,
            holder: holder, serial: serial, notBefore: moment.addingTimeInterval(-300), notAfter: notAfter,
            revocationListURI: settings.revocationListURI)
    }

    /// Certificates issued by the platform CA that its next CRL must list (reason 6 certificateHold while suspended, RFC 5280 §5.3.1). An
    /// expired one stays until it has surely been on a list issued after its end (§3.3).
    package func revokedIssuedCertificates() async throws -> [(serial: [UInt8], date: Date, reason: Int)] {
        let horizon = now().addingTimeInterval(-40 * 86400)
        return try await storage.read { transaction in
            try transaction.rows(
                """
                SELECT serial, standing, standing_changed FROM certificates
                WHERE issued_here = 1 AND standing <> 'active' AND not_after > ? ORDER BY standing_changed, id
                """, [.time(horizon)]
            ).map { ($0.blob("serial"), $0.time("standing_changed"), $0.text("standing") == Standing.suspended.rawValue ? 6 : 0) }
        }
    }
}

extension String {
    /// 1 to `limit` characters, no control characters, not only spaces.
    func isDisplayable(upTo limit: Int) -> Bool {
        count <= limit && utf8.count <= limit * 4 && contains { !$0.isWhitespace }
            && unicodeScalars.allSatisfy {
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            }
    }
}
