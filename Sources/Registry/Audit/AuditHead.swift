import Foundation
import PKI

/// A signed statement: at this time the chain ended with this hash. Heads are chained as well, so that none can be taken out.
struct AuditHead: Sendable, Equatable {
    let seq: Int64
    /// Milliseconds since 1970.
    let time: Int64
    /// Hash of the event `seq`.
    let hash: [UInt8]
    /// `link` of the head before; 32 zero bytes for the first.
    let previous: [UInt8]
    /// ECDSA P-256 with SHA-256, DER, over `signed`.
    var signature: [UInt8] = []

    /// What the signature is over.
    var signed: [UInt8] {
        var encoding = CanonicalEncoding(purpose: "hallpass audit head 1")
        encoding.append(seq)
        encoding.append(time)
        encoding.append(hash)
        encoding.append(previous)
        return encoding.bytes
    }

    /// What the next head refers to.
    var link: [UInt8] { Digest.sha256(signed + signature) }

    func insert(in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO audit_heads (seq, time, hash, previous, signature) VALUES (?, ?, ?, ?, ?)",
            [.integer(seq), .integer(time), .blob(hash), .blob(previous), .blob(signature)])
    }
}

extension AuditHead {
    init(row: SQLRow) {
        self.init(
            seq: row.integer("seq"), time: row.integer("time"), hash: row.blob("hash"), previous: row.blob("previous"),
            signature: row.blob("signature"))
    }

    /// One line of the head file: seq, time, and hash, previous and signature in hexadecimal, with spaces between.
    init?(line: Substring) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 5, let seq = Int64(fields[0]), let time = Int64(fields[1]),
            let hash = [UInt8](hex: String(fields[2])), let previous = [UInt8](hex: String(fields[3])),
            let signature = [UInt8](hex: String(fields[4]))
        else { return nil }
        self.init(seq: seq, time: time, hash: hash, previous: previous, signature: signature)
    }

    var line: String { "\(seq) \(time) \(hash.hex) \(previous.hex) \(signature.hex)\n" }
}
