import Foundation

/// A trust list that came into force.
package struct TrustVersion: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable {
        case applied
        case rolledBack = "rolled_back"
        /// Somebody wrote the list by hand; found when the next version was made.
        case edited
    }
    package let number: Int64
    package let kind: Kind
    /// SHA-256 over the list and the certificates it names, in hexadecimal.
    package let digest: String
    /// The version that was in force before; nil for the first.
    package let base: Int64?
    /// Of a rollback: the version that it brought back.
    package let restored: Int64?
    package let actor: String
    package let note: String?
    package let made: Date
}

extension TrustVersion {
    init(row: SQLRow) {
        self.init(
            number: row.integer("number"), kind: Kind(rawValue: row.text("kind")) ?? .edited, digest: row.text("digest"),
            base: row.optionalInteger("base"), restored: row.optionalInteger("restored"), actor: row.text("actor"),
            note: row.optionalText("note"), made: row.time("made"))
    }

    var values: [SQLValue] {
        [
            .integer(number), .text(kind.rawValue), .text(digest), base.map { .integer($0) } ?? .null,
            restored.map { .integer($0) } ?? .null, .text(actor), .optional(note), .time(made),
        ]
    }

    var event: AuditEvent {
        var details = ["version": String(number), "digest": digest]
        details["base"] = base.map(String.init)
        details["restored"] = restored.map(String.init)
        details["note"] = note
        return AuditEvent("trust.\(kind.rawValue)", actor: Actor(description: actor), target: "trust_version:\(number)", details: details)
    }
}
