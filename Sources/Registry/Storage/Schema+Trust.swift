extension Schema {
    /// Each trust list that came into force, as it was told to this registry; the lists themselves are kept beside the list in force.
    /// `base` is the version that was in force before, `restored` the one that a rollback brought back. CA certificates in
    /// `trust_revoked` left a list because they were revoked.
    static let trust = Migration(
        name: "1-trust",
        statements: [
            """
            CREATE TABLE trust_versions (
                number BIGINT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('applied', 'rolled_back', 'edited')), digest TEXT NOT NULL,
                base BIGINT, restored BIGINT, actor TEXT NOT NULL, note TEXT, made BIGINT NOT NULL)
            """,
            "CREATE TABLE trust_revoked (fingerprint BLOB PRIMARY KEY, number BIGINT NOT NULL REFERENCES trust_versions (number))",
        ])
}
