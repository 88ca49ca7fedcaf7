import Foundation
import Synchronization
import Testing

@testable import Tokens

struct TokenVerifierTests {
    private let provider = FakeProvider()

    private func accessToken(_ key: SigningKey = Sample.key, lifetime: Int64 = 1_000_000) throws -> String {
        var claims = Sample.accessToken
        claims.registered.expires.seconds = Sample.seconds + lifetime
        claims.grant?.until = nil
        return try key.sign(claims, type: AccessToken.type)
    }

    private func refusal(_ verify: () async throws -> some Any) async -> TokenError.Code? {
        do {
            _ = try await verify()
            return nil
        } catch {
            return (error as? TokenError)?.code
        }
    }

    @Test("tokens are verified with keys found through discovery, fetched once")
    func fetchedOnce() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        for _ in 0..<5 { #expect(try await verifier.accessToken(token).clientID == Sample.window) }
        #expect(provider.requests == 1)
        #expect(try await verifier.metadata().tokenEndpoint.absoluteString == "https://id.example/token")
        #expect(provider.state.withLock { $0.discoveryRequests } == 1)
    }

    @Test("a hundred at once cause one fetch")
    func singleFlight() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = try await verifier.accessToken(token) } }
            try await group.waitForAll()
        }
        #expect(provider.requests == 1)
    }

    @Test("rollover: a token by a key not seen before fetches the keys once more and passes")
    func rollover() async throws {
        let verifier = provider.verifier(), next = SigningKey.generate()
        _ = try await verifier.accessToken(accessToken())
        provider.publish([next, Sample.key])
        provider.advance(11)
        #expect(await refusal { try await verifier.accessToken(accessToken(next)) } == nil)
        #expect(await refusal { try await verifier.accessToken(accessToken()) } == nil)
        #expect(provider.requests == 2)
    }

    @Test("rollover under load: a hundred tokens of the new key at once cause one fetch")
    func rolloverUnderLoad() async throws {
        let verifier = provider.verifier(), next = SigningKey.generate(), token = try accessToken(next)
        _ = try await verifier.accessToken(accessToken())
        provider.publish([next])
        provider.advance(11)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = try await verifier.accessToken(token) } }
            try await group.waitForAll()
        }
        #expect(provider.requests == 2)
    }

    @Test("a flood of invented kids does not become a flood of fetches")
    func inventedKeys() async throws {
        let verifier = provider.verifier()
        for _ in 0..<50 {
            #expect(await refusal { try await verifier.accessToken(accessToken(.generate())) } == .keyUnknown)
        }
        #expect(provider.requests == 1)
        provider.advance(11)
        for _ in 0..<50 {
            #expect(await refusal { try await verifier.accessToken(accessToken(.generate())) } == .keyUnknown)
        }
        #expect(provider.requests == 2)
    }

    @Test("what is plainly no token causes no fetch at all")
    func noFetchForRubbish() async throws {
        let verifier = provider.verifier()
        #expect(await refusal { try await verifier.accessToken("rubbish") } == .tokenMalformed)
        #expect(
            await refusal { try await verifier.accessToken(Sample.token(header: Sample.header(alg: "none"))) } == .algorithmNotPermitted)
        #expect(provider.state.withLock { $0.discoveryRequests } == 0)
    }

    @Test("a key taken out of the set is out when the set is next fetched, by its own age")
    func withdrawn() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        provider.state.withLock { $0.cacheControl = "public, max-age=120" }
        _ = try await verifier.accessToken(token)
        provider.publish([.generate()])
        provider.advance(119)
        #expect(await refusal { try await verifier.accessToken(token) } == nil)
        provider.advance(1)
        #expect(await refusal { try await verifier.accessToken(token) } == .keyUnknown)
    }

    @Test(
        "freshness follows Cache-Control within its bounds",
        arguments: [
            (nil, 60), ("max-age=1", 60), ("no-store", 60), ("no-cache, max-age=600", 60), ("max-age=600", 600), ("Max-Age=99999999", 3600),
        ])
    func freshness(cacheControl: String?, seconds: Int) async throws {
        let verifier = provider.verifier(), token = try accessToken()
        provider.state.withLock { $0.cacheControl = cacheControl }
        _ = try await verifier.accessToken(token)
        provider.advance(TimeInterval(seconds - 1))
        _ = try await verifier.accessToken(token)
        #expect(provider.requests == 1)
        provider.advance(1)
        _ = try await verifier.accessToken(token)
        #expect(provider.requests == 2)
    }

    @Test("while the provider is down its keys serve on for the bounded time, then no longer")
    func staleness() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        _ = try await verifier.accessToken(token)
        provider.state.withLock { $0.isDown = true }
        provider.advance(3599)
        #expect(await refusal { try await verifier.accessToken(token) } == nil)
        provider.advance(1)
        #expect(await refusal { try await verifier.accessToken(token) } == .keysUnavailable)
        provider.state.withLock { $0.isDown = false }
        provider.advance(11)
        #expect(await refusal { try await verifier.accessToken(token) } == nil)
    }

    @Test("a provider that is down is asked no more often than the interval allows")
    func downIsNotHammered() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        provider.state.withLock { $0.isDown = true }
        for _ in 0..<20 { #expect(await refusal { try await verifier.accessToken(token) } == .keysUnavailable) }
        #expect(provider.state.withLock { $0.discoveryRequests } == 1)
    }

    @Test("a clock set back does not make old keys fresh for longer")
    func clockSetBack() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        _ = try await verifier.accessToken(token)
        provider.publish([.generate()])
        provider.advance(-20)
        #expect(await refusal { try await verifier.accessToken(token) } == .keyUnknown)
        #expect(provider.requests == 2)
    }

    @Test("a key set that cannot be read does not take the place of one that could")
    func malformedKeySet() async throws {
        let verifier = provider.verifier(), token = try accessToken()
        _ = try await verifier.accessToken(token)
        provider.state.withLock { $0.keys = "<html>maintenance</html>" }
        provider.advance(61)
        #expect(await refusal { try await verifier.accessToken(token) } == nil)
        #expect(await refusal { try await FakeProvider.broken.verifier().accessToken(token) } == .keySetMalformed)
    }

    @Test("discovery that speaks for another issuer, or sends us to http, is refused")
    func discovery() async throws {
        let token = try accessToken()
        provider.state.withLock { $0.issuer = "https://evil.example" }
        #expect(await refusal { try await provider.verifier().accessToken(token) } == .discoveryIssuerMismatch)
        provider.state.withLock { $0.issuer = Sample.issuer }
        for address in ["http://id.example/jwks", "file:///etc/passwd", "//id.example/jwks", ""] {
            provider.state.withLock { $0.keySetURL = address }
            #expect(await refusal { try await provider.verifier().accessToken(token) } == .discoveryMalformed)
        }
        #expect(provider.requests == 0)
    }

    @Test("a discovery document that is not one is refused", arguments: ["", "[]", "{}", #"{"issuer":"https://id.example"}"#])
    func discoveryForm(json: String) {
        #expect(throws: TokenError.self) { try ProviderMetadata(json: json.utf8, issuer: Sample.issuer) }
    }

    @Test(
        "an issuer is an https URL without query or fragment",
        arguments: ["http://id.example", "id.example", "https://id.example?x", "https://"])
    func issuerForm(issuer: String) {
        #expect(throws: TokenError.self) { try ProviderMetadata.address(ofIssuer: issuer) }
    }

    @Test("an ID token passes with its nonce, and not with another's or after max_age")
    func idToken() async throws {
        let verifier = provider.verifier(clockSkew: 0), token = try Sample.key.sign(Sample.idToken, type: IDToken.type)
        #expect(try await verifier.idToken(token, nonce: "n-1", maxAge: 10) == Sample.idToken)
        #expect(await refusal { try await verifier.idToken(token, nonce: "n-2") } == .nonceMismatch)
        #expect(await refusal { try await verifier.idToken(token, nonce: "n-1", maxAge: 9) } == .authenticationTooOld)
        #expect(await refusal { try await verifier.accessToken(token) } == .typeMismatch)
    }

    @Test("a refreshed ID token must be about the same login (OpenID Connect Core §12.2)")
    func refreshed() async throws {
        let verifier = provider.verifier()
        let refusal = { (change: (inout IDToken) -> Void) async throws in
            var claims = Sample.idToken
            claims.nonce = nil
            change(&claims)
            let token = try Sample.key.sign(claims, type: IDToken.type)
            return await self.refusal { try await verifier.idToken(token, refreshing: Sample.idToken) }
        }
        #expect(try await refusal { _ in } == nil)
        #expect(try await refusal { $0.nonce = "n-1" } == nil)
        #expect(try await refusal { $0.registered.subject = "a-2" } == .loginMismatch)
        #expect(try await refusal { $0.authentication.sid = "s-2" } == .loginMismatch)
        #expect(try await refusal { $0.authentication.authTime.seconds += 1 } == .loginMismatch)
        #expect(try await refusal { $0.nonce = "n-2" } == .loginMismatch)
    }
}

extension FakeProvider {
    /// Up, with a key set nobody can read.
    static var broken: FakeProvider {
        let provider = FakeProvider()
        provider.state.withLock { $0.keys = "<html>maintenance</html>" }
        return provider
    }
}
