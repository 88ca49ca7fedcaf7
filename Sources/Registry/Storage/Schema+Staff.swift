extension Schema {
    /// People are known by their entryUUID, which survives renames. Who left keeps their row (`gone`), so that who returns is the same account.
    static let staff = Migration(
        name: "1-staff",
        statements: [
            "CREATE TABLE units (path TEXT PRIMARY KEY, dn TEXT NOT NULL, name TEXT NOT NULL)",
            """
            CREATE TABLE staff (
                account_id TEXT PRIMARY KEY REFERENCES accounts (id), entry_id TEXT NOT NULL UNIQUE, uid TEXT NOT NULL,
                uid_folded TEXT NOT NULL, dn TEXT NOT NULL, mail TEXT, unit_path TEXT NOT NULL, gone BIGINT)
            """,
            "CREATE UNIQUE INDEX staff_by_uid ON staff (uid_folded) WHERE gone IS NULL",
            """
            CREATE TABLE staff_roles (
                account_id TEXT NOT NULL REFERENCES staff (account_id), role TEXT NOT NULL, PRIMARY KEY (account_id, role))
            """,
            "CREATE TABLE staff_sync (id BIGINT PRIMARY KEY CHECK (id = 1), outcome TEXT NOT NULL, time BIGINT NOT NULL)",
        ])
}
