import Foundation
import PKI

/// One row of the log as it is stored and hashed.
struct AuditRecord: Sendable, Equatable {
    var seq: Int64
    /// Milliseconds since 1970.
    var time: Int64
    var kind: String
    var actor: String
    var target: String?
    var address: String?
    /// JSON object of strings, its keys sorted. The text itself is what is hashed.
    var details: String
    /// Hash of the row before; 32 zero bytes for the first.
    var previous: [UInt8]
    var hash: [UInt8]

    static let beginning = [UInt8](repeating: 0, count: 32)

    init(_ event: AuditEvent, seq: Int64, time: Int64, previous: [UInt8]) throws {
        self.seq = seq
        self.time = time
        self.kind = bounded(event.kind, 64)
        self.actor = bounded(event.actor.description, 128)
        self.target = event.target.map { bounded($0, 256) }
        self.address = event.address.map { bounded($0, 64) }
        self.details = try Self.canonical(event.details)
        self.previous = previous
        self.hash = []
        self.hash = computedHash
    }

    init(row: SQLRow) {
        seq = row.integer("seq")
        time = row.integer("time")
        kind = row.text("kind")
        actor = row.text("actor")
        target = row.optionalText("target")
        address = row.optionalText("address")
        details = row.text("details")
        previous = row.blob("previous")
        hash = row.blob("hash")
    }

    /// SHA-256 over every field but `hash`, each preceded by its length, so that no two rows have the same encoding.
    var computedHash: [UInt8] {
        var encoding = CanonicalEncoding(purpose: "hallpass audit event 1")
        encoding.append(seq)
        encoding.append(time)
        encoding.append(kind)
        encoding.append(actor)
        encoding.append(target)
        encoding.append(address)
        encoding.append(details)
        encoding.append(previous)
        return Digest.sha256(encoding.bytes)
    }

    func insert(in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO audit_events (seq, time, kind, actor, target, address, details, previous, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(seq), .integer(time), .text(kind), .text(actor), .optional(target), .optional(address), .text(details),
                .blob(previous), .blob(hash),
            ])
    }

    /// At most 32 entries of 1000 characters: an event describes, it does not carry.
    private static func canonical(_ details: [String: String]) throws -> String {
        let kept = details.sorted { $0.key < $1.key }.prefix(32).map { (bounded($0.key, 64), bounded($0.value, 1000)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Dictionary(kept) { first, _ in first }), as: UTF8.self)
    }
}

/// Text from outside is cut short and loses its control characters: the log is read on terminals, and what is hashed must be what the
/// database gives back.
private func bounded(_ text: String, _ limit: Int) -> String {
    let kept = text.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(kept))
}

/// An unambiguous encoding to hash or sign: a purpose, then fields, each with its length in eight bytes before it.
struct CanonicalEncoding {
    private(set) var bytes: [UInt8] = []

    init(purpose: String) { append(purpose) }

    mutating func append(_ field: [UInt8]) {
        append(length: UInt64(field.count))
        bytes += field
    }

    mutating func append(_ text: String) { append(Array(text.utf8)) }

    /// Absent is not empty: a length that no text can have.
    mutating func append(_ text: String?) {
        if let text { append(text) } else { append(length: .max) }
    }

    mutating func append(_ number: Int64) { append(length: 8); append(length: UInt64(bitPattern: number)) }

    private mutating func append(length: UInt64) {
        withUnsafeBytes(of: length.bigEndian) { bytes += $0 }
    }
}
