import Foundation
import PKI
import Registry
import Synchronization
import Tokens

/// The ES256 keys that sign our tokens, and the set of public keys that windows verify them with.
///
/// Private keys rest in the database sealed under the operator's sealing key (AES-256-GCM, the `kid` authenticated beside it). A key
/// signs from its `activeFrom` until a younger one becomes active, and stays published for `keepAfter` more, so that nothing it signed
/// loses its key before it expires. A key that is not active yet is published already: windows meet it before its first signature.
package final class KeyStore: Sendable {
    /// Longer than any token lives, with room for windows that cache the set.
    package static let keepAfter: TimeInterval = 24 * 3600

    private struct Entry {
        let key: SigningKey
        let activeFrom: Date
        let retired: Date?
    }

    private let registry: Registry
    private let sealingKeyBytes: [UInt8]
    private let sealingKey: SealingKey
    /// Oldest first; never empty after `open`.
    private let entries = Mutex<[Entry]>([])

    /// Loads every stored key, and makes the first one when there is none.
    /// - Parameter sealingKey: 32 bytes from a 0600 file or the environment.
    /// - Throws: when a stored key does not open under this sealing key: never replaced silently, since windows trust it.
    package static func open(registry: Registry, sealingKey: [UInt8]) async throws -> KeyStore {
        let store = try KeyStore(registry: registry, sealingKeyBytes: sealingKey)
        try await store.load()
        if store.entries.withLock(\.isEmpty) { try await store.addKey(activeFrom: registry.now(), actor: .system) }
        return store
    }

    private init(registry: Registry, sealingKeyBytes: [UInt8]) throws {
        self.registry = registry
        self.sealingKeyBytes = sealingKeyBytes
        sealingKey = try SealingKey(bytes: sealingKeyBytes)
    }

    /// The key that signs now: the youngest active one whose end has not been set.
    package var current: SigningKey {
        let now = registry.now()
        return entries.withLock { entries in
            (entries.last { $0.activeFrom <= now && $0.retired == nil } ?? entries[entries.count - 1]).key
        }
    }

    /// Keys whose signatures may still be out there or are to come, oldest first: the JWK Set of `jwks_uri`.
    package var published: KeySet {
        let now = registry.now()
        return entries.withLock { entries in
            let indices = entries.indices.filter { index in
                let replaced = entries[(index + 1)...].first.map { $0.activeFrom + Self.keepAfter }
                return now < min(entries[index].retired ?? .distantFuture, replaced ?? .distantFuture)
            }
            return KeySet(indices.map { entries[$0].key.verificationKey })
        }
    }

    /// Makes the next key; it signs from `activeFrom` on and is published at once.
    package func addKey(activeFrom: Date, actor: Actor) async throws {
        let key = SigningKey.generate()
        let sealed = try sealingKey.seal(key.rawRepresentation, authenticating: Self.context(key.kid))
        let stored = StoredSigningKey(
            kid: key.kid, algorithm: "ES256", sealed: sealed, publicJWK: key.publicJWK, activeFrom: activeFrom, retired: nil)
        try await registry.addSigningKey(stored, actor: actor)
        try await load()
    }

    /// A 32-byte secret for one purpose, which a change of signing keys leaves alone.
    package func secret(for purpose: String) -> [UInt8] {
        Digest.hmacSHA256(key: sealingKeyBytes, Array("hallpass secret: \(purpose)".utf8))
    }

    private func load() async throws {
        let opened = try await registry.signingKeys().map { stored in
            let raw = try sealingKey.open(stored.sealed, authenticating: Self.context(stored.kid))
            return Entry(key: try SigningKey(rawRepresentation: raw), activeFrom: stored.activeFrom, retired: stored.retired)
        }
        entries.withLock { $0 = opened.sorted { $0.activeFrom < $1.activeFrom } }
    }

    private static func context(_ kid: String) -> [UInt8] { Array("hallpass signing key \(kid)".utf8) }
}
