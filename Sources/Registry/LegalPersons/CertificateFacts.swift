import Foundation
import PKI

/// What a row keeps of a certificate. Numbers and entity identifiers only as keyed hashes.
struct CertificateFacts {
    let fingerprint: String
    let issuer: String
    let issuerName: String
    let serial: [UInt8]
    let holderHash: String?
    let subjectName: String
    let notAfter: Date
}

extension CertificateFacts {
    static let columns = "fingerprint, issuer, issuer_name, serial, holder_hash, subject_name, not_after"

    init(row: SQLRow) {
        self.init(
            fingerprint: row.text("fingerprint"), issuer: row.text("issuer"), issuerName: row.text("issuer_name"),
            serial: row.blob("serial"), holderHash: row.optionalText("holder_hash"), subjectName: row.text("subject_name"),
            notAfter: row.time("not_after"))
    }

    /// In the order of `columns`.
    var values: [SQLValue] {
        [
            .text(fingerprint), .text(issuer), .text(issuerName), .blob(serial), .optional(holderHash), .text(subjectName),
            .time(notAfter),
        ]
    }
}

extension Registry {
    func facts(of presented: PresentedCertificate, in transaction: Transaction) throws -> CertificateFacts {
        CertificateFacts(
            fingerprint: presented.fingerprint, issuer: presented.issuer, issuerName: presented.entry.name,
            serial: presented.path.leaf.serial,
            holderHash: try presented.subject.holder.map { try keyedHash("holder", $0, in: transaction) },
            subjectName: presented.subject.name, notAfter: presented.path.leaf.notAfter)
    }

    /// Numbers of natural persons are few enough to be tried one by one, so a plain hash would tell them. HMAC-SHA-256 under a key made of
    /// the database's own secret and the operator's pepper (`RegistrySettings.identifierPepper`), in hexadecimal.
    func keyedHash(_ what: String, _ value: String, in transaction: Transaction) throws -> String {
        let key = Digest.hmacSHA256(key: try identifierSecret(in: transaction), settings.identifierPepper)
        return Digest.hmacSHA256(key: key, Array("\(what)\u{0}\(value)".utf8)).hex
    }

    private func identifierSecret(in transaction: Transaction) throws -> [UInt8] {
        if let row = try transaction.row("SELECT value FROM registry_secrets WHERE name = 'identifiers'") { return row.blob("value") }
        let secret = random(32)
        try transaction.execute("INSERT INTO registry_secrets (name, value) VALUES ('identifiers', ?)", [.blob(secret)])
        return secret
    }

    /// Binds a certificate to an account; returns its row id. A longer-lived certificate of the account supersedes the shorter ones, which
    /// go on until they expire.
    @discardableResult
    func insertCertificate(_ facts: CertificateFacts, account: String, issuedHere: Bool, in transaction: Transaction) throws -> String {
        let id = newBearer(bytes: 16)
        let moment = SQLValue.time(now())
        try transaction.execute(
            """
            INSERT INTO certificates (id, account_id, \(CertificateFacts.columns), standing, standing_changed, issued_here, bound)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?)
            """, [.text(id), .text(account)] + facts.values + [moment, .flag(issuedHere), moment])
        try transaction.execute(
            """
            UPDATE certificates SET superseded = ? WHERE account_id = ? AND superseded IS NULL AND not_after <
                (SELECT MAX(not_after) FROM certificates WHERE account_id = ?)
            """, [moment, .text(account), .text(account)])
        return id
    }

    /// Certificates of a legal person, its master's first.
    package func certificates(ofLegalPerson uscc: String) async throws -> [BoundCertificate] {
        try await storage.read { transaction in
            try transaction.rows(
                BoundCertificate.query + " WHERE a.uscc = ? ORDER BY a.kind, c.bound, c.id", [.text(uscc)]
            ).map(BoundCertificate.init(row:))
        }
    }

    /// By its fingerprint, whatever its standing; nil when it is bound to nobody.
    package func boundCertificate(_ fingerprint: Fingerprint) async throws -> BoundCertificate? {
        try await storage.read { transaction in
            try transaction.row(BoundCertificate.query + " WHERE c.fingerprint = ?", [.text(fingerprint.description)])
                .map(BoundCertificate.init(row:))
        }
    }

    func boundCertificate(_ id: String, in transaction: Transaction) throws -> BoundCertificate {
        guard let row = try transaction.row(BoundCertificate.query + " WHERE c.id = ?", [.text(id)]) else {
            throw RuleViolation("unknown_certificate", "there is no such certificate here")
        }
        return try BoundCertificate(row: row)
    }
}

extension BoundCertificate {
    static let query = "SELECT c.*, a.kind FROM certificates c JOIN accounts a ON a.id = c.account_id"

    init(row: SQLRow) throws {
        self.init(
            id: row.text("id"), accountID: row.text("account_id"), kind: try row.choice("kind"), fingerprint: row.text("fingerprint"),
            subjectName: row.text("subject_name"), issuerName: row.text("issuer_name"), notAfter: row.time("not_after"),
            standing: try row.choice("standing"), issuedHere: row.flag("issued_here"))
    }
}
