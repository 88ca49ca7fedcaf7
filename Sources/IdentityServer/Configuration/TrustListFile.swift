import Foundation
import PKI
import Registry

/// The trust list as a YAML file (`docs/trust-list.md`): anchors, other CA certificates, revocation lists, and for each CA its rules.
/// Unknown keys are refused with their line; paths are relative to the file.
package struct TrustListFile: Codable {
    /// One CA: path rules here, identity rules in `AuthorityEntry`, both from one mapping.
    package struct CA: Codable {
        package var certificate: String
        package var issuesLeaves: Bool
        package var revocation: AuthorityRules.Revocation
        package var relaxations: [String]
        package var revocationSources: RevocationSources?
        package var entry: AuthorityEntry

        private enum CodingKeys: String, CodingKey {
            case certificate, revocation, relaxations
            case issuesLeaves = "issues_leaves"
            case revocationSources = "revocation_sources"
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            certificate = try container.decode(String.self, forKey: .certificate)
            issuesLeaves = try container.decodeIfPresent(Bool.self, forKey: .issuesLeaves) ?? true
            revocation = try container.decodeIfPresent(AuthorityRules.Revocation.self, forKey: .revocation) ?? .hard
            relaxations = try container.decodeIfPresent([String].self, forKey: .relaxations) ?? []
            revocationSources = try container.decodeIfPresent(RevocationSources.self, forKey: .revocationSources)
            entry = try AuthorityEntry(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(certificate, forKey: .certificate)
            try container.encode(issuesLeaves, forKey: .issuesLeaves)
            try container.encode(revocation, forKey: .revocation)
            try container.encode(relaxations, forKey: .relaxations)
            try container.encodeIfPresent(revocationSources, forKey: .revocationSources)
            try entry.encode(to: encoder)
        }
    }

    package var version: Int
    /// PEM files of trust anchors.
    package var anchors: [String]
    /// PEM files of other CA certificates, cross-certificates included.
    package var authorities: [String]?
    /// CRL files, DER or PEM.
    package var revocationLists: [String]?
    package var cas: [CA]?

    private enum CodingKeys: String, CodingKey {
        case version, anchors, authorities, cas
        case revocationLists = "revocation_lists"
    }
}

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

    /// Reads the file and everything it names. Throws `ConfigurationError` saying which file is wrong and why.
    package static func load(path: String) throws -> LoadedTrustList {
        var reader = TrustFileReader(folder: ConfigurationFolder(file: path))
        reader.note(path)
        let file = try StrictYAML.load(TrustListFile.self, path: path)
        guard file.version == 1 else { throw ConfigurationError(file: path, "`version` \(file.version) is not known; this server reads 1") }
        var list = TrustList(anchors: try file.anchors.flatMap { try reader.certificates($0) })
        guard !list.anchors.isEmpty else { throw ConfigurationError(file: path, "`anchors` is empty") }
        list.authorities = try (file.authorities ?? []).flatMap { try reader.certificates($0) }
        list.revocationLists = try (file.revocationLists ?? []).map { try reader.revocationList($0) }
        var book = AuthorityBook()
        var sources: [AuthorityKey: NamedSources] = [:]
        for ca in file.cas ?? [] {
            let certificate = try reader.certificate(ca.certificate)
            let key = AuthorityKey(subjectOf: certificate)
            guard list.rules[key] == nil else { throw ConfigurationError(file: path, "`cas`: \(ca.entry.name) stands twice") }
            list.rules[key] = AuthorityRules(
                revocation: ca.revocation, issuesLeaves: ca.issuesLeaves, relaxations: Set(ca.relaxations))
            sources[key] = ca.revocationSources.map { NamedSources(ca.entry.name, $0, certificate, list.rules[key]) }
            // Without its profile a CA may assert nobody: a leaf of one that issues none is `identity_not_permitted`.
            if ca.issuesLeaves { book.entries[key] = ca.entry }
            for name in ca.relaxations where !AuthorityRules.knownRelaxations.contains(name) {
                throw ConfigurationError(file: path, "`relaxations`: \(name) of \(ca.entry.name) is not known")
            }
        }
        return LoadedTrustList(list: list, book: book, sources: sources, files: reader.files, stamp: reader.stamp)
    }
}

/// Reads the files a trust list names and remembers them.
private struct TrustFileReader {
    let folder: ConfigurationFolder
    private(set) var files: [String] = []
    private(set) var stamp = FileStamp(of: [])

    /// Before the file is read.
    mutating func note(_ path: String) {
        files.append(path)
        stamp.add(path)
    }

    mutating func certificates(_ name: String) throws -> [Certificate] {
        let (path, bytes) = try bytes(name)
        do {
            return try Certificate.list(pem: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ConfigurationError(file: path, error.description)
        }
    }

    mutating func certificate(_ name: String) throws -> Certificate {
        let all = try certificates(name)
        guard all.count == 1 else { throw ConfigurationError(file: folder.resolve(name), "holds \(all.count) certificates, not one") }
        return all[0]
    }

    mutating func revocationList(_ name: String) throws -> CertificateList {
        let (path, bytes) = try bytes(name)
        do {
            return try CertificateList(bytes: bytes)
        } catch {
            throw ConfigurationError(file: path, error.description)
        }
    }

    private mutating func bytes(_ name: String) throws -> (path: String, bytes: [UInt8]) {
        let path = folder.resolve(name)
        note(path)
        guard let data = FileManager.default.contents(atPath: path) else { throw ConfigurationError(file: path, "cannot be read") }
        return (path, Array(data))
    }
}
