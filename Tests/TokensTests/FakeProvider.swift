import Foundation
import Synchronization

@testable import Tokens

/// An identity provider and a clock in memory: tests turn its keys over, take it off the network and move time.
final class FakeProvider: Sendable {
    struct State {
        var now = Sample.now
        var keys = Sample.keys.json
        var issuer = Sample.issuer
        var keySetURL = "https://id.example/jwks"
        var cacheControl: String?
        var isDown = false
        var discoveryRequests = 0
        var keySetRequests = 0
    }
    struct Down: Error {}

    let state = Mutex(State())

    func verifier(clockSkew: Int64 = 30, cache: KeyCachePolicy = KeyCachePolicy()) -> TokenVerifier {
        TokenVerifier(
            issuer: Sample.issuer, audience: Sample.window, clockSkew: clockSkew, cache: cache, now: { self.state.withLock { $0.now } },
            fetch: { url in
                // Others get a turn while this is under way, as over a network.
                for _ in 0..<20 { await Task.yield() }
                return try self.answer(url)
            })
    }

    func advance(_ seconds: TimeInterval) { state.withLock { $0.now += seconds } }
    func publish(_ keys: [SigningKey]) { state.withLock { $0.keys = KeySet(keys.map(\.verificationKey)).json } }
    var requests: Int { state.withLock { $0.keySetRequests } }

    private func answer(_ url: URL) throws -> FetchedDocument {
        try state.withLock { state in
            if url.path().hasSuffix("openid-configuration") {
                state.discoveryRequests += 1
                guard !state.isDown else { throw Down() }
                return FetchedDocument(body: Self.discovery(issuer: state.issuer, keySetURL: state.keySetURL).utf8)
            }
            state.keySetRequests += 1
            guard !state.isDown else { throw Down() }
            return FetchedDocument(body: state.keys.utf8, cacheControl: state.cacheControl)
        }
    }

    static func discovery(issuer: String = Sample.issuer, keySetURL: String = "https://id.example/jwks") -> String {
        """
        {"issuer":"\(issuer)","authorization_endpoint":"https://id.example/authorize","token_endpoint":"https://id.example/token",
         "jwks_uri":"\(keySetURL)","end_session_endpoint":"https://id.example/logout","scopes_supported":["openid"],
         "authorization_response_iss_parameter_supported":true}
        """
    }
}
