import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: userinfo, introspection, revocation")
struct TokenStatusTests {
    private static func access(_ tokens: [String: JSONValue]) throws -> String { try #require(tokens["access_token"]?.text) }

    @Test("userinfo tells who it is, by GET and POST")
    func userInfo() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let token = try Self.access(try await browser.logIn("m").tokens("tax", ["scope": "openid profile"]))
            let answer = try await browser.userInfo(token)
            #expect(answer.status == 200)
            #expect(answer.json["sub"] == .text("m"))
            #expect(answer.json["name"] == .text("深圳某某公司 张三"))
            #expect(answer.json["legal_person"] == .object(["uscc": .text(ProtocolFixture.uscc), "name": .text("深圳某某公司")]))
            #expect(answer.json["certificate_kind"] == .text("master"))
            let posted = try await browser.another().post("/oauth2/userinfo", [:], [.authorization: "bearer \(token)"])
            #expect(posted.json == answer.json)
            let plain = try Self.access(try await browser.tokens())
            #expect(try await browser.userInfo(plain).json["name"] == nil)
        }
    }

    @Test("userinfo without a good access token is 401 in the words of RFC 6750")
    func userInfoRefusals() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens()
            let token = try Self.access(tokens)
            let none = try await browser.another().get("/oauth2/userinfo")
            #expect(none.status == 401)
            #expect(none.headers[.wwwAuthenticate] == #"Bearer realm="hallpass""#)
            // Not in the address, not in a form, and no cookie counts.
            #expect(try await browser.get("/oauth2/userinfo?access_token=\(token)").status == 401)
            #expect(try await browser.post("/oauth2/userinfo", ["access_token": token]).status == 401)
            let idToken = try #require(tokens["id_token"]?.text)
            for bad in ["x", token + "A", String(token.dropLast(4)), idToken, "a.b.c", unsigned(token)] {
                let answer = try await browser.userInfo(bad)
                #expect(answer.status == 401, "\(bad)")
                #expect(answer.headers[.wwwAuthenticate]?.contains(#"error="invalid_token""#) == true, "\(bad)")
            }
            fixture.clock.advance(300)
            #expect(try await browser.userInfo(token).status == 401)
        }
    }

    /// The same claims under `alg: none`.
    private func unsigned(_ token: String) -> String {
        Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt","kid":"x"}"#.utf8)) + "." + token.split(separator: ".")[1] + "."
    }

    @Test("introspection tells a window about its own token")
    func introspection() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let token = try Self.access(try await browser.logIn("m").tokens())
            let answer = try await browser.another().post(
                "/oauth2/introspect", ["token": token, "token_type_hint": "refresh_token"], browser.basic("tax"))
            #expect(answer.status == 200)
            let told = answer.json
            #expect(told["active"] == .flag(true))
            #expect(told["sub"] == .text("m"))
            #expect(told["client_id"] == .text("tax"))
            #expect(told["token_type"] == .text("Bearer"))
            #expect(told["iss"] == .text(ProtocolFixture.issuer))
            #expect(told["scope"] == .text("openid"))
        }
    }

    @Test("introspection tells nothing of other windows' tokens, of junk, or without authentication")
    func introspectionRefusals() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let token = try Self.access(try await browser.logIn("m").tokens())
            for (text, window) in [(token, "permits"), ("junk", "tax"), (unsigned(token), "tax"), (token + "x", "tax")] {
                let answer = try await browser.another().post("/oauth2/introspect", ["token": text], browser.basic(window))
                #expect(answer.json == ["active": .flag(false)])
            }
            #expect(try await browser.another().post("/oauth2/introspect", ["token": token]).status == 401)
            // A public client proves nothing.
            #expect(try await browser.another().post("/oauth2/introspect", ["token": token, "client_id": "spa"]).status == 401)
            #expect(try await browser.another().post("/oauth2/introspect", [:], browser.basic("tax")).error == "invalid_request")
        }
    }

    @Test("a token is inactive as soon as what it rests on ends")
    func live() async throws {
        let fixture = try await ProtocolFixture()
        for id in ["a", "b", "c", "d"] { try await fixture.person(id, kind: .personal) }
        try await fixture.run { browser in
            var tokens: [String: String] = [:]
            for id in ["a", "b", "c", "d"] {
                let own = browser.another()
                tokens[id] = try Self.access(try await own.logIn(id).tokens())
                #expect(try await browser.isActive(tokens[id] ?? ""))
            }
            // Logged out.
            let session = try #require(
                try await fixture.registry.family(
                    TokenID(try fixture.accessToken(["access_token": .text(tokens["a"] ?? "")]).tokenID).family ?? ""))
            try await fixture.registry.endSession(sid: session.session.sid, reason: "logout", actor: .system)
            #expect(try await !browser.isActive(tokens["a"] ?? ""))
            // Certificate suspended.
            try await fixture.execute("UPDATE certificates SET standing = 'suspended' WHERE account_id = 'b'")
            #expect(try await !browser.isActive(tokens["b"] ?? ""))
            // Session idle for too long.
            #expect(try await browser.isActive(tokens["c"] ?? ""))
            // Window suspended: it cannot even ask, and after it is back its families stay ended.
            try await fixture.registry.setState(.suspended, ofWindow: "tax", actor: .system)
            #expect(try await !browser.isActive(tokens["d"] ?? ""))
            try await fixture.registry.setState(.active, ofWindow: "tax", actor: .system)
            #expect(try await !browser.isActive(tokens["d"] ?? ""))
        }
    }

    @Test("a revoked access token is out; its refresh token goes on")
    func revokeAccess() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens()
            let token = try Self.access(tokens)
            // Another window's wish is answered alike and does nothing.
            #expect(try await browser.another().post("/oauth2/revoke", ["token": token], browser.basic("permits")).status == 200)
            #expect(try await browser.isActive(token))
            #expect(try await browser.another().post("/oauth2/revoke", ["token": token], browser.basic("tax")).status == 200)
            #expect(try await !browser.isActive(token))
            #expect(try await browser.userInfo(token).status == 401)
            #expect(try await browser.refresh(tokens["refresh_token"]?.text ?? "").status == 200)
        }
    }

    @Test("a revoked refresh token takes its family along")
    func revokeRefresh() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens()
            let refresh = try #require(tokens["refresh_token"]?.text)
            #expect(try await browser.another().post("/oauth2/revoke", ["token": refresh], browser.basic("permits")).status == 200)
            #expect(try await browser.isActive(try Self.access(tokens)))
            #expect(try await browser.another().post("/oauth2/revoke", ["token": refresh], browser.basic("tax")).status == 200)
            #expect(try await !browser.isActive(try Self.access(tokens)))
            #expect(try await browser.refresh(refresh).error == "invalid_grant")
        }
    }

    @Test("revocation answers junk with 200 and strangers with 401")
    func revokeJunk() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let junk = try await browser.post("/oauth2/revoke", ["token": "junk"], browser.basic("tax"))
            #expect(junk.status == 200)
            #expect(try await browser.post("/oauth2/revoke", ["token": "junk"]).status == 401)
            #expect(try await browser.post("/oauth2/revoke", [:], browser.basic("tax")).error == "invalid_request")
        }
    }
}
