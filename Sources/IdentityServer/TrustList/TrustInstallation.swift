import Foundation
import PKI

/// Brings a draft's files beside the list in force, before the list that names them: nothing in force changes by it.
struct TrustInstallation {
    let home: TrustFolder
    let draft: LoadedTrustList
    private let draftFolder: TrustFolder
    private let owner: DurableFile.Owner

    init(of draft: LoadedTrustList, at list: String, to home: TrustFolder) {
        self.draft = draft
        self.home = home
        draftFolder = TrustFolder(listPath: list)
        owner = .like(home.listPath)
    }

    /// Every file that cannot take its place, with the line that names it.
    func check() throws {
        let faults = draft.named.compactMap { named -> ConfigurationError? in
            guard let name = draftFolder.relative(named.path) else {
                guard !named.name.hasPrefix("/") else { return nil }
                return fault(named, "\(named.name) is outside of the draft's folder; put it there or name it with its whole path")
            }
            if name == home.listName || name.hasPrefix("versions/") || name.hasPrefix("draft/") {
                return fault(named, "\(named.name): this name is taken by the trust list itself; choose another")
            }
            guard named.use != .revocationList, let present = try? BoundedFile.read("\(home.folder)/\(name)", atMost: 1 << 26),
                present != named.bytes
            else { return nil }
            return fault(named, "\(named.name) is another file beside the list in force; give the new one a name of its own")
        }
        if let error = ConfigurationError(all: faults) { throw error }
    }

    func install() throws {
        for named in draft.named {
            guard let name = draftFolder.relative(named.path) else { continue }
            let path = "\(home.folder)/\(name)"
            if try !FileManager.default.fileExists(atPath: path) && DurableFile.create(path, with: named.bytes, owner) { continue }
            if let list = named.revocationList {
                try RevocationListFile.renew(path, with: list, named.bytes)
            } else if try BoundedFile.read(path, atMost: 1 << 26) != named.bytes {
                throw fault(named, "\(named.name) was made beside the list in force by somebody else")
            }
        }
    }

    private func fault(_ named: NamedTrustFile, _ message: String) -> ConfigurationError {
        ConfigurationError(file: draftFolder.listPath, line: named.line, message)
    }
}

/// A revocation list in force goes forward only.
enum RevocationListFile {
    /// Puts the list in place of the one that is there if it is a later one of the same issuer.
    static func renew(_ path: String, with list: CertificateList, _ bytes: [UInt8]) throws {
        guard let present = try? CertificateList(bytes: BoundedFile.read(path, atMost: TrustListReader.listFileMaximum)) else { return }
        guard present.issuer == list.issuer, isLater(list, than: present) else { return }
        try DurableFile.replace(path, with: bytes, .like(path))
    }

    /// RFC 5280 §5.2.3: the number says which is later; where there is none, the time.
    static func isLater(_ list: CertificateList, than other: CertificateList) -> Bool {
        if let number = list.number, let otherNumber = other.number, number != otherNumber { return number > otherNumber }
        return list.thisUpdate > other.thisUpdate
    }
}
