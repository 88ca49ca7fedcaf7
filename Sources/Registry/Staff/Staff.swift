import Directory
import Foundation
import PKI

/// What one sync did.
package struct SyncOutcome: Sendable, Equatable {
    package var added = 0, changed = 0, removed = 0
    /// Set when nothing was applied: `incomplete` (the search did not finish) or `too_many_removals`.
    package var halted: String?
    package init() {}
}

extension Registry {
    /// The DN to bind as for this user name (case does not matter, RFC 4519 §2.39); nil when the sync does not know it.
    package func distinguishedName(ofStaff uid: String) async throws -> String? {
        try await storage.read { transaction in
            try transaction.row("SELECT dn FROM staff WHERE uid_folded = ? AND gone IS NULL", [.text(uid.foldedUserName)])?.text("dn")
        }
    }

    /// After the directory accepted the password: the staff member's login, or `not_registered` when the sync does not know them.
    package func identify(staff uid: String, address: String) async throws -> Login {
        let login = try await storage.write { [self] transaction -> Login? in
            let row = try transaction.row(
                """
                SELECT s.account_id FROM staff s JOIN accounts a ON a.id = s.account_id
                WHERE s.uid_folded = ? AND s.gone IS NULL AND a.standing = 'active'
                """, [.text(uid.foldedUserName)])
            guard let accountID = row?.text("account_id") else { return nil }
            let login = Login(
                accountID: accountID, acr: Assurance.password, amr: ["pwd"], authTime: now(), path: [], certificateID: nil, goodUntil: nil)
            try record(succeeded(login, method: .password, address: address), in: transaction)
            return login
        }
        if let login { return login }
        let refusal = Refusal(.notRegistered, "the directory sync does not know this member of staff")
        try await record(
            AuditEvent(
                "login.refused", actor: .anonymous, address: address,
                details: ["code": refusal.code.rawValue, "why": refusal.why, "method": LoginMethod.password.rawValue]))
        throw refusal
    }

    /// Lets a member of staff log in with this certificate too (an operator's act): for administration that a password is too weak for. The
    /// certificate names a natural person, by a CA that may issue personal certificates. Throws `Refusal` (`identity_…`) or `RuleViolation`:
    /// `request_malformed`, `already_bound`.
    package func bindCertificate(_ path: ValidatedPath, toStaff uid: String, actor: Actor) async throws -> BoundCertificate {
        let presented = try presented(path)
        guard case .person = presented.subject.identifier else {
            throw RuleViolation("request_malformed", "a member of staff logs in with a personal certificate")
        }
        return try await storage.write { [self] transaction in
            let row = try transaction.row(
                "SELECT account_id FROM staff WHERE uid_folded = ? AND gone IS NULL", [.text(uid.foldedUserName)])
            guard let accountID = row?.text("account_id") else {
                throw RuleViolation("request_malformed", "the directory sync knows no member of staff of this user name")
            }
            let facts = try facts(of: presented, in: transaction)
            try requireFree(facts, in: transaction)
            let id = try insertCertificate(facts, account: accountID, issuedHere: false, in: transaction)
            try record(
                AuditEvent(
                    "certificate.bound", actor: actor, target: "account:\(accountID)",
                    details: ["certificate": facts.fingerprint, "issuer": facts.issuerName]), in: transaction)
            return BoundCertificate(
                id: id, accountID: accountID, kind: .personal, fingerprint: facts.fingerprint, subjectName: facts.subjectName,
                issuerName: facts.issuerName, notAfter: facts.notAfter, standing: .active, issuedHere: false)
        }
    }
}

extension String {
    /// How user names are compared: case folded, outer spaces gone. Empty, which is nobody's, when a control character stands in it: SQLite
    /// would read a text up to its first NUL only.
    var foldedUserName: String {
        guard unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return "" }
        return trimmingCharacters(in: .whitespaces).lowercased()
    }
}
