import Foundation
import PKI

/// A row of `accounts` with what hangs on it.
struct AccountRow {
    /// `staff`, or a certificate kind's name.
    let kind: String
    let standing: Standing
    /// Has the directory lost this member of staff?
    let isGone: Bool
    let account: Account
}

extension Registry {
    /// Does this account (with this certificate) still stand? Nil: no. Called at each session look-up, so every suspension, withdrawal and
    /// departure counts at once. A holder of a certificate stands only with one; staff stand with or without.
    package func account(_ id: String, certificateID: String?, in transaction: Transaction) throws -> Account? {
        guard let row = try accountRow(id, in: transaction), row.standing == .active, !row.isGone else { return nil }
        if let certificateID {
            guard try certificateStands(certificateID, ofAccount: id, in: transaction) else { return nil }
        } else if row.account.certificateKind != nil {
            return nil
        }
        guard let legalPerson = row.account.legalPerson else { return row.account }
        guard legalPerson.standing == .active else { return nil }
        if row.account.certificateKind == .sub, try !hasStandingMaster(legalPerson.uscc, in: transaction) { return nil }
        return row.account
    }

    /// Whatever its standing; nil when there is no such account.
    func accountRow(_ id: String, in transaction: Transaction) throws -> AccountRow? {
        let row = try transaction.row(
            """
            SELECT a.id, a.kind, a.name, a.standing, a.uscc, l.name AS legal_name, l.standing AS legal_standing,
                s.uid, s.unit_path, s.gone
            FROM accounts a LEFT JOIN legal_persons l ON l.uscc = a.uscc LEFT JOIN staff s ON s.account_id = a.id WHERE a.id = ?
            """, [.text(id)])
        return try row.map { try accountRow($0, in: transaction) }
    }

    private func accountRow(_ row: SQLRow, in transaction: Transaction) throws -> AccountRow {
        let kind = row.text("kind")
        let account =
            if let uid = row.optionalText("uid") {
                try staffAccount(row, uid: uid, in: transaction)
            } else {
                Account(
                    id: row.text("id"), kind: .certificate(try row.choice("kind")), name: row.text("name"),
                    legalPerson: try row.optionalText("uscc").map {
                        LegalPerson(uscc: $0, name: row.text("legal_name"), standing: try row.choice("legal_standing"))
                    })
            }
        return AccountRow(kind: kind, standing: try row.choice("standing"), isGone: row.optionalTime("gone") != nil, account: account)
    }

    private func staffAccount(_ row: SQLRow, uid: String, in transaction: Transaction) throws -> Account {
        let roles = try transaction.rows("SELECT role FROM staff_roles WHERE account_id = ? ORDER BY role", [.text(row.text("id"))])
            .map { $0.text("role") }
        return Account(
            id: row.text("id"), kind: .staff(uid: uid), name: row.text("name"), legalPerson: nil, roles: roles,
            orgUnit: row.text("unit_path"), isAdministrator: !settings.administratorRoles.isDisjoint(with: roles))
    }

    private func certificateStands(_ id: String, ofAccount accountID: String, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            "SELECT 1 AS stands FROM certificates WHERE id = ? AND account_id = ? AND standing = 'active' AND not_after > ?",
            [.text(id), .text(accountID), .time(now())]) != nil
    }

    /// Everything below a master falls with it: its subs stand only while it does, with a certificate that has not expired and that, by
    /// the configured rule, its own CA has not revoked.
    func hasStandingMaster(_ uscc: String, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            """
            SELECT 1 AS stands FROM accounts a JOIN certificates c ON c.account_id = a.id
            WHERE a.uscc = ? AND a.kind = 'master' AND a.standing = 'active' AND c.standing = 'active' AND c.not_after > ?
                AND (? = 0 OR NOT EXISTS (SELECT 1 FROM issuer_revocations r WHERE r.fingerprint = c.fingerprint)) LIMIT 1
            """, [.text(uscc), .time(now()), .flag(settings.revokedMasterEndsSubs)]) != nil
    }

    func insertAccount(
        kind: CertificateKind, name: String, uscc: String?, personHash: String? = nil, masked: String? = nil, id: String? = nil,
        in transaction: Transaction
    ) throws -> String {
        let id = id ?? newBearer(bytes: 16)
        try transaction.execute(
            """
            INSERT INTO accounts (id, kind, name, uscc, person_hash, masked, standing, created) VALUES (?, ?, ?, ?, ?, ?, 'active', ?)
            """,
            [.text(id), .text(kind.rawValue), .text(name), .optional(uscc), .optional(personHash), .optional(masked), .time(now())])
        return id
    }

    /// Finds accounts for the administrator's page (personal certificates, staff), by name, user name or masked number.
    package func accounts(matching text: String?, limit: Int, offset: Int) async throws -> [Account] {
        let pattern = SQLValue.text(text.map(\.containsPattern) ?? "%")
        return try await storage.read { [self] transaction in
            try transaction.rows(
                """
                SELECT a.id FROM accounts a LEFT JOIN staff s ON s.account_id = a.id
                WHERE a.kind IN ('personal', 'staff') AND s.gone IS NULL
                    AND (a.name LIKE ? ESCAPE '\\' OR s.uid LIKE ? ESCAPE '\\' OR a.masked LIKE ? ESCAPE '\\')
                ORDER BY a.kind, a.name, a.id LIMIT ? OFFSET ?
                """, [pattern, pattern, pattern] + .page(limit: limit, offset: offset)
            ).compactMap { try accountRow($0.text("id"), in: transaction)?.account }
        }
    }
}

extension String {
    /// A LIKE pattern (with `ESCAPE '\'`) for texts that contain this one.
    var containsPattern: String {
        "%" + prefix(128).replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
    }
}

extension [SQLValue] {
    /// At most 200 rows, from `offset` on.
    static func page(limit: Int, offset: Int) -> [SQLValue] {
        [.integer(Int64(Swift.min(Swift.max(limit, 0), 200))), .integer(Int64(Swift.max(offset, 0)))]
    }
}
