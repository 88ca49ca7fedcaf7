import Foundation
import PKI

/// A trust list with all the files it names, as bytes: what a version keeps.
struct TrustSnapshot: Sendable {
    struct File: Sendable {
        /// Relative to the list, or absolute when the list names a file outside of its folder.
        let name: String
        let bytes: [UInt8]
        let isRevocationList: Bool
    }
    let text: String
    /// Each once.
    let files: [File]
    let certificates: Set<Certificate>

    init(_ loaded: LoadedTrustList, in folder: TrustFolder) {
        text = loaded.text
        var seen: Set<String> = []
        files = loaded.named.compactMap { named in
            let name = folder.relative(named.path) ?? named.path
            guard seen.insert(name).inserted else { return nil }
            return File(name: name, bytes: named.bytes, isRevocationList: named.use == .revocationList)
        }
        certificates = Set(loaded.named.flatMap(\.certificates))
    }

    init(text: String, files: [File], certificates: Set<Certificate>) {
        self.text = text
        self.files = files
        self.certificates = certificates
    }

    /// Over the list and its certificates; not over revocation lists, which come and go by themselves.
    var digest: String {
        let parts = files.filter { !$0.isRevocationList }.sorted { $0.name < $1.name }
            .map { "\($0.name)\u{0}\(Digest.sha256($0.bytes).hex)\n" }
        return Digest.sha256(Array("\(Digest.sha256(Array(text.utf8)).hex)\n\(parts.joined())".utf8)).hex
    }

    static func inForce(_ folder: TrustFolder) throws -> TrustSnapshot {
        TrustSnapshot(try LoadedTrustList.load(path: folder.listPath), in: folder)
    }
}

/// `versions/N`: a snapshot that never changes again, 0600 in folders of 0700.
struct TrustArchive {
    /// What the folder holds, beside the files: written last.
    private struct Contents: Codable {
        struct File: Codable {
            let name: String
            let kept: String
            let revocationList: Bool
            let sha256: String

            enum CodingKeys: String, CodingKey {
                case name, kept, sha256
                case revocationList = "revocation_list"
            }
        }
        let list: String
        let digest: String
        let files: [File]
    }
    private static let contents = "version.json"

    let path: String
    let listName: String

    var list: String { "\(path)/\(listName)" }

    /// Into a folder that is not there yet.
    static func write(_ snapshot: TrustSnapshot, to path: String, listName: String) throws -> TrustArchive {
        try DurableFile.makeFolder(path)
        let files = snapshot.files.map { file in
            let digest = Digest.sha256(file.bytes).hex
            let kept = file.name.hasPrefix("/") ? "outside/\(digest)" : file.name
            return (file, Contents.File(name: file.name, kept: kept, revocationList: file.isRevocationList, sha256: digest))
        }
        for (file, entry) in files { _ = try DurableFile.create("\(path)/\(entry.kept)", with: file.bytes, .privately) }
        _ = try DurableFile.create("\(path)/\(listName)", with: Array(snapshot.text.utf8), .privately)
        let contents = Contents(list: listName, digest: snapshot.digest, files: files.map(\.1))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        _ = try DurableFile.create("\(path)/\(Self.contents)", with: Array(encoder.encode(contents)), .privately)
        return TrustArchive(path: path, listName: listName)
    }

    /// Throws when a file is missing or is not what it was.
    func read() throws -> TrustSnapshot {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(Self.contents)"),
            let contents = try? JSONDecoder().decode(Contents.self, from: data),
            let text = FileManager.default.contents(atPath: "\(path)/\(contents.list)")
        else { throw OperatorFailure("\(path) is not a whole version of the trust list") }
        let files = try contents.files.map { file in
            guard let bytes = FileManager.default.contents(atPath: "\(path)/\(file.kept)"), Digest.sha256(Array(bytes)).hex == file.sha256
            else { throw OperatorFailure("\(path)/\(file.kept) is missing or was changed") }
            return TrustSnapshot.File(name: file.name, bytes: Array(bytes), isRevocationList: file.revocationList)
        }
        let certificates = files.filter { !$0.isRevocationList }
            .flatMap { (try? Certificate.list(pem: String(decoding: $0.bytes, as: UTF8.self))) ?? [] }
        let snapshot = TrustSnapshot(text: String(decoding: text, as: UTF8.self), files: files, certificates: Set(certificates))
        guard snapshot.digest == contents.digest else { throw OperatorFailure("\(path) was changed after it was made") }
        return snapshot
    }
}
