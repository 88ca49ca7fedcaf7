import Foundation
import PKI

extension Registry {
    /// Signs the chain's newest event, unless that has been done. The file has the head before the database commits it; the write
    /// transaction keeps other processes from signing meanwhile.
    package func signAuditHead() async throws {
        try await storage.write { [self] transaction in
            let last = try transaction.row("SELECT * FROM audit_events ORDER BY seq DESC LIMIT 1").map(AuditRecord.init(row:))
            guard let last else { return }
            var head = try transaction.row("SELECT * FROM audit_heads ORDER BY seq DESC LIMIT 1").map(AuditHead.init(row:))
            head = try takeUpUncommittedHead(after: head, in: transaction) ?? head
            guard last.seq > head?.seq ?? 0 else { return }
            let next = try auditSigner.head(of: last, after: head, time: now().milliseconds)
            try auditSigner.append(next)
            try next.insert(in: transaction)
        }
    }

    /// A crash between file and commit leaves one head in the file alone. If it is ours and fits, it is committed now.
    private func takeUpUncommittedHead(after head: AuditHead?, in transaction: Transaction) throws -> AuditHead? {
        guard let left = try auditSigner.lastInFile(), left.seq > head?.seq ?? 0, left.previous == head?.link ?? AuditRecord.beginning,
            auditSigner.isSigned(left),
            let event = try transaction.row("SELECT hash FROM audit_events WHERE seq = ?", [.integer(left.seq)]),
            event.blob("hash") == left.hash
        else { return nil }
        try left.insert(in: transaction)
        return left
    }
}
