import Foundation
import PKI

/// What a CA's own statement (a list, a responder's answer, the graph's verdict) says of a certificate bound here.
package struct IssuerStatement: Sendable {
    package enum Said: Sendable, Equatable {
        /// `certificate_revoked` or `certificate_suspended`.
        case revoked(code: RefusalCode, since: Date)
        /// Said to be good, by name.
        case released
        /// A complete statement does not mention it: what it said before is taken back.
        case notListed
        /// Nothing is said (a delta's silence).
        case nothing
    }
    /// Who says it: a newer statement of the same source takes the earlier one's place.
    package let source: [UInt8]
    /// By serial number (content octets).
    package let says: @Sendable (_ serial: [UInt8]) -> Said

    package init(source: [UInt8], says: @escaping @Sendable (_ serial: [UInt8]) -> Said) {
        self.source = source
        self.says = says
    }
}

/// Certificates that their own CA revoked: their sessions end, and by the configured rule those of whoever hangs below.
extension Registry {
    /// One certificate of which something new is said.
    private struct Change: Sendable {
        let certificate: String
        let fingerprint: String
        let account: String
        let kind: String
        let uscc: String?
        let said: IssuerStatement.Said
    }

    /// Applies a statement to the certificates of `issuer` bound here; returns how many sessions ended.
    @discardableResult
    package func apply(_ statement: IssuerStatement, of issuer: AuthorityKey) async throws -> Int {
        let moment = now()
        let changes = try await storage.read { [self] transaction in
            try changesSaid(by: statement, in: transaction, moment, where: "c.issuer = ?", .text(issuer.rowKey))
        }
        return try await enact(changes, source: statement.source)
    }

    /// The same for one certificate by its fingerprint, whoever issued it.
    @discardableResult
    package func apply(_ statement: IssuerStatement, to fingerprint: Fingerprint) async throws -> Int {
        let moment = now()
        let changes = try await storage.read { [self] transaction in
            try changesSaid(by: statement, in: transaction, moment, where: "c.fingerprint = ?", .text(fingerprint.description))
        }
        return try await enact(changes, source: statement.source)
    }

    /// The certificate was validated by what was known at `moment`: whatever was said against it before does not hold any more. What was
    /// learned since the verdict was begun, or in the same instant, stays.
    package func clearIssuerRevocations(of fingerprint: Fingerprint, learnedBefore moment: Date) async throws {
        let arguments = [SQLValue.text(fingerprint.description), .time(moment)]
        let isMarked = try await storage.read { transaction in
            try transaction.row(
                "SELECT 1 AS marked FROM issuer_revocations WHERE fingerprint = ? AND learned < ? LIMIT 1", arguments) != nil
        }
        guard isMarked else { return }
        try await storage.write { [self] transaction in
            guard
                try transaction.execute("DELETE FROM issuer_revocations WHERE fingerprint = ? AND learned < ?", arguments) > 0
            else { return }
            try record(
                AuditEvent("certificate.released_by_issuer", actor: .system, details: ["certificate": fingerprint.description]),
                in: transaction)
        }
    }

    private func changesSaid(
        by statement: IssuerStatement, in transaction: Transaction, _ moment: Date, where condition: String, _ argument: SQLValue
    ) throws -> [Change] {
        var changes: [Change] = []
        try transaction.forEachRow(
            """
            SELECT c.id, c.serial, c.fingerprint, c.account_id, a.kind, a.uscc, r.code FROM certificates c
            JOIN accounts a ON a.id = c.account_id
            LEFT JOIN issuer_revocations r ON r.fingerprint = c.fingerprint AND r.source = ?
            WHERE \(condition) AND c.not_after > ?
            """, [.blob(statement.source), argument, .time(moment)]
        ) { row in
            let said = statement.says(row.blob("serial"))
            let before = row.optionalText("code")
            let isNew =
                switch said {
                case .revoked(let code, _): before != code.rawValue
                case .released, .notListed: before != nil
                case .nothing: false
                }
            guard isNew else { return }
            changes.append(
                Change(
                    certificate: row.text("id"), fingerprint: row.text("fingerprint"), account: row.text("account_id"),
                    kind: row.text("kind"), uscc: row.optionalText("uscc"), said: said))
        }
        return changes
    }

