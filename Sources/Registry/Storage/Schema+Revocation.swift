extension Schema {
    /// `held_lists`: the newest list seen of each issuer's key and scope, whoever brought it: an older one never takes its place. Its bytes
    /// stand in pieces, each written by itself, so that no other write waits for tens of megabytes.
    /// `list_sources`: how each address was fetched last. `issuer_revocations`: which bound certificates their own CA revoked, by what
    /// statement. `ocsp_answers`: responders' last words on a certificate.
    static let revocation = Migration(
        name: "1-revocation",
        statements: [
            """
            CREATE TABLE held_lists (
                issuer TEXT NOT NULL, scope BLOB NOT NULL, issuer_name TEXT NOT NULL, number BLOB, this_update BIGINT NOT NULL,
                next_update BIGINT, entries BIGINT NOT NULL, digest BLOB NOT NULL, source TEXT NOT NULL, accepted BIGINT NOT NULL,
                refused BLOB, PRIMARY KEY (issuer, scope))
            """,
            "CREATE TABLE list_pieces (digest BLOB NOT NULL, position BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (digest, position))",
            """
            CREATE TABLE list_sources (
                address TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, digest BLOB, next_update BIGINT, entries BIGINT NOT NULL,
                fetched BIGINT, due BIGINT NOT NULL, failures BIGINT NOT NULL, error TEXT)
            """,
            """
            CREATE TABLE issuer_revocations (
                fingerprint TEXT NOT NULL, source BLOB NOT NULL, code TEXT NOT NULL, since BIGINT NOT NULL, learned BIGINT NOT NULL,
                PRIMARY KEY (fingerprint, source))
            """,
            "CREATE INDEX issuer_revocations_by_source ON issuer_revocations (source)",
            "CREATE INDEX certificates_by_serial ON certificates (issuer, serial)",
            """
            CREATE TABLE ocsp_answers (
                fingerprint TEXT PRIMARY KEY, response BLOB NOT NULL, good BIGINT NOT NULL, fetched BIGINT NOT NULL, kept_until BIGINT NOT NULL)
            """,
            "CREATE INDEX ocsp_answers_by_end ON ocsp_answers (kept_until)",
        ])
}
