import Foundation
import Logging
import PKI
import Registry
import ServiceLifecycle
import Synchronization

/// Looks at the trust list's files several times a second. When one changed: reads them all and hands them to the keeper, which compiles
/// a new graph beside the one in force, swaps, and ends the sessions that rest on what is refused now. Files that do not load change
/// nothing and are logged loudly.
struct TrustWatcher: Service {
    /// With compiling and ending sessions well under a second (contract: "acts on it within a second").
    static let interval: Duration = .milliseconds(250)
    /// A CA certificate that was not valid yet when the graph was compiled is met again after at most this.
    static let maximumAge: Duration = .seconds(300)

    let services: Services
    let keeper: TrustKeeper

    func run() async throws {
        var files = await keeper.loaded.files
        var stamp = await keeper.loaded.stamp
        var compiled = services.now()
        try await repeatUntilShutdown(every: Self.interval) {
            let seen = FileStamp(of: files)
            guard seen != stamp || services.now().timeIntervalSince(compiled) > Self.maximumAge.timeInterval else { return }
            stamp = seen
            compiled = services.now()
            do {
                let (path, order) = (services.configuration.trustListPath, services.registry.settings.assuranceOrder)
                let loaded = try await Background.lists.run { try LoadedTrustList.load(path: path, assuranceOrder: order) }
                (files, stamp) = (loaded.files, loaded.stamp)
                try await keeper.adopt(loaded)
            } catch {
                services.logger.error(
                    "the changed trust list does not load; the one in force stays", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// Runs `body` now and then again and again, `interval` after each end, until the server shuts down.
func repeatUntilShutdown(every interval: Duration, _ body: () async throws -> Void) async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
        try await body()
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
    }
}
