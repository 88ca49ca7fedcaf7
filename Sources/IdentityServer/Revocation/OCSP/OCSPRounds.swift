import PKI
import Registry

/// What is asked in each round of refreshing: first who has a responder at all, then what is due, then so many of each responder.
/// Leaves of CAs without one take nobody's place, and neither do those of a responder that is silent.
actor OCSPRounds {
    /// Of one responder in one round; the others are asked in the next. It leaves room for logins (`OCSPDesk.perResponder`).
    static let perResponder = OCSPDesk.perResponder / 2
    /// Certificates read in one round to learn whether they have a responder.
    static let learnedPerRound = 1024

    /// By the responder's address.
    typealias Plan = [String: [Fingerprint]]

    private enum Known {
        case responder(String)
        case none
    }
    private var known: [Fingerprint: Known] = [:]
    /// Of the sources that `known` was learned from.
    private var version: Int?
    private var underWay: Set<String> = []

    /// `finish` must follow for each responder of the plan.
    func plan(among leaves: Set<Fingerprint>, _ services: Services, _ desk: OCSPDesk) async throws -> Plan {
        try await learn(leaves, services)
        var plan: Plan = [:]
        for leaf in await desk.due(among: leaves.filter { responder(of: $0) != nil }) {
            guard let responder = responder(of: leaf), !underWay.contains(responder),
                plan[responder, default: []].count < Self.perResponder
            else { continue }
            plan[responder, default: []].append(leaf)
        }
        underWay.formUnion(plan.keys)
        return plan
    }

    func finish(_ responder: String) { underWay.remove(responder) }

    private func responder(of leaf: Fingerprint) -> String? {
        guard case .responder(let responder) = known[leaf] else { return nil }
        return responder
    }

    /// Telling a leaf's responder takes a signature's check: it is done once for each leaf, and anew when the trust list changes.
    private func learn(_ leaves: Set<Fingerprint>, _ services: Services) async throws {
        let version = services.revocation.version
        if self.version != version { (known, self.version) = ([:], version) }
        known = known.filter { leaves.contains($0.key) }
        // By chance: those that are not kept (any more) and stay unknown are in nobody's way for long.
        let new = leaves.filter { known[$0] == nil }.shuffled().prefix(Self.learnedPerRound)
        for leaf in try await services.registry.keptCertificates(Array(new)) {
            known[leaf.fingerprint] = services.responderQuestion(about: leaf).map { .responder($0.responder.description) } ?? Known.none
        }
    }
}
