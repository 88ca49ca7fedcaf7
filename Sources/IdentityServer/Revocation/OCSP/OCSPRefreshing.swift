import Foundation
import Logging
import PKI
import Registry
import ServiceLifecycle

/// Asks again, ahead of the end of what is known, about every leaf with an open session. Who is revoked meanwhile is out.
struct OCSPRefreshing: Service {
    /// A second, so that an answer that was due is acted on within one.
    static let interval: Duration = .seconds(1)
    /// Asked in one round; the others are asked in the next.
    static let batch = 64

    let services: Services
    let desk: OCSPDesk

    func run() async throws {
        await attempt { try await restore() }
        try await repeatUntilShutdown(every: Self.interval) { await attempt { try await refresh() } }
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
    func refresh() async throws {
        guard services.revocation.sources.values.contains(where: { $0.sources.ocsp != nil }) else { return }
        let leaves = Set(try await services.registry.pathsOfOpenSessions().compactMap(\.path.first))
        var due: [Fingerprint] = []
        for leaf in leaves where due.count < Self.batch {
            if await desk.isDue(leaf) { due.append(leaf) }
        }
        let certificates = try await services.registry.keptCertificates(due)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for leaf in certificates {
                guard let question = services.responderQuestion(about: leaf) else { continue }
                group.addTask { try await ask(question) }
            }
            try await group.waitForAll()
        }
    }

    private func ask(_ question: OCSPDesk.Question) async throws {
        do throws(Refusal) {
            let answer = try await desk.ask(question)
            try await services.act(on: answer, about: question)
        } catch {
            services.logger.warning("a responder did not answer", metadata: ["responder": "\(question.responder)", "why": "\(error.why)"])
        }
    }

    private func attempt(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.error("refreshing OCSP answers failed", metadata: ["error": "\(error)"])
        }
    }
}

extension Services {
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
