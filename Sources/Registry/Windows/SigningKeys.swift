import Foundation

/// A token signing key at rest: kid, algorithm, sealed private key, public JWK (JSON), since when, until when kept.
package struct StoredSigningKey: Sendable {
    package let kid: String
    package let algorithm: String
    package let sealed: [UInt8]
    package let publicJWK: String
    package let activeFrom: Date
    package let retired: Date?
    package init(kid: String, algorithm: String, sealed: [UInt8], publicJWK: String, activeFrom: Date, retired: Date?) {
        self.kid = kid
        self.algorithm = algorithm
        self.sealed = sealed
        self.publicJWK = publicJWK
        self.activeFrom = activeFrom
        self.retired = retired
    }
}

/// Keys are sealed by the caller: the registry never sees a private key.
extension Registry {
    /// Oldest first.
    package func signingKeys() async throws -> [StoredSigningKey] {
        try await storage.read { transaction in
            try transaction.rows("SELECT * FROM signing_keys ORDER BY active_from, kid").map { row in
                StoredSigningKey(
                    kid: row.text("kid"), algorithm: row.text("algorithm"), sealed: row.blob("sealed"), publicJWK: row.text("public_jwk"),
                    activeFrom: row.time("active_from"), retired: row.optionalTime("retired"))
            }
        }
    }

    package func addSigningKey(_ key: StoredSigningKey, actor: Actor) async throws {
        try await storage.write { [self] transaction in
            try transaction.execute(
                "INSERT INTO signing_keys (kid, algorithm, sealed, public_jwk, active_from, retired) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(key.kid), .text(key.algorithm), .blob(key.sealed), .text(key.publicJWK), .time(key.activeFrom),
                    .time(key.retired),
                ])
            try record(AuditEvent("signing_key.added", actor: actor, target: "signing_key:\(key.kid)"), in: transaction)
        }
    }

    /// From `moment` on the key is gone from the published set; until then it verifies.
    package func retireSigningKey(_ kid: String, at moment: Date, actor: Actor) async throws {
        try await storage.write { [self] transaction in
            guard try transaction.execute("UPDATE signing_keys SET retired = ? WHERE kid = ?", [.time(moment), .text(kid)]) > 0 else {
                throw RuleViolation("wrong_state", "there is no signing key \(kid)")
            }
            try record(AuditEvent("signing_key.retired", actor: actor, target: "signing_key:\(kid)"), in: transaction)
        }
    }
}
