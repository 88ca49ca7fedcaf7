extension Schema {
    /// Append-only. The triggers are a first fence against mistakes and plain SQL; what finds a determined change is the hash chain
    /// with its signed heads. (Triggers are SQLite's dialect: PostgreSQL's differ and belong here too.)
    static let audit = Migration(
        name: "1-audit",
        statements: [
            """
            CREATE TABLE audit_events (
                seq INTEGER PRIMARY KEY, time BIGINT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, target TEXT, address TEXT,
                details TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL)
            """,
            """
            CREATE TABLE audit_heads (
                seq INTEGER PRIMARY KEY, time BIGINT NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL, signature BLOB NOT NULL)
            """,
        ] + ["audit_events", "audit_heads"].flatMap(appendOnly))

    private static func appendOnly(_ table: String) -> [String] {
        ["UPDATE", "DELETE"].map { change in
            """
            CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
            """
        }
    }
}
