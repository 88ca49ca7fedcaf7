import Foundation
import PKI
import Registry

/// `hallpass trust rollback`.
extension OperatorTrust {
    /// Brings a version back as a new one: the one before, or `number`. A CA certificate that left because it is revoked stays out unless
    /// `force` says why. Revocation lists never go back.
    package func rollback(to number: Int64?, force reason: String?) async throws -> Outcome {
        let operators = try database()
        let versions = try await versions()
        let current = try? inForce()
        let target = try Self.target(number, versions, currentDigest: current.map { TrustSnapshot($0, in: home).digest })
        let archived = try TrustArchive(path: home.version(target), listName: home.listName).read()
        let held = try await heldRevocationLists(current, versions) + fetchedLists()
        let back = archived.certificates.subtracting(current.map { TrustSnapshot($0, in: home).certificates } ?? [])
        let revoked = RevokedAuthorities(lists: held, marked: try await operators.registry.revokedTrust()).among(back)
        if let certificate = revoked.first, reason == nil {
            throw OperatorFailure(
                "version \(target) would bring back a revoked CA certificate: \(certificate.subject), sha256 \(certificate.fingerprint); "
                    + "--force --reason TEXT does it all the same")
        }
        var restoration = TrustRestoration(home: home, archived: archived, from: target)
        let snapshot = try restoration.run(keepingListsOf: current, archives: versions.map(\.number))
        let record = TrustSwitch.Record(
            kind: .rolledBack, restored: target, note: reason, details: revoked.isEmpty ? [:] : ["forced": Self.names(revoked)],
            unmarked: Set(revoked.map(\.fingerprint)))
        let change = TrustSwitch(home: home, snapshot: snapshot, expected: nil, record: record)
        let version = try await change.run(operators)
        return Outcome(version: version, notices: revoked.map { "brought back by force: \($0.subject), sha256 \($0.fingerprint)" })
    }

    /// The version before the one in force. A rollback counts as the version that it brought back, so that the next one goes further back;
    /// a list that was edited since goes back to the last version.
    private static func target(_ number: Int64?, _ versions: [TrustVersion], currentDigest: String?) throws -> Int64 {
        guard let last = versions.first else { throw OperatorFailure("nothing was applied yet: there is no version to go back to") }
        if let number {
            guard versions.contains(where: { $0.number == number }) else { throw OperatorFailure("there is no version \(number)") }
            return number
        }
        guard currentDigest == last.digest else { return last.number }
        var shown = last
        while let restored = shown.restored, let earlier = versions.first(where: { $0.number == restored }) { shown = earlier }
        guard let base = shown.base else { throw OperatorFailure("version \(shown.number) is the first: there is none before it") }
        return base
    }

    /// Every list that is beside the list in force, named by it or by an earlier version, or was kept with one.
    private func heldRevocationLists(_ current: LoadedTrustList?, _ versions: [TrustVersion]) -> [CertificateList] {
        let kept = versions.flatMap { version -> [CertificateList] in
            let files = (try? TrustArchive(path: home.version(version.number), listName: home.listName).read())?.files ?? []
            return files.filter(\.isRevocationList).flatMap { file in
                let path = file.name.hasPrefix("/") ? file.name : "\(home.folder)/\(file.name)"
                let present = try? BoundedFile.read(path, atMost: TrustListReader.listFileMaximum)
                return [file.bytes, present].compactMap { $0.flatMap { try? CertificateList(bytes: $0) } }
            }
        }
        return (current?.list.revocationLists ?? []) + kept
    }
}

/// Puts the files of an archived version back beside the list in force, without touching what others may be reading.
private struct TrustRestoration {
    let home: TrustFolder
    let archived: TrustSnapshot
    let from: Int64
    private var text: TrustListText
    private var files: [TrustSnapshot.File] = []

    init(home: TrustFolder, archived: TrustSnapshot, from: Int64) {
        self.home = home
        self.archived = archived
        self.from = from
        text = TrustListText(archived.text, file: home.listPath)
    }

