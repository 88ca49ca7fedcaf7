import Foundation

/// How long keys fetched from the identity provider are relied on. All in seconds.
public struct KeyCachePolicy: Sendable {
    /// Fresh for as long as `Cache-Control` says, within these bounds; without it for `freshness.lowerBound`.
    public var freshness: ClosedRange<Int64>
    /// While the provider cannot be reached, keys fetched longer ago than this are no longer relied on.
    public var maximumStaleness: Int64
    /// Between two attempts, whatever brings them about: strangers who invent `kid`s must not make us a burden to the provider.
    public var minimumInterval: Int64

    public init(freshness: ClosedRange<Int64> = 60...3600, maximumStaleness: Int64 = 3600, minimumInterval: Int64 = 10) {
        self.freshness = freshness
        self.maximumStaleness = maximumStaleness
        self.minimumInterval = minimumInterval
    }
}

/// The provider's metadata and keys, fetched when first needed, kept, and fetched again when they age or when a token names a key that is
/// not among them (OpenID Connect Core §10.1.1). However many ask at once, one fetch is under way at most.
actor RemoteKeySet {
    struct Snapshot: Sendable {
        let metadata: ProviderMetadata
        let keys: KeySet
        let fetched: NumericDate
        let freshUntil: NumericDate
    }

    private let issuer: String
    private let policy: KeyCachePolicy
    private let fetch: DocumentFetch
    private let now: @Sendable () -> Date
    private var held: Snapshot?
    private var lastAttempt: NumericDate?
    private var underWay: Task<Result<Snapshot, TokenError>, Never>?

    init(issuer: String, policy: KeyCachePolicy, now: @escaping @Sendable () -> Date, fetch: @escaping DocumentFetch) {
        self.issuer = issuer
        self.policy = policy
        self.now = now
        self.fetch = fetch
    }

    /// What is held, if fresh; else what a fetch brings; else, when that fails, what is held and not yet too old.
    func current() async throws(TokenError) -> Snapshot {
        let now = NumericDate(self.now())
        if let held, held.fetched <= now, now < held.freshUntil { return held }
        do {
            return try await refresh(at: now)
        } catch {
            guard let held, held.fetched <= now, now.seconds < held.fetched.seconds + policy.maximumStaleness else { throw error }
            return held
        }
    }

    /// The current keys; fetched once more, if it is not too soon, when this `kid` is not among them.
    func keys(for kid: String) async throws(TokenError) -> KeySet {
        let snapshot = try await current()
        guard snapshot.keys[kid] == nil else { return snapshot.keys }
        do {
            return try await refresh(at: NumericDate(now())).keys
        } catch {
            return snapshot.keys
        }
    }

    private func refresh(at now: NumericDate) async throws(TokenError) -> Snapshot {
        if let underWay { return try await underWay.value.get() }
        if let lastAttempt, lastAttempt <= now, now.seconds < lastAttempt.seconds + policy.minimumInterval {
            throw TokenError(.keysUnavailable, "the last attempt was \(now.seconds - lastAttempt.seconds) s ago")
        }
        lastAttempt = now
        let task = Task { await self.load(at: now) }
        underWay = task
        return try await task.value.get()
    }

    private func load(at now: NumericDate) async -> Result<Snapshot, TokenError> {
        defer { underWay = nil }
        do throws(TokenError) {
            let discovery = try await document(ProviderMetadata.address(ofIssuer: issuer))
            let metadata = try ProviderMetadata(json: discovery.body, issuer: issuer)
            let document = try await document(metadata.keySetURL)
            let lifetime = min(max(document.maxAge ?? 0, policy.freshness.lowerBound), policy.freshness.upperBound)
            let snapshot = Snapshot(
                metadata: metadata, keys: try KeySet(json: document.body), fetched: now,
                freshUntil: NumericDate(seconds: now.seconds + lifetime))
            held = snapshot
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }

    private func document(_ url: URL) async throws(TokenError) -> FetchedDocument {
        do {
            return try await fetch(url)
        } catch {
            throw TokenError(.keysUnavailable, "\(url.absoluteString): \(String(String(describing: error).prefix(200)))")
        }
    }
}
