extension Schema {
    /// Accounts are whoever may log in: holders of certificates, and staff. Numbers of natural persons and the CAs' entity identifiers are
    /// keyed hashes only. A legal person has at most one master that is not revoked: the database holds that, not the code.
    static let legalPersons = Migration(
        name: "1-legalPersons",
        statements: [
            """
            CREATE TABLE legal_persons (
                uscc TEXT PRIMARY KEY, name TEXT NOT NULL,
                standing TEXT NOT NULL CHECK (standing IN ('active', 'suspended', 'revoked')), added BIGINT NOT NULL)
            """,
            """
            CREATE TABLE accounts (
                id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('master', 'sub', 'personal', 'staff')), name TEXT NOT NULL,
                uscc TEXT REFERENCES legal_persons (uscc), person_hash TEXT UNIQUE, masked TEXT,
                standing TEXT NOT NULL CHECK (standing IN ('active', 'suspended', 'revoked')), suspended_by TEXT, created BIGINT NOT NULL,
                CHECK ((uscc IS NOT NULL) = (kind IN ('master', 'sub'))))
            """,
            "CREATE UNIQUE INDEX accounts_one_master ON accounts (uscc) WHERE kind = 'master' AND standing <> 'revoked'",
            "CREATE INDEX accounts_by_legal_person ON accounts (uscc)",
            """
            CREATE TABLE certificates (
                id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), fingerprint TEXT NOT NULL UNIQUE,
                issuer TEXT NOT NULL, issuer_name TEXT NOT NULL, serial BLOB NOT NULL, holder_hash TEXT, subject_name TEXT NOT NULL,
                not_after BIGINT NOT NULL, standing TEXT NOT NULL CHECK (standing IN ('active', 'suspended', 'revoked')),
                standing_changed BIGINT NOT NULL, superseded BIGINT, issued_here BIGINT NOT NULL, bound BIGINT NOT NULL)
            """,
            "CREATE INDEX certificates_by_account ON certificates (account_id)",
            "CREATE INDEX certificates_by_holder ON certificates (issuer, holder_hash)",
            """
            CREATE TABLE master_requests (
                id TEXT PRIMARY KEY, uscc TEXT NOT NULL REFERENCES legal_persons (uscc), fingerprint TEXT NOT NULL UNIQUE,
                issuer TEXT NOT NULL, issuer_name TEXT NOT NULL, serial BLOB NOT NULL, holder_hash TEXT, subject_name TEXT NOT NULL,
                not_after BIGINT NOT NULL, requested BIGINT NOT NULL, decision TEXT, decided BIGINT, decided_by TEXT)
            """,
            "CREATE INDEX master_requests_waiting ON master_requests (uscc) WHERE decision IS NULL",
            "CREATE TABLE registry_secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        ])
}
