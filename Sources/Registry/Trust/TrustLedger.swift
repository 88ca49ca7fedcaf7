import Foundation
import PKI

/// The versions of the trust list, inside one write transaction: nobody else makes one until it ends, in this process or another.
package struct TrustLedger {
    let registry: Registry
    let transaction: Transaction

    /// The version in force, unless the list was edited since.
    package func last() throws -> TrustVersion? {
        try transaction.row("SELECT * FROM trust_versions ORDER BY number DESC LIMIT 1").map(TrustVersion.init)
    }

    /// A new version with its audit event. `number`: beyond every one that was made before.
    package func add(
        _ kind: TrustVersion.Kind, number: Int64, digest: String, restored: Int64? = nil, actor: Actor, note: String?,
        details: [String: String] = [:]
    ) throws -> TrustVersion {
        let version = TrustVersion(
            number: number, kind: kind, digest: digest, base: try last()?.number, restored: restored, actor: actor.description, note: note,
            made: Date(milliseconds: registry.now().milliseconds))
        try transaction.execute(
            "INSERT INTO trust_versions (number, kind, digest, base, restored, actor, note, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            version.values)
        var event = version.event
        event.details.merge(details) { own, _ in own }
        try registry.record(event, in: transaction)
        return version
    }

    /// These CA certificates left the list because they were revoked.
    package func markRevoked(_ fingerprints: Set<Fingerprint>, by version: Int64) throws {
        for fingerprint in fingerprints.sorted() {
            try transaction.execute(
                "INSERT INTO trust_revoked (fingerprint, number) VALUES (?, ?) ON CONFLICT (fingerprint) DO NOTHING",
                [.blob(fingerprint.bytes), .integer(version)])
        }
    }

    /// Brought back all the same.
    package func unmarkRevoked(_ fingerprints: Set<Fingerprint>) throws {
        for fingerprint in fingerprints {
            try transaction.execute("DELETE FROM trust_revoked WHERE fingerprint = ?", [.blob(fingerprint.bytes)])
        }
    }
}

extension Registry {
    /// What `body` does to the ledger and to the files is one step: when it throws, the ledger is as before.
    package func changeTrust<Value: Sendable>(_ body: @escaping @Sendable (TrustLedger) throws -> Value) async throws -> Value {
        try await storage.write { [self] in try body(TrustLedger(registry: self, transaction: $0)) }
    }

    /// Newest first.
    package func trustVersions() async throws -> [TrustVersion] {
        try await storage.read { try $0.rows("SELECT * FROM trust_versions ORDER BY number DESC").map(TrustVersion.init) }
    }

    /// CA certificates that left a trust list because they were revoked.
    package func revokedTrust() async throws -> Set<Fingerprint> {
        try await storage.read { transaction in
            Set(try transaction.rows("SELECT fingerprint FROM trust_revoked").map { Fingerprint(bytes: $0.blob("fingerprint")) })
        }
    }

    /// The certificates of people that are kept and stand: what a change of trust would touch.
    package func knownLeaves() async throws -> [Certificate] {
        let stored: [[UInt8]] = try await storage.read { transaction in
            try transaction.rows("SELECT fingerprint FROM certificates WHERE standing = 'active'").compactMap { row in
                guard let fingerprint = Fingerprint(hex: row.text("fingerprint")) else { return nil }
                return try transaction.row("SELECT der FROM kept_certificates WHERE fingerprint = ?", [.blob(fingerprint.bytes)])?
                    .blob("der")
            }
        }
        return try stored.map { try Certificate(der: $0) }
    }
}
