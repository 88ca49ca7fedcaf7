import Foundation
import PKI
import Registry

/// The acts of `hallpass trust`, on the trust list of a configuration, whether the server is running or not.
package struct OperatorTrust: Sendable {
    let home: TrustFolder
    let configuration: ServerConfiguration
    /// Nil while there is no database yet: nothing was ever applied.
    let operators: OperatorRegistry?
    let now: CurrentTime

    /// `creating`: makes the database if need be, as the server would.
    package init(configurationPath: String, creating: Bool = false, now: @escaping CurrentTime = { Date() }) throws {
        configuration = try ServerConfiguration.load(path: configurationPath)
        home = TrustFolder(listPath: configuration.trustListPath)
        let exists = FileManager.default.fileExists(atPath: configuration.databasePath)
        operators = creating || exists ? try OperatorRegistry(configurationPath: configurationPath, creating: creating) : nil
        self.now = now
    }

    /// The names of the identity profiles that are shipped.
    package static var profiles: [String] { IdentityProfileFile.shipped }

    /// The draft of this folder, or the usual one.
    func draft(_ path: String?) -> TrustDraft { TrustDraft(path: path ?? home.draft, listName: home.listName) }

    func inForce() throws -> LoadedTrustList {
        try LoadedTrustList.load(path: home.listPath, assuranceOrder: configuration.registry.assuranceOrder)
    }

    /// Newest first.
    func versions() async throws -> [TrustVersion] { try await operators?.registry.trustVersions() ?? [] }

    /// The newest lists that the server holds, also those that it fetched.
    func fetchedLists() async throws -> [CertificateList] {
        try await operators?.registry.heldLists().compactMap { held in held.bytes.flatMap { try? CertificateList(bytes: $0) } } ?? []
    }

    /// The graph that the server would compile of this list, but for what it asks of responders.
    func graph(of list: TrustList, at moment: Date) async throws -> TrustGraph {
        var list = list
        let files = Set(list.revocationLists.map { try? $0.der })
        list.revocationLists += try await fetchedLists().filter { try !files.contains($0.der) }
        return TrustGraph(list, at: moment)
    }

    /// What a draft made now is based on: the last version, if the list in force still is that.
    func base(of loaded: LoadedTrustList) async throws -> TrustDraft.Base {
        let digest = TrustSnapshot(loaded, in: home).digest
        let last = try await versions().first
        return TrustDraft.Base(version: last?.digest == digest ? last?.number : nil, digest: digest)
    }
}