    private func enact(_ changes: [Change], source: [UInt8]) async throws -> Int {
        guard !changes.isEmpty else { return 0 }
        return try await storage.write { [self] transaction in
            try changes.reduce(0) { try $0 + enact($1, source: source, in: transaction) }
        }
    }

    private func enact(_ change: Change, source: [UInt8], in transaction: Transaction) throws -> Int {
        try transaction.execute(
            "DELETE FROM issuer_revocations WHERE fingerprint = ? AND source = ?", [.text(change.fingerprint), .blob(source)])
        guard case .revoked(let code, let since) = change.said else {
            try record(event("certificate.released_by_issuer", change), in: transaction)
            return 0
        }
        try transaction.execute(
            "INSERT INTO issuer_revocations (fingerprint, source, code, since, learned) VALUES (?, ?, ?, ?, ?)",
            [.text(change.fingerprint), .blob(source), .text(code.rawValue), .time(since), .time(now())])
        let word = code == .certificateSuspended ? "suspended" : "revoked"
        try record(event("certificate.\(word)_by_issuer", change), in: transaction)
        let own = try transaction.rows(
            "SELECT sid FROM sessions WHERE account_id = ? AND certificate_id = ? AND ended IS NULL",
            [.text(change.account), .text(change.certificate)])
        let ended = try end(own.map { $0.text("sid") }, reason: code.rawValue, actor: .system, in: transaction)
        return try ended + endSubs(below: change, reason: "master_\(word)", in: transaction)
    }

    /// A sub hangs below its master: when no certificate of the master stands any more, the subs' sessions end.
    private func endSubs(below change: Change, reason: String, in transaction: Transaction) throws -> Int {
        guard change.kind == CertificateKind.master.rawValue, let uscc = change.uscc, settings.revokedMasterEndsSubs,
            try !hasStandingMaster(uscc, in: transaction)
        else { return 0 }
        let below = try transaction.rows(
            "SELECT s.sid FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.uscc = ? AND a.kind = 'sub' AND s.ended IS NULL",
            [.text(uscc)])
        return try end(below.map { $0.text("sid") }, reason: reason, actor: .system, in: transaction)
    }

    private func event(_ kind: String, _ change: Change) -> AuditEvent {
        AuditEvent(kind, actor: .system, target: "account:\(change.account)", details: ["certificate": change.fingerprint])
    }
}

extension Registry {
    /// Current certificates of the master that this sub-certificate hangs below; none when it is no sub.
    package func masters(aboveSub fingerprint: Fingerprint) async throws -> [Fingerprint] {
        let moment = now()
        return try await storage.read { transaction in
            try transaction.rows(
                """
                SELECT m.fingerprint FROM certificates c JOIN accounts a ON a.id = c.account_id
                JOIN accounts b ON b.uscc = a.uscc AND b.kind = 'master' AND b.standing = 'active'
                JOIN certificates m ON m.account_id = b.id AND m.standing = 'active' AND m.not_after > ?
                WHERE c.fingerprint = ? AND a.kind = 'sub' LIMIT 4
                """, [.time(moment), .text(fingerprint.description)]
            ).compactMap { Fingerprint(hex: $0.text("fingerprint")) }
        }
    }
    /// The same of everybody's open session below a master, each once.
    package func mastersAboveOpenSubs() async throws -> [Fingerprint] {
        let moment = now()
        return try await storage.read { transaction in
            try transaction.rows(
                """
                SELECT DISTINCT m.fingerprint FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.kind = 'sub'
                JOIN accounts b ON b.uscc = a.uscc AND b.kind = 'master' AND b.standing = 'active'
                JOIN certificates m ON m.account_id = b.id AND m.standing = 'active' AND m.not_after > ?
                WHERE s.ended IS NULL AND s.expires > ?
                """, [.time(moment), .time(moment)]
            ).compactMap { Fingerprint(hex: $0.text("fingerprint")) }
        }
    }
}
