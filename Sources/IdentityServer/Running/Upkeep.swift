import Logging
import Registry
import ServiceLifecycle

/// What happens by itself as time goes by: sessions that ran out, pruning, signed audit heads, the
/// platform CA's revocation list, a renewed TLS certificate.
struct Upkeep: Service {
    let services: Services
    let material: TLSMaterial

    func run() async throws {
        var nextHead = ContinuousClock.now
        try await repeatUntilShutdown(every: .seconds(1)) {
            material.reloadIfChanged(services.logger)
            await attempt("maintenance") { try await services.registry.maintain() }
            await attempt("the platform CA's list") { try await services.platform?.publishIfDue(from: services.registry) }
            guard ContinuousClock.now >= nextHead else { return }
            nextHead = .now + services.configuration.auditHeadInterval
            await attempt("signing the audit head") { try await services.registry.signAuditHead() }
        }
        await attempt("the last audit head") { try await services.registry.finish() }
    }

    /// One failure does not end the server, but is told.
    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.error("\(what) failed", metadata: ["error": "\(error)"])
        }
    }
}
