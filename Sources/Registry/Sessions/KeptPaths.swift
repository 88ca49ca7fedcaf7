import Foundation
import PKI

/// The certificates that sessions rest on, so that they can be judged again when trust or revocation changes: a fingerprint alone does not
/// tell a serial number.
extension Registry {
    /// A certificate that was not used for so long is forgotten; longer than any session lasts.
    private static let kept: TimeInterval = 30 * 86400

    /// Keeps a validated path's certificates. Writes only what is new or was not used for a day.
    package func keepPath(_ path: ValidatedPath) async throws {
        let moment = now()
        let fresh = SQLValue.time(moment.addingTimeInterval(-86400))
        let known = try await storage.read { transaction in
            try path.certificates.filter { certificate in
                try transaction.row(
                    "SELECT 1 AS known FROM kept_certificates WHERE fingerprint = ? AND used > ?",
                    [.blob(certificate.fingerprint.bytes), fresh]) != nil
            }
        }
        let new = path.certificates.filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        try await storage.write { transaction in
            for certificate in new {
                try transaction.execute(
                    "INSERT INTO kept_certificates (fingerprint, der, used) VALUES (?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET used = excluded.used",
                    [.blob(certificate.fingerprint.bytes), .blob(certificate.der), .time(moment)])
            }
            try transaction.execute("DELETE FROM kept_certificates WHERE used <= ?", [.time(moment.addingTimeInterval(-Self.kept))])
        }
    }

    /// The kept ones of these, in their order. One that does not parse any more (its row is damaged, or the rules have become stricter) is
    /// not kept: whoever needs it is refused for it, and nobody else.
    package func keptCertificates(_ fingerprints: [Fingerprint]) async throws -> [Certificate] {
        let stored = try await storage.read { transaction in
            try fingerprints.compactMap { fingerprint in
                try transaction.row("SELECT der FROM kept_certificates WHERE fingerprint = ?", [.blob(fingerprint.bytes)])?.blob("der")
            }
        }
        return stored.compactMap { try? Certificate(der: $0) }
    }
}

extension Schema {
    static let keptPaths = Migration(
        name: "1-keptPaths",
        statements: [
            "CREATE TABLE kept_certificates (fingerprint BLOB PRIMARY KEY, der BLOB NOT NULL, used BIGINT NOT NULL)",
            "CREATE INDEX kept_certificates_by_use ON kept_certificates (used)",
        ])
}
