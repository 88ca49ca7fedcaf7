import Foundation
import PKI
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: signing keys")
struct KeyStoreTests {
    private static let sealingKey = [UInt8](repeating: 7, count: 32)

    @Test("the first key is made once and found again")
    func madeOnce() async throws {
        let fixture = try await ProtocolFixture()
        let again = try await KeyStore.open(registry: fixture.registry, sealingKey: Self.sealingKey)
        #expect(again.current.kid == fixture.services.keys.current.kid)
        #expect(try await fixture.registry.signingKeys().count == 1)
    }

    @Test("the private key is not in the database as it is")
    func sealed() async throws {
        let fixture = try await ProtocolFixture()
        let stored = try #require(try await fixture.registry.signingKeys().first)
        let raw = fixture.services.keys.current.rawRepresentation
        #expect(!stored.sealed.contains(raw))
        #expect(!stored.publicJWK.contains("\"d\""))
    }

    @Test("under another sealing key it does not open, and nothing is replaced")
    func otherSealingKey() async throws {
        let fixture = try await ProtocolFixture()
        await #expect(throws: (any Error).self) {
            try await KeyStore.open(registry: fixture.registry, sealingKey: [UInt8](repeating: 8, count: 32))
        }
        await #expect(throws: (any Error).self) {
            try await KeyStore.open(registry: fixture.registry, sealingKey: [1, 2, 3])
        }
        #expect(try await fixture.registry.signingKeys().count == 1)
    }

    @Test("a sealed key moved under another kid does not open")
    func movedSeal() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.execute("UPDATE signing_keys SET kid = 'other'")
        await #expect(throws: (any Error).self) { try await KeyStore.open(registry: fixture.registry, sealingKey: Self.sealingKey) }
    }

    @Test("the next key is published before it signs, and the old one for a day after")
    func rotation() async throws {
        let fixture = try await ProtocolFixture()
        let keys = fixture.services.keys
        let first = keys.current.kid
        try await keys.addKey(activeFrom: fixture.clock.now.addingTimeInterval(3600), actor: .system)
        #expect(keys.current.kid == first)
        #expect(keys.published.keys.count == 2)
        fixture.clock.advance(3600)
        #expect(keys.current.kid != first)
        fixture.clock.advance(KeyStore.keepAfter - 1)
        #expect(keys.published[first] != nil)
        fixture.clock.advance(1)
        #expect(keys.published.keys.map(\.kid) == [keys.current.kid])
    }

    @Test("secrets differ by purpose")
    func secrets() async throws {
        let keys = try await ProtocolFixture().services.keys
        #expect(keys.secret(for: "a") != keys.secret(for: "b"))
        #expect(keys.secret(for: "a") == keys.secret(for: "a"))
    }
}
