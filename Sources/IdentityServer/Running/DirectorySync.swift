import Directory
import Foundation
import Logging
import Registry
import ServiceLifecycle
import Synchronization

/// Reads the whole directory at each interval and lets the registry apply it. A search that did not end changes nothing.
struct DirectorySync: Service {
    let configuration: ServerConfiguration.DirectorySync
    let client: DirectoryClient
    let registry: Registry
    let readiness: Readiness
    let logger: Logger

    func run() async throws {
        try await repeatUntilShutdown(every: configuration.interval) {
            do {
                try await sync()
            } catch {
                logger.error("the directory was read but not applied", metadata: ["error": "\(error)"])
            }
            readiness.directoryWasTried()
        }
    }

    private func sync() async throws {
        let snapshot: DirectorySnapshot
        do {
            snapshot = try await client.snapshot()
        } catch {
            logger.error("the directory could not be read", metadata: ["error": "\(error)"])
            return try await registry.syncFailed("\(error)", actor: .system)
        }
        let outcome = try await registry.apply(snapshot, mapping: configuration.roles, actor: .system)
        if let halted = outcome.halted {
            logger.critical("the directory sync halted", metadata: ["why": "\(halted)"])
        } else {
            logger.info(
                "directory synced",
                metadata: ["added": "\(outcome.added)", "changed": "\(outcome.changed)", "removed": "\(outcome.removed)"])
        }
    }
}
