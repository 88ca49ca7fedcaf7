import Foundation
import Glibc

/// The folder of the trust list in force, with its versions and drafts beside it.
struct TrustFolder: Sendable {
    /// As the configuration names it.
    let listPath: String

    var folder: String { URL(fileURLWithPath: listPath).deletingLastPathComponent().standardizedFileURL.path }
    var listName: String { URL(fileURLWithPath: listPath).lastPathComponent }
    var draft: String { "\(folder)/draft" }
    var versions: String { "\(folder)/versions" }
    func version(_ number: Int64) -> String { "\(versions)/\(number)" }

    /// Beyond every folder of a version that is there, recorded or not.
    var nextNumber: Int64 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
        return (names.compactMap { Int64($0) }.max() ?? 0) + 1
    }

    /// A file's name relative to the folder; nil when it is outside of it.
    func relative(_ path: String) -> String? {
        let plain = URL(fileURLWithPath: path).standardizedFileURL.path
        return plain.hasPrefix(folder + "/") ? String(plain.dropFirst(folder.count + 1)) : nil
    }
}

/// Files that appear whole and stay: written aside, on disk before they have their name.
enum DurableFile {
    /// Who may read a new file, and whose it is.
    struct Owner {
        var mode: mode_t = 0o600
        var user: uid_t?
        var group: gid_t?

        static let privately = Owner()

        /// As this file is owned now, so that the server, which may run as somebody else, reads what replaces it.
        static func like(_ path: String) -> Owner {
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
                let mode = attributes[.posixPermissions] as? NSNumber
            else { return Owner(mode: 0o644) }
            return Owner(
                mode: mode_t(mode.uint32Value) & 0o777, user: (attributes[.ownerAccountID] as? NSNumber)?.uint32Value,
                group: (attributes[.groupOwnerAccountID] as? NSNumber)?.uint32Value)
        }
    }

    /// In place of whatever had the name: a reader sees the old or the new file.
    static func replace(_ path: String, with bytes: [UInt8], _ owner: Owner) throws {
        let aside = try writeAside(path, bytes, owner)
        guard rename(aside, path) == 0 else { throw failure(path, removing: aside) }
        try sync(folderOf: path)
    }

    /// Only when nothing has the name yet: false when something has.
    static func create(_ path: String, with bytes: [UInt8], _ owner: Owner) throws -> Bool {
        try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path, owner)
        let aside = try writeAside(path, bytes, owner)
        defer { unlink(aside) }
        guard link(aside, path) == 0 else {
            guard errno == EEXIST else { throw failure(path, removing: aside) }
            return false
        }
        try sync(folderOf: path)
        return true
    }

    /// Whoever may read the files in it may enter it.
    static func makeFolder(_ path: String, _ owner: Owner = .privately) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let mode = 0o700 | (owner.mode & 0o444) >> 2 | (owner.mode & 0o444)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: Int(mode)])
        if geteuid() == 0, let user = owner.user, let group = owner.group { _ = chown(path, user, group) }
    }

    /// The names in a folder are on disk after this.
    static func sync(folderOf path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    private static func writeAside(_ path: String, _ bytes: [UInt8], _ owner: Owner) throws -> String {
        let url = URL(fileURLWithPath: path)
        let aside = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(UUID().uuidString)").path
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: bytes)
            // Giving a file away is root's alone; for anybody else it is theirs already.
            if geteuid() == 0, let user = owner.user, let group = owner.group { _ = fchown(descriptor, user, group) }
            guard fchmod(descriptor, owner.mode) == 0, fsync(descriptor) == 0 else { throw failure(path) }
            try file.close()
        } catch {
            unlink(aside)
            throw error
        }
        return aside
    }

    private static func failure(_ path: String, removing aside: String? = nil) -> OperatorFailure {
        let why = String(cString: strerror(errno))
        if let aside { unlink(aside) }
        return OperatorFailure("\(path) cannot be written: \(why)")
    }
}
