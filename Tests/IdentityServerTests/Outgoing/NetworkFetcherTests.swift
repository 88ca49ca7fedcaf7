import Foundation
import Synchronization
import Testing

@testable import IdentityServer

@Suite("Fetching from the network")
struct NetworkFetcherTests {
    private static func fetch(
        _ server: LoopbackServer, host: String = "127.0.0.1", private allowsPrivate: Bool = true,
        validators: FetchRequest.Validators = .init(), body: (bytes: [UInt8], type: String)? = nil, limit: Int = 1000,
        time: Duration = .seconds(20), resolve: HostResolver? = nil
    ) async throws -> Fetched {
        let address = try #require(SourceAddress("http://\(host):\(server.port)/ca.crl?part=1"))
        let request = FetchRequest(
            address: address, allowsPrivate: allowsPrivate, validators: validators, body: body, limit: limit, time: time)
        return try await NetworkFetcher(resolve: resolve).fetch(request)
    }

    @Test("the body arrives with its validators, which make the next request conditional")
    func conditional() async throws {
        let server = try await LoopbackServer { request in
            request.contains("If-None-Match: \"one\"") && request.contains("If-Modified-Since: Mon, 02 Jan 2023 00:00:00 GMT")
                ? LoopbackServer.head("HTTP/1.1 304 Not Modified")
                : LoopbackServer.ok([1, 2, 3], "ETag: \"one\"", "Last-Modified: Mon, 02 Jan 2023 00:00:00 GMT")
        }
        guard case .bytes(let bytes, let validators) = try await Self.fetch(server) else { throw Missing() }
        #expect(bytes == [1, 2, 3])
        let again = try await Self.fetch(server, validators: validators)
        #expect(again == .unchanged)
        #expect(server.requests[0].hasPrefix("GET /ca.crl?part=1 HTTP/1.1\r\n"))
    }

