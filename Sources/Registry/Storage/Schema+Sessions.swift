extension Schema {
    /// `path` is the fingerprints of the certificates a session rests on, leaf first, 32 bytes each. Ended sessions stay for a while:
    /// the audit and late token reuse refer to them.
    static let sessions = Migration(
        name: "1-sessions",
        statements: [
            """
            CREATE TABLE sessions (
                sid TEXT PRIMARY KEY, cookie_hash BLOB NOT NULL UNIQUE, account_id TEXT NOT NULL, certificate_id TEXT,
                acr TEXT NOT NULL, amr TEXT NOT NULL, auth_time BIGINT NOT NULL, path BLOB NOT NULL,
                opened BIGINT NOT NULL, touched BIGINT NOT NULL, expires BIGINT NOT NULL, ended BIGINT, end_reason TEXT)
            """,
            "CREATE INDEX sessions_open_by_account ON sessions (account_id) WHERE ended IS NULL",
            "CREATE INDEX sessions_open_by_touch ON sessions (touched) WHERE ended IS NULL",
            "CREATE INDEX sessions_open_by_expiry ON sessions (expires) WHERE ended IS NULL",
            "CREATE INDEX sessions_ended ON sessions (ended) WHERE ended IS NOT NULL",
            """
            CREATE TABLE one_use_values (
                kind TEXT NOT NULL, value_hash BLOB NOT NULL, payload TEXT NOT NULL, expires BIGINT NOT NULL,
                PRIMARY KEY (kind, value_hash))
            """,
            "CREATE INDEX one_use_values_by_expiry ON one_use_values (expires)",
            """
            CREATE TABLE token_families (
                id TEXT PRIMARY KEY, window_id TEXT NOT NULL REFERENCES windows (id) ON DELETE CASCADE,
                sid TEXT NOT NULL REFERENCES sessions (sid) ON DELETE CASCADE,
                promise TEXT NOT NULL, opened BIGINT NOT NULL, ended BIGINT, end_reason TEXT)
            """,
            "CREATE INDEX token_families_by_session ON token_families (sid)",
            "CREATE INDEX token_families_by_window ON token_families (window_id)",
            """
            CREATE TABLE authorization_codes (
                code_hash BLOB PRIMARY KEY, window_id TEXT NOT NULL REFERENCES windows (id) ON DELETE CASCADE,
                sid TEXT NOT NULL REFERENCES sessions (sid) ON DELETE CASCADE,
                promise TEXT NOT NULL, expires BIGINT NOT NULL, used BIGINT,
                family_id TEXT REFERENCES token_families (id) ON DELETE CASCADE)
            """,
            "CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires) WHERE family_id IS NULL",
            "CREATE INDEX authorization_codes_by_window ON authorization_codes (window_id)",
            "CREATE INDEX authorization_codes_by_session ON authorization_codes (sid)",
            "CREATE INDEX authorization_codes_by_family ON authorization_codes (family_id)",
            """
            CREATE TABLE refresh_tokens (
                token_hash BLOB PRIMARY KEY, family_id TEXT NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
                issued BIGINT NOT NULL, used BIGINT)
            """,
            "CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id)",
            "CREATE TABLE revoked_access_tokens (jti TEXT PRIMARY KEY, expires BIGINT NOT NULL)",
            "CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires)",
        ])
}
