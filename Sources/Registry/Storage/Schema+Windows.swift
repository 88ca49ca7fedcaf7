extension Schema {
    /// Lists (URIs, grants, roles) are one entry a line. Secrets, codes and refresh tokens are SHA-256 only.
    /// A family's rows go with their window; its session's end only marks it, so that a late reuse is still recognised.
    static let windows = Migration(
        name: "1-windows",
        statements: [
            """
            CREATE TABLE windows (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, protocol TEXT NOT NULL,
                redirect_uris TEXT NOT NULL, post_logout_redirect_uris TEXT NOT NULL,
                backchannel_logout_uris TEXT NOT NULL, frontchannel_logout_uris TEXT NOT NULL, service_urls TEXT NOT NULL,
                auth_method TEXT NOT NULL, jwks TEXT, secret_hash BLOB, grants TEXT NOT NULL,
                entry TEXT NOT NULL, roles TEXT NOT NULL, state TEXT NOT NULL, added BIGINT NOT NULL)
            """,
            """
            CREATE TABLE signing_keys (
                kid TEXT PRIMARY KEY, algorithm TEXT NOT NULL, sealed BLOB NOT NULL, public_jwk TEXT NOT NULL,
                active_from BIGINT NOT NULL, retired BIGINT)
            """,
        ])

    /// `options` is `WindowOptions` as JSON.
    static let windowOptions = Migration(
        name: "2-windowOptions", statements: ["ALTER TABLE windows ADD COLUMN options TEXT NOT NULL DEFAULT '{}'"])
}
