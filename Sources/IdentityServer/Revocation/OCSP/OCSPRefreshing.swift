import Foundation
import Logging
import PKI
import Registry
import ServiceLifecycle

/// Asks again, ahead of the end of what is known, about every leaf that an open session hangs on. Who is revoked
/// meanwhile is out.
struct OCSPRefreshing: Service {
    /// A second, so that an answer that was due is acted on within one.
    static let interval: Duration = .seconds(1)

    let services: Services
    let desk: OCSPDesk
    let rounds = OCSPRounds()

    /// A round is planned every second, though a responder is silent to the one before: it holds up nobody but its own people.
    func run() async throws {
        await attempt { try await restore() }
        try await withThrowingDiscardingTaskGroup { group in
            try await repeatUntilShutdown(every: Self.interval) {
                guard let planned = await attempt({ try await plan() }) else { return }
                group.addTask { await carryOut(planned) }
            }
        }
    }

    /// Answers of before the restart, for those who have a session.
    func restore() async throws {
        let answers = try await services.registry.ocspAnswers()
        for answer in answers {
            guard let leaf = try await services.registry.keptCertificates([answer.fingerprint]).first,
                let question = services.responderQuestion(about: leaf)
            else { continue }
            await desk.restore(answer.response, fetched: answer.fetched, question)
        }
    }

    /// One round. Returns when all that were asked have answered or failed.
    func refresh() async throws { await carryOut(try await plan()) }

    private func plan() async throws -> OCSPRounds.Plan {
        guard services.revocation.sources.values.contains(where: { $0.sources.ocsp != nil }) else { return [:] }
        return try await rounds.plan(among: try await services.leavesOfOpenSessions(), services, desk)
    }

    private func carryOut(_ plan: OCSPRounds.Plan) async {
        await withDiscardingTaskGroup { group in
            for (responder, leaves) in plan {
                group.addTask {
                    await attempt { try await ask(about: leaves) }
                    await rounds.finish(responder)
                }
            }
        }
    }

    private func ask(about leaves: [Fingerprint]) async throws {
        let certificates = try await services.registry.keptCertificates(leaves)
        await withDiscardingTaskGroup { group in
            for leaf in certificates {
                guard let question = services.responderQuestion(about: leaf) else { continue }
                group.addTask { await ask(question) }
            }
        }
    }

    private func ask(_ question: OCSPDesk.Question) async {
        do throws(Refusal) {
            let answer = try await desk.ask(question)
            try await services.act(on: answer, about: question)
        } catch {
            services.logger.warning("a responder did not answer", metadata: ["responder": "\(question.responder)", "why": "\(error.why)"])
        }
    }

    @discardableResult
    private func attempt<Value>(_ body: () async throws -> Value) async -> Value? {
        do {
            return try await body()
        } catch {
            services.logger.error("refreshing OCSP answers failed", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

extension Services {
    /// Whose status open sessions hang on: their own leaves and, by the configured rule, the masters above subs.
    func leavesOfOpenSessions() async throws -> Set<Fingerprint> {
        let own = Set(try await registry.pathsOfOpenSessions().compactMap(\.path.first))
        return try await registry.settings.revokedMasterEndsSubs ? own.union(registry.mastersAboveOpenSubs()) : own
    }

    /// Whom to ask about this leaf: the CA of the trust list whose key signed it, when it has a responder and its revocation is asked.
    /// Genuine certificates only: nobody else makes us ask.
    func responderQuestion(about leaf: Certificate) -> OCSPDesk.Question? {
        for (key, named) in revocation.sources where key.name == leaf.issuer && named.rules.revocation != .off {
            guard named.sources.ocsp != nil, leaf.signatureFault(by: named.authority, rules: named.rules) == nil else { continue }
            return OCSPDesk.Question(leaf, named)
        }
        return nil
    }

    /// Keeps an answer, and ends the sessions of a leaf that it revokes.
    func act(on answer: ResponderAnswer, about question: OCSPDesk.Question) async throws(Refusal) {
        let fingerprint = question.leaf.fingerprint
        do {
            try await registry.keep(
                .init(fingerprint: fingerprint, response: answer.response, fetched: now()), isGood: answer.status == .good,
                until: answer.end.addingTimeInterval(question.named.rules.softGrace))
            let said = answer.said
            try await registry.apply(IssuerStatement(source: Array("ocsp".utf8)) { _ in said }, to: fingerprint)
        } catch {
            throw Refusal(.revocationUnavailable, "an OCSP answer could not be kept: \(error)", certificate: fingerprint)
        }
    }
}