    mutating func run(keepingListsOf current: LoadedTrustList?, archives: [Int64]) throws -> TrustSnapshot {
        for file in archived.files {
            files.append(file.isRevocationList ? try renew(file, archives) : try restore(file))
        }
        try keepLists(of: current)
        return TrustSnapshot(text: text.text, files: files, certificates: archived.certificates)
    }

    /// A file whose name has another content by now gets a name of its own, so that the list in force stays what it is until the switch.
    private mutating func restore(_ file: TrustSnapshot.File) throws -> TrustSnapshot.File {
        guard !file.name.hasPrefix("/") else { return try outside(file) }
        let owner = DurableFile.Owner.like(home.listPath)
        let path = "\(home.folder)/\(file.name)"
        if try DurableFile.create(path, with: file.bytes, owner) || FileManager.default.contents(atPath: path) == Data(file.bytes) {
            return file
        }
        let url = URL(fileURLWithPath: file.name)
        let name =
            "\(file.name.dropLast(url.pathExtension.count + 1))-v\(from)-\(Digest.sha256(file.bytes).hex.prefix(8)).\(url.pathExtension)"
        _ = try DurableFile.create("\(home.folder)/\(name)", with: file.bytes, owner)
        try rename(file.name, to: name)
        return TrustSnapshot.File(name: name, bytes: file.bytes, isRevocationList: false)
    }

    private func outside(_ file: TrustSnapshot.File) throws -> TrustSnapshot.File {
        guard FileManager.default.contents(atPath: file.name) == Data(file.bytes) else {
            throw OperatorFailure("\(file.name), outside of the list's folder, is not what it was in version \(from)")
        }
        return file
    }

    private mutating func rename(_ old: String, to new: String) throws {
        let located = try StrictYAML.located(TrustListFile.self, text.text, file: home.listPath)
        for place in located.value.places(of: old, in: ConfigurationFolder(file: home.listPath)) { try text.replace(place, with: new) }
    }

    /// The one that is there stays; where there is none any more, the newest that any version kept.
    private func renew(_ file: TrustSnapshot.File, _ archives: [Int64]) throws -> TrustSnapshot.File {
        let path = file.name.hasPrefix("/") ? file.name : "\(home.folder)/\(file.name)"
        if let present = FileManager.default.contents(atPath: path) {
            return TrustSnapshot.File(name: file.name, bytes: Array(present), isRevocationList: true)
        }
        var newest = file
        for number in archives {
            let kept = try? TrustArchive(path: home.version(number), listName: home.listName).read()
            guard let other = kept?.files.first(where: { $0.name == file.name }), let list = try? CertificateList(bytes: other.bytes),
                let best = try? CertificateList(bytes: newest.bytes), RevocationListFile.isLater(list, than: best)
            else { continue }
            newest = other
        }
        _ = try DurableFile.create(path, with: newest.bytes, .like(home.listPath))
        return newest
    }

    /// Lists that came with a later version stay if they speak of a CA of this one.
    private mutating func keepLists(of current: LoadedTrustList?) throws {
        let names = Set(archived.certificates.map(\.subject))
        let known = Set(archived.files.map(\.name))
        for named in current?.named ?? [] where named.use == .revocationList {
            let name = home.relative(named.path) ?? named.path
            guard let list = named.revocationList, names.contains(list.issuer), !known.contains(name) else { continue }
            try text.append(named.name, to: "revocation_lists")
            files.append(TrustSnapshot.File(name: name, bytes: named.bytes, isRevocationList: true))
        }
    }
}

extension TrustListFile {
    /// Where the list names this file.
    func places(of name: String, in folder: ConfigurationFolder) -> [[YAMLStep]] {
        let wanted = folder.resolve(name)
        let all: [([YAMLStep], String)] =
            anchors.enumerated().map { (["anchors", .index($0)], $1) }
            + (authorities ?? []).enumerated().map { (["authorities", .index($0)], $1) }
            + (cas ?? []).enumerated().map { (["cas", .index($0), "certificate"], $1.certificate) }
            + (recognitions ?? []).enumerated().flatMap { index, entry -> [([YAMLStep], String)] in
                [(["recognitions", .index(index), "root"], entry.root), (["recognitions", .index(index), "ca"], entry.ca)]
            }
        return all.filter { folder.resolve($0.1) == wanted }.map(\.0)
    }
}
