import Hummingbird
import PKI
import Registry

extension Services {
    /// From a certificate whose holder has proved to hold its key to a login: validated over the trust graph in force, then read and
    /// looked up by the registry. Every refusal is audited.
    func identify(
        _ leaf: Certificate, intermediates: [Certificate], method: LoginMethod, _ context: WebContext
    ) async throws -> Login {
        let path: ValidatedPath
        do {
            path = try trust.graph.validate(leaf, intermediates: intermediates, purpose: .client, at: now())
        } catch {
            try await recordRefusal(error, method, context, ["certificate": leaf.fingerprint.description])
            throw error
        }
        let login = try await registry.identify(path, method: method, address: context.address)
        try await registry.keepPath(path)
        return login
    }

    /// Is a session's or login's path (leaf first) refused by the graph in force? Nil: it still holds. Asked when the graph changed, and
    /// once more after a session was opened on the verdict of an older one.
    func refusal(ofPath fingerprints: [Fingerprint]) async throws -> Refusal? {
        guard let leaf = fingerprints.first else { return nil }
        let graph = trust.graph
        if let refusal = graph.refusal(forPath: fingerprints, at: now()) { return refusal }
        let certificates = try await registry.keptCertificates(fingerprints)
        guard certificates.first?.fingerprint == leaf else {
            return Refusal(.pathNotFound, "the session's certificate is not kept any more")
        }
        do throws(Refusal) {
            _ = try graph.validate(certificates[0], intermediates: Array(certificates.dropFirst()), purpose: .client, at: now())
            return nil
        } catch {
            return error
        }
    }

    /// A refusal before the registry is asked.
    func recordRefusal(
        _ refusal: Refusal, _ method: LoginMethod, _ context: WebContext, _ details: [String: String] = [:]
    ) async throws {
        let details = details.merging(["code": refusal.code.rawValue, "method": method.rawValue]) { own, _ in own }
        try await registry.record(AuditEvent("login.refused", actor: .anonymous, address: context.address, details: details))
    }
}

/// Runs `body`; a refusal that it throws keeps the person's way back.
func returning<Value>(to path: ReturnPath, _ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let refusal as Refusal {
        throw Problem(refusal).returning(to: path)
    } catch let problem as Problem {
        throw problem.returning(to: path)
    }
}
