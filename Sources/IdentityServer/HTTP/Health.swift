import Hummingbird
import Logging
import PKI
import Registry

/// Liveness, readiness, metrics and the API's description.
enum Health {
    private struct State: Encodable {
        let status: String
        /// What is not ready; absent when all is.
        var waiting: [String]?
        /// CAs whose revocation list ran out: their people are out, everybody else is served. Absent when there are none.
        var stale: [String]?
    }

    static func addRoutes(to router: Router<WebContext>, services: Services) {
        router.get("/health/live") { _, _ in Response.json(State(status: "live")) }
        router.get("/health/ready") { _, _ in
            let waiting = await waiting(services)
            // Another server would not have the list either: a stale CA is told, and is no reason to send everybody elsewhere.
            let names = services.revocation.staleAuthorities
            let stale = names.isEmpty ? nil : names
            return waiting.isEmpty
                ? Response.json(State(status: "ready", stale: stale))
                : .json(State(status: "waiting", waiting: waiting, stale: stale), status: .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: .init(string: PrometheusMetrics.shared.exposition)))
        }
        router.get("/openapi.yaml") { _, _ in
            var response = services.openAPI.response
            response.headers[.cacheControl] = "no-cache"  // at a fixed address, unlike the other assets
            return response
        }
    }

    /// The graph was compiled and the keys opened before anything listened; the database must be writable now.
    private static func waiting(_ services: Services) async -> [String] {
        var waiting: [String] = []
        do {
            try await services.registry.storage.write { transaction in
                _ = try transaction.execute("UPDATE one_use_values SET expires = expires WHERE kind = ''")
            }
        } catch {
            services.logger.error("the database is not writable", metadata: ["error": "\(error)"])
            waiting.append("database")
        }
        if services.trust.graph.leafIssuers.isEmpty { waiting.append("trust") }
        if !services.readiness.isDirectoryTried { waiting.append("directory") }
        return waiting
    }
}
