import Foundation
import Logging
import PKI
import Registry
import Synchronization

/// Decides which graph is in force: from the trust list, and the newest revocation lists. What is removed counts at once (deny set, open
/// sessions); the graph is compiled anew in the background and swapped whole.
package actor TrustKeeper {
    private let services: Services
    private let lists: ListKeeper
    private(set) var loaded: LoadedTrustList
    /// How many changes were asked to be in force, and how many are.
    private var wanted = 0
    private var inForce = 0
    private var running: Task<Void, Never>?
    /// Lists that are held and whose sessions have not all ended, because the database failed meanwhile: tried again at every occasion.
    private var unenforced: [ArrivedList] = []
    private var enforcing: Task<Void, any Error>?

    init(services: Services, loaded: LoadedTrustList) {
        self.services = services
        self.loaded = loaded
        lists = ListKeeper(registry: services.registry)
    }

    /// Before anything listens: takes up what is held, and ends sessions that what came meanwhile has revoked.
    func start() async throws {
        try await lists.open()
        try await adopt(loaded)
        for list in try await lists.arrivals(for: loaded, now: services.now()) {
            try await services.registry.apply(list.statement, of: list.signer)
        }
    }

    /// A trust list that was read, whole, takes the place of the one in force.
    func adopt(_ loaded: LoadedTrustList) async throws {
        let (before, named) = (self.loaded.list.named, loaded.list.named)
        services.trust.deny(removed: before.subtracting(named), named: named)
        let (arrived, refused, failure) = await lists.takeFiles(of: loaded.list, now: services.now())
        for list in arrived { begin(list) }
        if let failure {
            Task { await recompile() }
            throw failure
        }
        self.loaded = loaded
        services.revocation.setSources(loaded.sources)
        for refusal in refused { services.logger.warning("a CRL file of the trust list is not used", metadata: ["why": "\(refusal)"]) }
        do {
            try await enforcePending()
        } catch {
            await recompile()
            throw error
        }
        await recompile()
    }

    /// A list that was fetched. Sessions that it revokes are over when this returns; the graph follows. Throws `Refusal` when it does not
    /// count: the one held stays.
    func take(_ bytes: [UInt8], from source: String) async throws -> ListRecord {
        switch try await lists.take(bytes, from: source, trust: loaded.list, now: services.now()) {
        case .accepted(let arrived):
            begin(arrived)
            Task { await recompile() }
            try await enforcePending()
            return arrived.record
        case .unchanged(let record):
            try await enforcePending()
            return record
        case .older(let refusal): throw refusal
        }
    }

    func holds(_ digest: [UInt8]) async -> Bool { await lists.holds(digest) }
    var filedRecords: [ListRecord] { get async { await lists.filedRecords } }

    /// Removals act first: refused from now on, whatever becomes of the database.
    private func begin(_ arrived: ArrivedList) {
        services.trust.deny(arrived, authorities: authorities(revokedBy: arrived))
        unenforced.removeAll { $0.record.issuer == arrived.record.issuer && $0.record.scope == arrived.record.scope }
        unenforced.append(arrived)
    }

    /// Ends the sessions that lists revoke. A list is held already when this fails, and is `unchanged` when it comes again: it is kept here
    /// until it has been applied, whole. One after the other: an older list is never applied over a newer one.
    private func enforcePending() async throws {
        let before = enforcing
        let task = Task {
            _ = await before?.result
            for arrived in unenforced { try await enforce(arrived) }
        }
        enforcing = task
        try await task.value
    }

    private func enforce(_ arrived: ArrivedList) async throws {
        let ended = try await services.registry.apply(arrived.statement, of: arrived.signer)
        unenforced.removeAll { $0.record == arrived.record }
        services.logger.notice(
            "a new revocation list is in force",
            metadata: ["issuer": "\(arrived.list.issuer)", "entries": "\(arrived.record.entries)", "sessions_ended": "\(ended)"])
    }

    /// CA certificates of the trust list that the list's signer issued and now revokes.
    private func authorities(revokedBy arrived: ArrivedList) -> Set<Fingerprint> {
        let all = loaded.list.certificates
        guard let signer = all.first(where: { AuthorityKey(subjectOf: $0) == arrived.signer }) else { return [] }
        let (rules, floor) = (loaded.list.rules[arrived.signer] ?? AuthorityRules(), loaded.list.floor)
        let revoked = all.filter {
            arrived.refusal(of: $0, issuer: arrived.signer, isLeaf: false) != nil
                && $0.signatureFault(by: signer, rules: rules, floor: floor) == nil
        }
        return Set(revoked.map(\.fingerprint))
    }

    /// Returns when a graph that holds everything known now is in force. Several who ask meanwhile share one.
    func recompile() async {
        wanted += 1
        let mine = wanted
        while inForce < mine {
            if running == nil { running = Task { await compile() } }
            await running?.value
        }
    }

    private func compile() async {
        let (target, denied, moment) = (wanted, services.trust.denied, services.now())
        let loaded = loaded
        var list = loaded.list
        list.revocationLists = await lists.lists(for: loaded)
        await attempt("compiling a trust graph") {
            let graph = try await Background.graphs.run { [list] in TrustGraph(list, at: moment) }
            services.trust.replace(graph, covering: denied, named: list.named)
            await lists.releaseLarge(among: list.revocationLists)
            services.registry.authorities.withLock { $0 = services.authorityBook(loaded.book) }
            services.logger.notice("a new trust graph is in force", metadata: ["anchors": "\(loaded.list.anchors.count)"])
            for refusal in graph.refusedAuthorities { services.logger.warning("a CA carries no path", metadata: ["why": "\(refusal)"]) }
        }
        await attempt("ending the sessions that a revocation list revokes") { try await enforcePending() }
        await attempt("judging the sessions by the new trust graph") { try await services.endRefusedSessions() }
        inForce = max(inForce, target)
        running = nil
    }

    /// What fails is told, and holds nothing else up.
    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            services.logger.error("\(what) failed", metadata: ["error": "\(error)"])
        }
    }
}

extension TrustList {
    /// Its CA certificates.
    fileprivate var named: Set<Fingerprint> { Set(certificates.map(\.fingerprint)) }
}
