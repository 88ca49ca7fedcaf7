extension Schema {
    /// After windows: what a removed window left here goes with it, so that a later window of the same id starts with nobody.
    /// An account has at most one grant in each window that has not been withdrawn.
    static let grants = Migration(
        name: "1-grants",
        statements: [
            """
            CREATE TABLE admissions (
                uscc TEXT NOT NULL REFERENCES legal_persons (uscc), window_id TEXT NOT NULL REFERENCES windows (id) ON DELETE CASCADE,
                admitted BIGINT NOT NULL, admitted_by TEXT NOT NULL, PRIMARY KEY (uscc, window_id))
            """,
            """
            CREATE TABLE grants (
                id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
                window_id TEXT NOT NULL REFERENCES windows (id) ON DELETE CASCADE, parameters TEXT NOT NULL,
                valid_from BIGINT NOT NULL, valid_until BIGINT NOT NULL, given BIGINT NOT NULL, given_by TEXT NOT NULL,
                withdrawn BIGINT, withdrawn_by TEXT)
            """,
            "CREATE UNIQUE INDEX grants_one_each ON grants (account_id, window_id) WHERE withdrawn IS NULL",
            "CREATE INDEX grants_by_window ON grants (window_id)",
        ])
}
