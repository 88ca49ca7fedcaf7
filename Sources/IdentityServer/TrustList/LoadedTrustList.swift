import Foundation
import PKI
import Registry

/// A trust list that was read, with everything it rests on.
package struct LoadedTrustList: Sendable {
    package let list: TrustList
    package let book: AuthorityBook
    /// Where each CA's revocation is asked for.
    package let sources: [AuthorityKey: NamedSources]
    /// Every file that was read, to be watched.
    package let files: [String]
    /// Of `files`, taken before they were read: a change meanwhile is seen as one.
    let stamp: FileStamp
    /// What does not refuse the list but should be looked at.
    package let notices: [ConfigurationError]
    /// As it was written.
    let file: TrustListFile
    let text: String
    /// The files that it names, in its order.
    let named: [NamedTrustFile]

    /// Reads the file and everything it names. Throws a `ConfigurationError` that tells all that is wrong, each with its line.
    package static func load(path: String, assuranceOrder: [String] = Assurance.defaultOrder) throws -> LoadedTrustList {
        try load(path: path, assuranceOrder: assuranceOrder, review: nil)
    }

    /// `review`: also what may be in a list in force, but not come into force any more.
    static func load(path: String, assuranceOrder: [String] = Assurance.defaultOrder, review: DraftReview?) throws -> LoadedTrustList {
        var stamp = FileStamp(of: [])
        stamp.add(path)
        let yaml = try StrictYAML.located(TrustListFile.self, path: path)
        var reader = TrustListReader(yaml: yaml, stamp: stamp, assuranceOrder: assuranceOrder, review: review)
        return try reader.read()
    }
}

/// One mention of a file in a trust list.
struct NamedTrustFile: Sendable {
    enum Use: String, Sendable { case anchor, authority, revocationList, ca, recognition }
    let use: Use
    /// As it is written, and where it is.
    let name: String
    let path: String
    let line: Int?
    let bytes: [UInt8]
    /// Empty for a revocation list.
    var certificates: [Certificate] = []
    var revocationList: CertificateList?
}

/// When a list is about to come into force: what has run out is refused, unless it stands in the list in force already.
struct DraftReview: Sendable {
    let now: Date
    /// The CA certificates in force.
    let known: Set<Fingerprint>
}
