import Foundation
import Logging
import PKI
import Registry
import ServiceLifecycle
import Synchronization

/// Looks at the trust list's files several times a second. When one changed: reads them all, compiles a new graph beside the one in
/// force, swaps, and ends the sessions that rest on what is refused now. Files that do not load change nothing and are logged loudly.
struct TrustWatcher: Service {
    /// With compiling and ending sessions well under a second (contract: "acts on it within a second").
    static let interval: Duration = .milliseconds(250)
    /// A CA certificate that was not valid yet when the graph was compiled is met again after at most this.
    static let maximumAge: Duration = .seconds(300)

    let services: Services
    let initial: LoadedTrustList

    func run() async throws {
        var files = initial.files
        var stamp = initial.stamp
        var compiled = services.now()
        try await repeatUntilShutdown(every: Self.interval) {
            let seen = FileStamp(of: files)
            guard seen != stamp || services.now().timeIntervalSince(compiled) > Self.maximumAge.timeInterval else { return }
            stamp = seen
            compiled = services.now()
            do {
                let loaded = try LoadedTrustList.load(path: services.configuration.trustListPath)
                (files, stamp) = (loaded.files, loaded.stamp)
                try await enforce(loaded)
            } catch {
                services.logger.error(
                    "the changed trust list does not load; the one in force stays", metadata: ["error": "\(error)"])
            }
        }
    }

    func enforce(_ loaded: LoadedTrustList) async throws {
        let graph = TrustGraph(loaded.list, at: services.now())
        services.trust.replace(graph)
        services.registry.authorities.withLock { $0 = services.authorityBook(loaded.book) }
        services.logger.notice("a new trust graph is in force", metadata: ["anchors": "\(loaded.list.anchors.count)"])
        for refusal in graph.refusedAuthorities { services.logger.warning("a CA carries no path", metadata: ["why": "\(refusal)"]) }
        try await endRefusedSessions()
    }

    /// Whoever's certificate or path is refused by the graph in force is out.
    func endRefusedSessions() async throws {
        for (sid, path) in try await services.registry.pathsOfOpenSessions() {
            guard let refusal = try await services.refusal(ofPath: path) else { continue }
            try await services.registry.endSession(sid: sid, reason: refusal.code.rawValue, actor: .system)
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
