import Hummingbird
import PKI
import Registry

extension Services {
    /// From a certificate whose holder has proved to hold its key to a login: validated over the trust graph in force, then read and
    /// looked up by the registry. Every refusal is audited.
    func identify(
        _ leaf: Certificate, intermediates: [Certificate], method: LoginMethod, _ context: WebContext
    ) async throws -> Login {
        try await identify(leaf, intermediates: intermediates, method: method, address: context.address)
    }

    func identify(_ leaf: Certificate, intermediates: [Certificate], method: LoginMethod, address: String) async throws -> Login {
        let path: ValidatedPath
        // What the verdict rests on is known by now; what is learned from here on, it does not know.
        let begun = now()
        do {
            path = try await validate(leaf, intermediates: intermediates)
        } catch {
            try await recordRefusal(error, method, address: address, ["certificate": leaf.fingerprint.description])
            throw error
        }
        try await registry.clearIssuerRevocations(of: leaf.fingerprint, learnedBefore: begun)
        try await judgeMasters(above: leaf)
        let login = try await registry.identify(path, method: method, address: address)
        try await registry.keepPath(path)
        return login
    }

    /// The verdict over the graph in force. Where a current statement is missing and the CA has a responder, it is asked, once, for at
    /// most three seconds and off the event loops; without an answer the last one is left to the CA's `soft` rule.
    func validate(_ leaf: Certificate, intermediates: [Certificate]) async throws(Refusal) -> ValidatedPath {
        let known = await revocation.responders?.current(about: leaf.fingerprint)
        do throws(Refusal) {
            return try trust.validate(leaf, intermediates: intermediates, answer: known, at: now())
        } catch {
            guard error.code == .revocationUnavailable, let desk = revocation.responders,
                let question = responderQuestion(about: leaf)
            else { throw error }
            let answer = try await ask(desk, question)
            return try trust.validate(leaf, intermediates: intermediates, answer: answer, at: now())
        }
    }

    private func ask(_ desk: OCSPDesk, _ question: OCSPDesk.Question) async throws(Refusal) -> ResponderAnswer {
        do throws(Refusal) {
            let answer = try await desk.ask(question)
            try await act(on: answer, about: question)
            return answer
        } catch {
            // One that has ended speaks for nobody but under `soft`, and there for the grace only (the graph sees to that).
            guard let last = await desk.last(about: question.leaf.fingerprint),
                last.end >= now() || last.status != .good || question.named.rules.revocation == .soft
            else { throw error }
            return last
        }
    }

    /// A sub-certificate hangs below its master's: is that revoked by its CA, in the graph in force or by its responder, which is asked as
    /// for a leaf? What is found is kept in the registry, which then refuses the sub; a master that is accepted is free of what was said
    /// before.
    private func judgeMasters(above leaf: Certificate) async throws {
        guard registry.settings.revokedMasterEndsSubs else { return }
        let masters = try await registry.keptCertificates(registry.masters(aboveSub: leaf.fingerprint))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for master in masters { group.addTask { try await judge(master) } }
            try await group.waitForAll()
        }
    }

    private func judge(_ master: Certificate) async throws {
        let begun = now()
        do throws(Refusal) {
            _ = try await validate(master, intermediates: [])
        } catch {
            return try await keep(error, against: master.fingerprint)
        }
        try await registry.clearIssuerRevocations(of: master.fingerprint, learnedBefore: begun)
    }

    /// A master that a list of another key of its CA, an indirect list or its responder revokes ends the sessions below it, whether it has
    /// one itself or not.
    private func endBelowRefused(_ master: Certificate) async throws {
        let answer = await revocation.responders?.last(about: master.fingerprint)
        do throws(Refusal) {
            _ = try trust.validate(master, answer: answer, at: now())
        } catch {
            try await keep(error, against: master.fingerprint)
        }
    }

    /// What the graph says against a certificate bound here, so that whoever hangs below it falls with it.
    func keep(_ refusal: Refusal, against fingerprint: Fingerprint) async throws {
        guard refusal.code == .certificateRevoked || refusal.code == .certificateSuspended, refusal.certificate == fingerprint else {
            return
        }
        let said = IssuerStatement.Said.revoked(code: refusal.code, since: now())
        try await registry.apply(IssuerStatement(source: Array("graph".utf8)) { _ in said }, to: fingerprint)
    }

    /// Is a session's or login's path (leaf first) refused by the graph in force? Nil: it still holds. Asked when the graph changed, and
    /// once more after a session was opened on the verdict of an older one.
    func refusal(ofPath fingerprints: [Fingerprint]) async throws -> Refusal? {
        guard let leaf = fingerprints.first else { return nil }
        if let refusal = trust.graph.refusal(forPath: fingerprints, at: now()) { return refusal }
        let certificates = try await registry.keptCertificates(fingerprints)
        guard certificates.first?.fingerprint == leaf else {
            return Refusal(.pathNotFound, "the session's certificate is not kept any more")
        }
        let answer = await revocation.responders?.last(about: leaf)
        do throws(Refusal) {
            let path = try trust.validate(certificates[0], intermediates: Array(certificates.dropFirst()), answer: answer, at: now())
            // A CA that has left the trust list may still come along with the leaf: it asserts nobody any more.
            _ = try registry.subject(of: path)
            return nil
        } catch {
            // A responder is asked in its own time, and the session ends with the answer that it was opened on.
            let isAsked = revocation.responders != nil && responderQuestion(about: certificates[0]) != nil
            return error.code == .revocationUnavailable && isAsked ? nil : error
        }
    }

    /// Whoever's certificate or path is refused by the graph in force is out. One session that cannot be judged or ended keeps no other
    /// open; what went wrong first is thrown when all were looked at.
    func endRefusedSessions() async throws {
        var failure: (any Error)?
        func attempt(_ body: () async throws -> Void) async {
            do {
                try await body()
            } catch {
                failure = failure ?? error
            }
        }
        for (sid, path) in try await registry.pathsOfOpenSessions() { await attempt { try await endIfRefused(sid, path) } }
        if registry.settings.revokedMasterEndsSubs {
            let masters = try await registry.keptCertificates(registry.mastersAboveOpenSubs())
            for master in masters { await attempt { try await endBelowRefused(master) } }
        }
        if let failure { throw failure }
    }

    private func endIfRefused(_ sid: String, _ path: [Fingerprint]) async throws {
        guard let leaf = path.first, let refusal = try await refusal(ofPath: path) else { return }
        try await keep(refusal, against: leaf)
        try await registry.endSession(sid: sid, reason: refusal.code.rawValue, actor: .system)
    }

    /// A refusal before the registry is asked.
    func recordRefusal(
        _ refusal: Refusal, _ method: LoginMethod, _ context: WebContext, _ details: [String: String] = [:]
    ) async throws {
        try await recordRefusal(refusal, method, address: context.address, details)
    }

    private func recordRefusal(_ refusal: Refusal, _ method: LoginMethod, address: String, _ details: [String: String] = [:]) async throws {
        let details = details.merging(["code": refusal.code.rawValue, "method": method.rawValue]) { own, _ in own }
        try await registry.record(AuditEvent("login.refused", actor: .anonymous, address: address, details: details))
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
