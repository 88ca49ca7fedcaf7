import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: discovery")
struct DiscoveryTests {
    @Test(
        "both well-known addresses tell the same, open to every origin", arguments: ["openid-configuration", "oauth-authorization-server"])
    func document(name: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.get("/.well-known/\(name)")
            #expect(answer.status == 200)
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(answer.headers[.accessControlAllowCredentials] == nil)
            let document = answer.json
            #expect(document["issuer"] == .text(ProtocolFixture.issuer))
            #expect(document["response_types_supported"] == .list([.text("code")]))
            #expect(document["code_challenge_methods_supported"] == .list([.text("S256")]))
            #expect(document["acr_values_supported"] == .list(Assurance.defaultOrder.map { .text($0) }))
            #expect(document["authorization_response_iss_parameter_supported"] == .flag(true))
            #expect(document["request_uri_parameter_supported"] == .flag(false))
        }
    }

    @Test("every endpoint it names is there")
    func endpoints() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let document = try await browser.get("/.well-known/openid-configuration").json
            for (name, value) in document where name.hasSuffix("_endpoint") || name == "jwks_uri" {
                let address = try #require(value.text)
                #expect(address.hasPrefix(ProtocolFixture.issuer + "/"))
                #expect(try await browser.get(address).status != 404, "\(name)")
            }
        }
    }

    @Test("the key set holds public keys that verify what is signed")
    func keys() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.get("/oauth2/jwks")
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(!answer.body.contains("\"d\""))
            let keys = try KeySet(json: Array(answer.body.utf8))
            let signing = fixture.services.keys.current
            #expect(keys.keys.map(\.kid) == [signing.kid])
            #expect(try keys.verify(try signing.sign(["a": 1], type: "JWT"), type: "JWT") == Array(#"{"a":1}"#.utf8))
        }
    }

    @Test("scripts of public clients may ask the token endpoint and userinfo, without credentials; nothing else")
    func crossOrigin() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            for path in ["/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke"] {
                let preflight = try await browser.send(.options, path, [.origin: "https://spa.example"])
                #expect(preflight.status == 204)
                #expect(preflight.headers[.accessControlAllowOrigin] == "*")
                #expect(preflight.headers[.accessControlAllowCredentials] == nil)
            }
            // Errors are readable to the script as well.
            #expect(try await browser.post("/oauth2/token", [:]).headers[.accessControlAllowOrigin] == "*")
            for path in ["/oauth2/introspect", "/oauth2/authorize", "/oauth2/logout", "/forward-auth/check"] {
                #expect(try await browser.get(path).headers[.accessControlAllowOrigin] == nil)
            }
        }
    }
}
