import Foundation
import PKI

/// What is kept of a revocation list beside its bytes. Issuer (name and key that signed) and scope together say whose place it takes.
package struct ListRecord: Sendable, Equatable {
    package let issuer: String
    package let issuerName: String
    /// What part of the issuer's certificates it speaks of (`CertificateList.scope`).
    package let scope: [UInt8]
    /// cRLNumber, big-endian without leading zeros.
    package let number: [UInt8]?
    package let thisUpdate: Date
    package let nextUpdate: Date?
    package let entries: Int
    /// SHA-256 of the bytes it was read from.
    package let digest: [UInt8]

    package init(_ list: CertificateList, bytes: [UInt8], signer: AuthorityKey) {
        issuer = signer.rowKey
        issuerName = list.issuer.description
        scope = list.scope
        number = list.listNumber?.magnitude
        thisUpdate = list.thisUpdate
        nextUpdate = list.nextUpdate
        entries = list.count
        digest = Digest.sha256(bytes)
    }

    /// RFC 5280 §5.2.3: numbers of one scope only grow. Where one of the two has no number, or both have the same, the dates decide.
    package func order(against held: ListRecord) -> Order {
        if digest == held.digest { return .same }
        if let number, let other = held.number, number != other {
            let isLess = number.count != other.count ? number.count < other.count : number.lexicographicallyPrecedes(other)
            return isLess ? .older : .newer
        }
        if thisUpdate == held.thisUpdate { return .same }
        return thisUpdate < held.thisUpdate ? .older : .newer
    }

    /// `same`: signed anew at most, with nothing new to say.
    package enum Order: Sendable, Equatable { case newer, same, older }
}

extension ListRecord {
    static let columns = "issuer, scope, issuer_name, number, this_update, next_update, entries, digest"

    init(row: SQLRow) {
        issuer = row.text("issuer")
        issuerName = row.text("issuer_name")
        scope = row.blob("scope")
        number = row.optionalBlob("number")
        thisUpdate = row.time("this_update")
        nextUpdate = row.optionalTime("next_update")
        entries = Int(row.integer("entries"))
        digest = row.blob("digest")
    }

    /// In the order of `columns`.
    var values: [SQLValue] {
        [
            .text(issuer), .blob(scope), .text(issuerName), .optional(number), .time(thisUpdate), .time(nextUpdate),
            .integer(Int64(entries)), .blob(digest),
        ]
    }

    /// For the audit.
    var details: [String: String] {
        var details = ["issuer": issuerName, "this_update": thisUpdate.formatted(.iso8601), "entries": String(entries)]
        details["number"] = number?.hex
        details["next_update"] = nextUpdate?.formatted(.iso8601)
        return details
    }

    /// The issuer's key, as the audit names what something was done to.
    var target: String { "ca:" + issuer.prefix(64) }
}

extension AuthorityKey {
    /// How rows of lists and certificates name this CA.
    package var recordKey: String { rowKey }
}
