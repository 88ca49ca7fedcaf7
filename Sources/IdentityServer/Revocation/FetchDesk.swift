import Foundation
import Logging
import Metrics
import PKI
import Registry
import ServiceLifecycle

/// Fetches the lists of all CAs ahead of their end, each by itself. Clock, chance and network are handed in.
actor FetchDesk {
    private struct Source {
        let address: SourceAddress
        /// CAs that name it.
        var names: [String]
        var allowsPrivate: Bool
        var refresh: Duration
        var state: SourceState
    }

    /// National CAs publish lists of some tens of megabytes.
    static let largestList = 64 * 1024 * 1024
    static let longestFetch: Duration = .seconds(60)

    private let services: Services
    private let keeper: TrustKeeper
    /// From 0 up to 1.
    private let jitter: @Sendable () -> Double
    private var sources: [String: Source] = [:]
    private var stored: [String: SourceState]?
    private var slots = FetchSlots()
    private var work: [String: Task<Void, Never>] = [:]
    private var staleness = Staleness()

    init(services: Services, keeper: TrustKeeper, jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }) {
        self.services = services
        self.keeper = keeper
        self.jitter = jitter
    }

    /// Begins what is due, and reports what is stale. Called about once a second.
    func tick() async throws {
        try await configure()
        let moment = services.now()
        for source in sources.values.sorted(by: { $0.state.due < $1.state.due }) where source.state.due <= moment {
            let (address, isFailing) = (source.address, source.state.failures > 0)
            guard slots.take(address, isFailing: isFailing) else { continue }
            work[address.description] = Task { await fetch(address) }
        }
        await report(at: moment)
    }

    /// Returns when nothing is under way.
    func settle() async {
        while let task = work.values.first { await task.value }
    }

    /// Follows the trust list in force.
    private func configure() async throws {
        if stored == nil {
            let states = try await services.registry.sourceStates()
            stored = Dictionary(states.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        }
        var wanted: [String: Source] = [:]
        for named in services.revocation.sources.values {
            for address in named.sources.lists { add(address, of: named, to: &wanted) }
        }
        for gone in sources.keys where wanted[gone] == nil { SourceMetrics(source: gone).remove() }
        sources = wanted
    }

    /// An address that several CAs name is fetched once, by the strictest of what they say.
    private func add(_ address: SourceAddress, of named: NamedSources, to wanted: inout [String: Source]) {
        let key = address.description
        if var other = wanted[key] {
            other.names = (other.names + [named.name]).sorted()
            other.allowsPrivate = other.allowsPrivate && named.sources.allowsPrivate
            other.refresh = min(other.refresh, named.sources.refresh)
            wanted[key] = other
            return
        }
        var state = sources[key]?.state ?? stored?[key] ?? SourceState(address: key, due: services.now())
        // A refresh that was shortened counts for the fetch that is planned already.
        let latest = (state.fetched ?? .distantPast).addingTimeInterval(named.sources.refresh.timeInterval)
        if state.failures == 0 { state.due = min(state.due, latest) }
        wanted[key] = Source(
            address: address, names: [named.name], allowsPrivate: named.sources.allowsPrivate, refresh: named.sources.refresh, state: state)
    }

    private func fetch(_ address: SourceAddress) async {
        defer {
            slots.release(address)
            work[address.description] = nil
        }
        guard let source = sources[address.description] else { return }
        var state = source.state
        do {
            try await ask(source, &state)
            (state.failures, state.error, state.fetched) = (0, nil, services.now())
            state.due = FetchSchedule.afterSuccess(
                at: services.now(), nextUpdate: state.nextUpdate, refresh: source.refresh.timeInterval, jitter: jitter())
        } catch {
            state.failures += 1
            state.error = Self.why(error)
            state.due = FetchSchedule.afterFailure(
                at: services.now(), failures: state.failures, refresh: source.refresh.timeInterval, jitter: jitter())
            SourceMetrics(source: address.description).countFailure()
            services.logger.error(
                "a revocation list was not fetched",
                metadata: ["source": "\(address)", "why": "\(state.error ?? "")", "failures": "\(state.failures)"])
        }
        sources[address.description]?.state = state
        do {
            try await services.registry.keep(state)
        } catch {
            services.logger.error("the state of a revocation source was not kept", metadata: ["error": "\(error)"])
        }
    }

    private func ask(_ source: Source, _ state: inout SourceState) async throws {
        var request = FetchRequest(
            address: source.address, allowsPrivate: source.allowsPrivate, limit: Self.largestList, time: Self.longestFetch)
        if let digest = state.digest, await keeper.holds(digest) {
            request.validators = .init(etag: state.etag, lastModified: state.lastModified)
        }
        guard case .bytes(let bytes, let validators) = try await services.revocation.fetcher.fetch(request) else { return }
        let record = try await keeper.take(bytes, from: source.address.description)
        (state.etag, state.lastModified) = (validators.etag, validators.lastModified)
        (state.digest, state.nextUpdate, state.entries) = (record.digest, record.nextUpdate, record.entries)
    }

    private static func why(_ error: any Error) -> String {
        switch error {
        case let failure as FetchFailure: failure.description
        case let refusal as Refusal: refusal.description
        default: "\(error)"
        }
    }

    private func report(at moment: Date) async {
        var ends: [Staleness.Subject: Date] = [:]
        for (key, source) in sources {
            SourceMetrics(source: key).set(source.state, now: moment)
            // Never fetched: stale once a try has failed.
            if source.state.fetched == nil, source.state.failures == 0 { continue }
            ends[.init(source: key, authorities: source.names)] = source.state.nextUpdate ?? .distantPast
        }
        let fetched = Set(sources.values.compactMap(\.state.digest))
        for record in await keeper.filedRecords where !fetched.contains(record.digest) {
            ends[.init(source: "file of \(record.issuerName)", authorities: [record.issuerName])] = record.nextUpdate ?? .distantPast
            SourceMetrics(source: "file of \(record.issuerName)").set(left: record.nextUpdate, entries: record.entries, now: moment)
        }
        staleness.update(ends, at: moment, logger: services.logger)
        services.revocation.setStaleAuthorities(staleness.authorities)
    }
}

/// Looks once a second what is due.
struct RevocationFetching: Service {
    let desk: FetchDesk
    let logger: Logger

    func run() async throws {
        try await repeatUntilShutdown(every: .seconds(1)) {
            do {
                try await desk.tick()
            } catch {
                logger.error("fetching revocation lists failed", metadata: ["error": "\(error)"])
            }
        }
    }
}
