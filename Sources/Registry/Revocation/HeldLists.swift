import Foundation
import PKI

/// The newest revocation list of each issuer's key and scope, kept over restarts.
extension Registry {
    private static let piece = 1 << 20

    /// What became of a list that was offered.
    package enum ListOffer: Sendable, Equatable {
        case accepted
        /// The one that is held says the same.
        case unchanged
        /// A newer one is held and stays.
        case older(than: ListRecord)
    }

    /// Takes a list whose signature was verified with its issuer's key in the place of an older one. An older one is refused, which is
    /// audited once. `source`: the address or the file's name.
    package func offer(_ record: ListRecord, bytes: [UInt8], source: String) async throws -> ListOffer {
        switch try await heldList(record.issuer, scope: record.scope).map(record.order(against:)) {
        case .same: return .unchanged
        case .older: return try await refuseOlder(record, source: source)
        case .newer, nil: break
        }
        try await writePieces(of: bytes, digest: record.digest)
        return try await storage.write { [self] transaction in
            let held = try heldList(record.issuer, scope: record.scope, in: transaction)
            // Another list may have come while the pieces were written.
            if let held, record.order(against: held) != .newer {
                try forgetPieces(of: record.digest, in: transaction)
                return record.order(against: held) == .same ? .unchanged : .older(than: held)
            }
            try transaction.execute("DELETE FROM held_lists WHERE issuer = ? AND scope = ?", [.text(record.issuer), .blob(record.scope)])
            try transaction.execute(
                "INSERT INTO held_lists (\(ListRecord.columns), source, accepted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                record.values + [.text(source), .time(now())])
            if let held { try forgetPieces(of: held.digest, in: transaction) }
            let details = record.details.merging(["source": source]) { own, _ in own }
            try self.record(
                AuditEvent("revocation_list.accepted", actor: .system, target: record.target, details: details), in: transaction)
            return .accepted
        }
    }

    /// Every list that is held, with its bytes (nil where they are not whole any more: then nothing is known, and nothing older counts) and
    /// the address or file that it came from.
    package func heldLists() async throws -> [(record: ListRecord, bytes: [UInt8]?, source: String)] {
        let records = try await storage.read { transaction in
            try transaction.rows("SELECT \(ListRecord.columns), source FROM held_lists ORDER BY issuer, scope")
                .map { (ListRecord(row: $0), $0.text("source")) }
        }
        var lists: [(record: ListRecord, bytes: [UInt8]?, source: String)] = []
        for (record, source) in records { lists.append((record, try await bytes(of: record.digest), source)) }
        return lists
    }

    /// Forgets the pieces of a list that was not accepted when the server was killed. Called before any list is offered.
    package func forgetOrphanedPieces() async throws {
        _ = try await storage.write {
            try $0.execute("DELETE FROM list_pieces WHERE digest NOT IN (SELECT digest FROM held_lists)")
        }
    }

    package func heldList(_ issuer: String, scope: [UInt8]) async throws -> ListRecord? {
        try await storage.read { [self] in try heldList(issuer, scope: scope, in: $0) }
    }

    private func heldList(_ issuer: String, scope: [UInt8], in transaction: Transaction) throws -> ListRecord? {
        try transaction.row(
            "SELECT \(ListRecord.columns) FROM held_lists WHERE issuer = ? AND scope = ?", [.text(issuer), .blob(scope)]
        ).map(ListRecord.init(row:))
    }

    /// The same older list, offered again and again, is one event.
    private func refuseOlder(_ record: ListRecord, source: String) async throws -> ListOffer {
        try await storage.write { [self] transaction in
            guard let held = try heldList(record.issuer, scope: record.scope, in: transaction) else { return .unchanged }
            let isNew = try transaction.execute(
                "UPDATE held_lists SET refused = ? WHERE issuer = ? AND scope = ? AND (refused IS NULL OR refused <> ?)",
                [.blob(record.digest), .text(record.issuer), .blob(record.scope), .blob(record.digest)])
            if isNew > 0 {
                let details = record.details.merging(["source": source, "why": "a newer list is held"]) { own, _ in own }
                try self.record(
                    AuditEvent("revocation_list.refused", actor: .system, target: record.target, details: details), in: transaction)
            }
            return .older(than: held)
        }
    }

    private func writePieces(of bytes: [UInt8], digest: [UInt8]) async throws {
        for (position, start) in stride(from: 0, to: bytes.count, by: Self.piece).enumerated() {
            let piece = Array(bytes[start..<min(start + Self.piece, bytes.count)])
            try await storage.write { transaction in
                _ = try transaction.execute(
                    "INSERT INTO list_pieces (digest, position, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    [.blob(digest), .integer(Int64(position)), .blob(piece)])
            }
        }
    }

    private func forgetPieces(of digest: [UInt8], in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM list_pieces WHERE digest = ? AND digest NOT IN (SELECT digest FROM held_lists)", [.blob(digest)])
    }

    private func bytes(of digest: [UInt8]) async throws -> [UInt8]? {
        let bytes = try await storage.read { transaction in
            try transaction.rows("SELECT bytes FROM list_pieces WHERE digest = ? ORDER BY position", [.blob(digest)]).flatMap {
                $0.blob("bytes")
            }
        }
        return Digest.sha256(bytes) == digest ? bytes : nil
    }
}
