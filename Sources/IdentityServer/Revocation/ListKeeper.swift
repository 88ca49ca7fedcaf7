import Foundation
import PKI
import Registry

/// The newest list of each issuer's key and scope, from wherever it came: fetched, or a file of the trust list. An older one never takes
/// its place, so a file that is rolled back, or a distribution point that serves last week's list, un-revokes nobody.
actor ListKeeper {
    private struct Place: Hashable {
        let issuer: String
        let scope: [UInt8]
        init(_ record: ListRecord) {
            issuer = record.issuer
            scope = record.scope
        }
    }
    private struct Held {
        let record: ListRecord
        /// Nil: its bytes are lost. Nothing older counts all the same.
        let list: CertificateList?
    }

    /// The bytes of larger lists, which the database has, are not held in memory as well.
    private static let largestKept = 1 << 20

    private let registry: Registry
    private var held: [Place: Held] = [:]
    /// Addresses that a list of this place came from.
    private var providers: [Place: Set<String>] = [:]
    /// Places that the files of the trust list in force fill.
    private var filed: Set<Place> = []
    /// Lists of the trust list's files that no known key signed: the graph says why they tell nothing.
    private var strangers: [CertificateList] = []

    init(registry: Registry) { self.registry = registry }

    /// What became of an offer.
    enum Taken: Sendable {
        case accepted(ArrivedList)
        /// The one held says the same.
        case unchanged(ListRecord)
        /// A newer one is held.
        case older(Refusal)
    }

    /// Reads what was held when the server ended.
    func open() async throws {
        try await registry.forgetOrphanedPieces()
        let states = try await registry.sourceStates()
        for (record, bytes, source) in try await registry.heldLists() {
            providers[Place(record)] = Set(states.filter { $0.digest == record.digest }.map(\.address) + [source])
            let list = try await Background.lists.run { bytes.flatMap { try? CertificateList(bytes: $0) } }
            held[Place(record)] = Held(record: record, list: list)
        }
    }

    /// Throws `Refusal` for a list that does not parse, that no known key signed, or of the future; the one held stays.
    func take(_ bytes: [UInt8], from source: String, trust: TrustList, now: Date) async throws -> Taken {
        try await take(try await Background.lists.run { try ArrivedList(bytes, trust: trust, now: now) }, from: source)
    }

    private func take(_ arrived: ArrivedList, from source: String) async throws -> Taken {
        let place = Place(arrived.record)
        providers[place, default: []].insert(source)
        switch try await registry.offer(arrived.record, bytes: arrived.bytes, source: source) {
        case .accepted:
            if arrived.bytes.count > Self.largestKept { arrived.list.releaseSource() }
            // Another list of this place may have been accepted while this one was written.
            if held[place].map({ arrived.record.order(against: $0.record) == .newer }) ?? true {
                held[place] = Held(record: arrived.record, list: arrived.list)
            }
            return .accepted(arrived)
        case .unchanged:
            if held[place]?.list == nil { held[place] = Held(record: arrived.record, list: arrived.list) }
            return .unchanged(held[place]?.record ?? arrived.record)
        case .older(let newer):
            let has = newer.number.map { "number \($0.hex)" } ?? "of \(newer.thisUpdate.formatted(.iso8601))"
            return .older(Refusal(.revocationUnavailable, "an older list than the one held (\(has)) of \(arrived.list.issuer)"))
        }
    }

    /// Offers the lists of a trust list's files. Returns those that are new, and why others were refused. `failure`: the database failed
    /// before all were offered; those that arrived until then are held.
    func takeFiles(of trust: TrustList, now: Date) async -> (arrived: [ArrivedList], refused: [Refusal], failure: (any Error)?) {
        var arrived: [ArrivedList] = [], refused: [Refusal] = [], strangers: [CertificateList] = [], filed: Set<Place> = []
        for list in trust.revocationLists {
            do {
                let one = try await Background.lists.run { try ArrivedList(list, bytes: try list.der, trust: trust, now: now) }
                filed.insert(Place(one.record))
                switch try await take(one, from: "file") {
                case .accepted(let new): arrived.append(new)
                case .unchanged: break
                case .older(let refusal): refused.append(refusal)
                }
            } catch let refusal as Refusal {
                refused.append(refusal)
                strangers.append(list)
            } catch {
                return (arrived, refused, error)
            }
        }
        (self.strangers, self.filed) = (strangers, filed)
        return (arrived, refused, nil)
    }

    /// What the graph of this trust list is compiled with: the newest list of each place that a file or an address of it fills. What it
    /// does not name any more says nothing; it is held all the same, so that nothing older counts when it comes back.
    func lists(for loaded: LoadedTrustList) -> [CertificateList] {
        let known = Set(loaded.list.certificates.map { AuthorityKey(subjectOf: $0).recordKey })
        let addresses = Set(loaded.sources.values.flatMap { $0.sources.lists.map(\.description) })
        let own = held.filter { place, one in
            let isNamed = filed.contains(place) || !addresses.isDisjoint(with: providers[place] ?? [])
            return isNamed && known.contains(one.record.issuer)
        }.values.sorted { ($0.record.issuer, $0.record.scope.hex) < ($1.record.issuer, $1.record.scope.hex) }
        return own.compactMap(\.list) + strangers
    }

    /// Once a graph was compiled with these, every key that may have signed them was tried: the bytes of the large ones among those held,
    /// which were read back after a restart, are let go.
    func releaseLarge(among compiled: [CertificateList]) {
        for list in compiled where ((try? list.der.count) ?? 0) > Self.largestKept { list.releaseSource() }
    }

    /// Every list held of these CAs, to be enforced anew.
    func arrivals(for loaded: LoadedTrustList, now: Date) async throws -> [ArrivedList] {
        var all: [ArrivedList] = []
        let trust = loaded.list
        for list in lists(for: loaded) {
            if let one = try? await Background.lists.run({ try ArrivedList(list, bytes: [], trust: trust, now: now) }) { all.append(one) }
        }
        return all
    }

    /// Is a list with this digest held, whole? Then a conditional request makes sense.
    func holds(_ digest: [UInt8]) -> Bool { held.values.contains { $0.record.digest == digest && $0.list != nil } }

    /// What the trust list's files hold, for those who watch when it runs out.
    var filedRecords: [ListRecord] { filed.compactMap { held[$0]?.record } }
}
