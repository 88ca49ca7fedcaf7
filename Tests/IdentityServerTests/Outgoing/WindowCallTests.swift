import Foundation
import Testing

@testable import IdentityServer

@Suite("Calls to windows")
struct WindowCallTests {
    private static func calls(private allowsPrivate: Bool = true, http: Bool = true) -> WindowCalls {
        WindowCalls(fetcher: NetworkFetcher(), allowsPrivate: allowsPrivate, allowsLoopbackHTTP: http)
    }

    @Test("a document is fetched, a form is posted and answered by 200 or 204")
    func works() async throws {
        let server = try await LoopbackServer {
            $0.hasPrefix("GET") ? LoopbackServer.ok([1, 2]) : LoopbackServer.head("HTTP/1.1 204 No Content")
        }
        #expect(try await Self.calls().get("http://127.0.0.1:\(server.port)/keys") == [1, 2])
        try await Self.calls().post("http://127.0.0.1:\(server.port)/logout", form: [("logout_token", "a b")])
        #expect(server.requests[1].hasSuffix("logout_token=a%20b") || server.requests[1].hasSuffix("logout_token=a+b"))
    }

    @Test(
        "a redirect, an error, a private address and plain http are failures",
        arguments: [
            (true, true, "HTTP/1.1 302 Found"), (true, true, "HTTP/1.1 400 Bad Request"), (false, true, "HTTP/1.1 204 No Content"),
            (true, false, "HTTP/1.1 204 No Content"),
        ])
    func fails(allowsPrivate: Bool, http: Bool, status: String) async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.head(status, "Location: /other", "Content-Length: 0") }
        let calls = Self.calls(private: allowsPrivate, http: http)
        await #expect(throws: FetchFailure.self) { try await calls.post("http://127.0.0.1:\(server.port)/logout", form: []) }
        #expect(server.requests.count == (allowsPrivate && http ? 1 : 0))
    }

    @Test(
        "plain http is refused beyond loopback, and what is no web address altogether",
        arguments: [
            "http://window.example/x", "ldap://127.0.0.1/o=x?y", "https://a:b@window.example/", "file:///etc/passwd",
        ])
    func addresses(address: String) async {
        await #expect(throws: FetchFailure.self) { try await Self.calls().get(address) }
    }
}