    @Test("a question is posted with its type")
    func posts() async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.ok([9]) }
        _ = try await Self.fetch(server, body: (Array("question".utf8), "application/ocsp-request"))
        #expect(server.requests[0].hasPrefix("POST ") && server.requests[0].hasSuffix("question"))
        #expect(server.requests[0].contains("Content-Type: application/ocsp-request"))
    }

    @Test("a redirect is not followed, wherever it leads")
    func redirects() async throws {
        let other = try await LoopbackServer { _ in LoopbackServer.ok([1]) }
        let server = try await LoopbackServer { _ in
            LoopbackServer.head("HTTP/1.1 302 Found", "Location: http://127.0.0.1:\(other.port)/", "Content-Length: 0")
        }
        await #expect(throws: FetchFailure("127.0.0.1 answered 302")) { try await Self.fetch(server) }
        #expect(other.requests.isEmpty)
    }

    @Test("an answer without a body, a 304 that was not asked for and nonsense are failures")
    func wrongAnswers() async throws {
        for answer in ["HTTP/1.1 404 Not Found", "HTTP/1.1 304 Not Modified", "HTTP/1.1 500 x", "hello"] {
            let server = try await LoopbackServer { _ in LoopbackServer.head(answer, "Content-Length: 0") }
            await #expect(throws: FetchFailure.self, "\(answer)") { try await Self.fetch(server) }
        }
    }

    @Test("a body beyond the limit is cut off: announced, chunked or without end")
    func bounded() async throws {
        let announced = try await LoopbackServer { _ in LoopbackServer.ok(Array(repeating: 0, count: 1001)) }
        await #expect(throws: FetchFailure.self) { try await Self.fetch(announced) }
        let exact = try await LoopbackServer { _ in LoopbackServer.ok(Array(repeating: 0, count: 1000)) }
        let whole = try await Self.fetch(exact)
        #expect(whole == .bytes(Array(repeating: 0, count: 1000), .init()))
        let endless = try await LoopbackServer { _ in .endless(head: "HTTP/1.1 200 OK\r\n\r\n") }
        await #expect(throws: FetchFailure("127.0.0.1 sends more than 1000000 bytes")) { try await Self.fetch(endless, limit: 1_000_000) }
    }

    @Test("a server that says nothing, and one that never ends its answer, are left when the time is over")
    func hangs() async throws {
        let silent = try await LoopbackServer { _ in .silence }
        let halfway = try await LoopbackServer { _ in .endless(head: "HTTP/1.1 200 OK\r\nX-Long: ") }
        for server in [silent, halfway] {
            await #expect(throws: FetchFailure.self) { try await Self.fetch(server, time: .milliseconds(500)) }
        }
        #expect(silent.requests.count == 1)
    }

    @Test("a resolver that never answers is left when the time is over")
    func resolverHangs() async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.ok([1]) }
        await #expect(throws: FetchFailure.self) {
            try await Self.fetch(server, host: "crl.example", time: .milliseconds(200)) { _ in
                try await Task.sleep(for: .seconds(3600))
                return []
            }
        }
    }

    @Test("a private address is not talked to unless the trust list allows it, whatever the name says")
    func privateAddresses() async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.ok([1]) }
        for host in ["127.0.0.1", "localhost", "crl.example"] {
            await #expect(throws: FetchFailure.self, "\(host)") {
                try await Self.fetch(server, host: host, private: false) { _ in [[127, 0, 0, 1]] }
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test("the address that was checked is the one connected to: a name is resolved once")
    func rebinding() async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.ok([1]) }
        let asked = Mutex(0)
        let fetched = try await Self.fetch(server, host: "crl.hallpass.invalid") { host in
            asked.withLock { $0 += 1 }
            return host == "crl.hallpass.invalid" ? [[127, 0, 0, 1]] : []
        }
        #expect(fetched == .bytes([1], .init()))
        #expect(asked.withLock { $0 } == 1)
        #expect(server.requests[0].lowercased().contains("\r\nhost: crl.hallpass.invalid"))
    }

    @Test("a directory is asked within the same bounds: a private one is not connected to, a silent one is left")
    func directories() async throws {
        let silent = try await LoopbackServer { _ in .silence }
        let address = try #require(SourceAddress("ldap://127.0.0.1:\(silent.port)/cn=CA,dc=x?certificateRevocationList;binary"))
        for allowsPrivate in [false, true] {
            let request = FetchRequest(address: address, allowsPrivate: allowsPrivate, limit: 1000, time: .milliseconds(500))
            await #expect(throws: FetchFailure.self) { try await NetworkFetcher().fetch(request) }
        }
    }

    @Test("an address of a source is http, https, ldap or ldaps, with a host and without credentials")
    func addresses() {
        #expect(SourceAddress("http://crl.example/ca.crl")?.host == "crl.example")
        #expect(SourceAddress("ldap://[::1]:3890/cn=x?certificateRevocationList;binary")?.host == "::1")
        for wrong in [
            "ftp://crl.example/a", "file:///etc/passwd", "http:///a", "http://user:word@crl.example/", "http://crl.example/#a",
            "http://crl.example/a b", "ldap://crl.example/cn=x?a?sub", "crl.example", "", "http://crl.example/\u{7}",
        ] {
            #expect(SourceAddress(wrong) == nil, "\(wrong)")
        }
    }

    @Test(
        "addresses of special purpose are not public",
        arguments: [
            "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.19.0.1",
            "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
            "2001:db8::1",
            "2002:a00:1::", "2001::1",
        ])
    func special(text: String) throws {
        #expect(try !NetworkAddress(octets: Self.octets(text)).isPublic)
    }

    @Test(
        "others are", arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "223.5.5.5", "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8"])
    func ordinary(text: String) throws {
        #expect(try NetworkAddress(octets: Self.octets(text)).isPublic)
    }

    private static func octets(_ text: String) throws -> [UInt8] {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four, Array.init) }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { throw Missing() }
        return withUnsafeBytes(of: six, Array.init)
    }
}

struct Missing: Error {}
