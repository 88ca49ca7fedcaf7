import Foundation
import Glibc
import PKI

/// A trust list to be: a folder with a list and every file it names, the operator's to edit until it is applied.
struct TrustDraft {
    /// The version that the draft was made from, so that nobody's later change is undone unseen.
    struct Base: Codable, Equatable {
        let version: Int64?
        let digest: String
    }
    private static let base = "base.json"

    let list: String
    var folder: String { URL(fileURLWithPath: list).deletingLastPathComponent().path }

    /// `path`: the draft's folder, or the list in it.
    init(path: String, listName: String) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        list = exists && !isFolder.boolValue ? path : URL(fileURLWithPath: path).appending(path: listName).standardizedFileURL.path
    }

    var exists: Bool { FileManager.default.fileExists(atPath: list) }

    /// Nil for a list that was put together by hand.
    var base: Base? {
        FileManager.default.contents(atPath: "\(folder)/\(Self.base)").flatMap { try? JSONDecoder().decode(Base.self, from: $0) }
    }

    func write(base: Base) throws {
        let bytes = try JSONEncoder().encode(base)
        try DurableFile.replace("\(folder)/\(Self.base)", with: Array(bytes), .privately)
    }

    /// A copy of the list in force. Its revocation lists are links to those in force: they are renewed while the draft is edited.
    func make(from loaded: LoadedTrustList, in home: TrustFolder, base: Base) throws {
        try DurableFile.makeFolder(folder)
        for named in loaded.named {
            guard let name = home.relative(named.path) else {
                guard named.name.hasPrefix("/") else {
                    throw OperatorFailure(
                        "\(home.listPath):\(named.line ?? 1): \(named.name) is outside of the list's folder; "
                            + "move it there or name it with its whole path first")
                }
                continue
            }
            let path = "\(folder)/\(name)"
            if named.use == .revocationList {
                try DurableFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
                guard symlink(named.path, path) == 0 || errno == EEXIST else { throw OperatorFailure("\(path) cannot be made") }
            } else {
                _ = try DurableFile.create(path, with: named.bytes, .privately)
            }
        }
        try write(base: base)
        guard try DurableFile.create(list, with: Array(loaded.text.utf8), .privately) else {
            throw OperatorFailure("\(list) was made by somebody else at the same time")
        }
    }

    /// Everything that is wrong with it, or what it means.
    func load(inForce: LoadedTrustList?, now: Date) throws -> LoadedTrustList {
        guard exists else { throw OperatorFailure("there is no draft \(list); `hallpass trust add` makes one") }
        let known = Set((inForce?.named ?? []).flatMap { $0.certificates.map(\.fingerprint) })
        return try LoadedTrustList.load(path: list, review: DraftReview(now: now, known: known))
    }
}
