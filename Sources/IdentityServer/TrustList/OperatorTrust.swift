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

    /// What a draft made now is based on: the last version, if the list in force still is that.
    func base(of loaded: LoadedTrustList) async throws -> TrustDraft.Base {
        let digest = TrustSnapshot(loaded, in: home).digest
        let last = try await versions().first
        return TrustDraft.Base(version: last?.digest == digest ? last?.number : nil, digest: digest)
    }
}
