import Foundation
import HTTPTypes
import Registry
import Testing

@testable import IdentityServer

@Suite("OIDC: client authentication")
struct ClientAuthenticationTests {
    private static let form = ["grant_type": "client_credentials"]

    private static func basic(_ text: String) -> HTTPFields { [.authorization: "Basic " + Data(text.utf8).base64EncodedString()] }

    @Test(
        "failed authentication is 401 invalid_client with a challenge",
        arguments: [
            basic("batch:wrong"), basic("nobody:wrong"), basic("batch"), basic(":"), basic("batch:%zz"), [.authorization: "Basic %%%"],
            [.authorization: "Bearer abc"], [.authorization: "Basic"], basic("museum:"), basic("spa:"), [:],
        ] as [HTTPFields])
    func failed(headers: HTTPFields) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.post("/oauth2/token", Self.form, headers)
            #expect(answer.status == 401)
            #expect(answer.error == "invalid_client")
            #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
            #expect(answer.headers[.cacheControl] == "no-store")
        }
    }

    @Test("unknown client and wrong secret read alike")
    func alike() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let wrong = try await browser.post("/oauth2/token", Self.form, Self.basic("batch:wrong"))
            let unknown = try await browser.post("/oauth2/token", Self.form, Self.basic("nobody:wrong"))
            #expect(wrong.body == unknown.body)
        }
    }

    @Test("only the registered method counts")
    func otherMethod() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let secret = fixture.secrets["batch"] ?? ""
            let post = try await browser.post("/oauth2/token", Self.form.merging(["client_id": "batch", "client_secret": secret]) { $1 })
            #expect(post.error == "invalid_client")
            #expect(try await browser.post("/oauth2/token", Self.form.merging(["client_id": "batch"]) { $1 }).error == "invalid_client")
            let land = fixture.secrets["land"] ?? ""
            #expect(try await browser.post("/oauth2/token", Self.form, Self.basic("land:\(land)")).error == "invalid_client")
        }
    }

    @Test("credentials sent in two ways are refused, also when both are right")
    func bothWays() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let secret = fixture.secrets["batch"] ?? ""
            let both = try await browser.post(
                "/oauth2/token", Self.form.merging(["client_id": "batch", "client_secret": secret]) { $1 }, browser.basic("batch"))
            #expect(both.status == 400)
            #expect(both.error == "invalid_request")
            let differing = try await browser.post("/oauth2/token", Self.form.merging(["client_id": "tax"]) { $1 }, browser.basic("batch"))
            #expect(differing.error == "invalid_request")
            // Naming oneself once more is no second way.
            #expect(
                try await browser.post("/oauth2/token", Self.form.merging(["client_id": "batch"]) { $1 }, browser.basic("batch")).status
                    == 200)
        }
    }

    @Test("a parameter sent twice, a query, another body or an oversized one is invalid_request")
    func malformed() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let basic = browser.basic("batch")
            let twice = try await browser.post("/oauth2/token", raw: "grant_type=client_credentials&grant_type=client_credentials", basic)
            #expect((twice.status, twice.error) == (400, "invalid_request"))
            let query = try await browser.post("/oauth2/token?grant_type=client_credentials", Self.form, basic)
            #expect((query.status, query.error) == (400, "invalid_request"))
            var json = basic
            json[.contentType] = "application/json"
            let body = try await browser.post("/oauth2/token", raw: #"{"grant_type":"client_credentials"}"#, json)
            #expect((body.status, body.error) == (400, "invalid_request"))
            let large = try await browser.post("/oauth2/token", raw: "grant_type=" + String(repeating: "x", count: 20_000), basic)
            #expect((large.status, large.error) == (413, "invalid_request"))
            let escape = try await browser.post("/oauth2/token", raw: "grant_type=%zz", basic)
            #expect((escape.status, escape.error) == (400, "invalid_request"))
            #expect(try await browser.post("/oauth2/token", raw: "", basic).error == "invalid_request")
            #expect(try await browser.get("/oauth2/token").status == 405)
        }
    }

    @Test("a suspended window gets no tokens, and a new secret replaces the old one")
    func suspendedAndRotated() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            try await fixture.registry.setState(.suspended, ofWindow: "batch", actor: .system)
            #expect(try await browser.token("batch", Self.form).error == "invalid_client")
            try await fixture.registry.setState(.active, ofWindow: "batch", actor: .system)
            #expect(try await browser.token("batch", Self.form).status == 200)
            let fresh = try await fixture.registry.rotateSecret(ofWindow: "batch", actor: .system)
            #expect(try await browser.token("batch", Self.form).error == "invalid_client")
            #expect(try await browser.post("/oauth2/token", Self.form, Self.basic("batch:\(fresh)")).status == 200)
        }
    }
}
