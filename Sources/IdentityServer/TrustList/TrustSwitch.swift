import Foundation
import Glibc
import PKI
import Registry

/// The moment in which another list comes into force: version, audit event and list, all or none.
///
/// Order: the version's folder is whole on disk first, then its row and audit event are written, then the list is renamed into place, then
/// the transaction commits. A crash before the rename leaves the old list and no row; between rename and commit it leaves the new list,
/// whole, and no row: the next command finds a list that is no version and records it as `edited`.
struct TrustSwitch: Sendable {
    struct Record: Sendable {
        var kind: TrustVersion.Kind
        var restored: Int64?
        var note: String?
        var details: [String: String] = [:]
        /// CA certificates that leave because they are revoked, and revoked ones that are brought back by force.
        var marked: Set<Fingerprint> = []
        var unmarked: Set<Fingerprint> = []
    }

    let home: TrustFolder
    let snapshot: TrustSnapshot
    /// Of the list in force that this one follows; nil: whichever is in force, even one that does not load.
    let expected: String?
    let record: Record

    func run(_ operators: OperatorRegistry) async throws -> TrustVersion {
        let prepared = try prepare()
        defer { try? FileManager.default.removeItem(atPath: prepared) }
        let before = FileManager.default.contents(atPath: home.listPath)
        do {
            return try await operators.change { registry, actor in
                try await registry.changeTrust { try enact(in: $0, prepared: prepared, actor: actor) }
            }
        } catch {
            // The list may be in place while its row is not.
            if let before, FileManager.default.contents(atPath: home.listPath) == Data(snapshot.text.utf8),
                before != Data(snapshot.text.utf8)
            {
                try DurableFile.replace(target, with: Array(before), .like(target))
            }
            throw error
        }
    }

    /// A whole version under a name that is none, and proof that it loads from there.
    private func prepare() throws -> String {
        try DurableFile.makeFolder(home.versions)
        let path = "\(home.versions)/.prepared-\(UUID().uuidString)"
        do {
            let archive = try TrustArchive.write(snapshot, to: path, listName: home.listName)
            _ = try LoadedTrustList.load(path: archive.list)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        return path
    }

    private func enact(in ledger: TrustLedger, prepared: String, actor: Actor) throws -> TrustVersion {
        let current = try inForce()
        if let expected, current?.digest != expected {
            throw OperatorFailure(
                "the list in force was changed since the draft was made; make a new draft in another folder and bring the changes over"
            )
        }
        if let current { try recordEdit(current, in: ledger, actor: actor) }
        let number = max(home.nextNumber, (try ledger.last()?.number ?? 0) + 1)
        let folder = home.version(number)
        guard rename(prepared, folder) == 0 else { throw OperatorFailure("\(folder) cannot be made: \(String(cString: strerror(errno)))") }
        do {
            try DurableFile.sync(folderOf: folder)
            let version = try ledger.add(
                record.kind, number: number, digest: snapshot.digest, restored: record.restored, actor: actor, note: record.note,
                details: record.details)
            try ledger.markRevoked(record.marked, by: number)
            try ledger.unmarkRevoked(record.unmarked)
            try requireFiles()
            try DurableFile.replace(target, with: Array(snapshot.text.utf8), .like(target))
            return version
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    /// What the new list names is beside it, and is what was tried: somebody may have touched it since it was put there.
    private func requireFiles() throws {
        for file in snapshot.files {
            let present = FileManager.default.contents(atPath: file.name.hasPrefix("/") ? file.name : "\(home.folder)/\(file.name)")
            guard let present, file.isRevocationList || present == Data(file.bytes) else {
                throw OperatorFailure("\(file.name) was changed beside the list in force meanwhile; try again")
            }
        }
    }

    /// Nil when it does not load and need not.
    private func inForce() throws -> TrustSnapshot? {
        guard expected == nil else { return try TrustSnapshot.inForce(home) }
        return try? TrustSnapshot.inForce(home)
    }

    /// What was in force and is no version becomes one, so that there is a way back to it.
    private func recordEdit(_ current: TrustSnapshot, in ledger: TrustLedger, actor: Actor) throws {
        let last = try ledger.last()
        guard last?.digest != current.digest else { return }
        let number = max(home.nextNumber, (last?.number ?? 0) + 1)
        _ = try TrustArchive.write(current, to: home.version(number), listName: home.listName)
        let note = last == nil ? "the list before the first version" : "edited by hand after version \(last?.number ?? 0)"
        _ = try ledger.add(.edited, number: number, digest: current.digest, actor: actor, note: note)
    }

    /// The file itself where the configuration names a symbolic link.
    private var target: String { URL(fileURLWithPath: home.listPath).resolvingSymlinksInPath().path }
}
