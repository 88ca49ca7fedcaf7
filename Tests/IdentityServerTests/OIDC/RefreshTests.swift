import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: refresh tokens")
struct RefreshTests {
    private func refreshToken(_ tokens: [String: JSONValue]) throws -> String { try #require(tokens["refresh_token"]?.text) }

    @Test("a refresh token is exchanged for new tokens and a new refresh token")
    func rotation() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let first = try await browser.logIn("m").tokens()
            fixture.clock.advance(200)
            let second = try await browser.refresh(try refreshToken(first))
            #expect(second.status == 200)
            #expect(try refreshToken(second.json) != refreshToken(first))
            let (before, after) = (try fixture.idToken(first), try fixture.idToken(second.json))
            // OpenID Connect Core §12.2
            #expect(after.nonce == nil)
            #expect(after.registered.subject == before.registered.subject)
            #expect(after.authentication == before.authentication)
            #expect(after.registered.issuedAt.seconds == before.registered.issuedAt.seconds + 200)
            #expect(try await browser.isActive(second.json["access_token"]?.text ?? ""))
        }
    }

    @Test("a refresh token that comes twice ends the family, for thief and owner alike")
    func reuse() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let stolen = try refreshToken(try await browser.logIn("m").tokens())
            let owner = try await browser.refresh(stolen).json
            #expect(try await browser.refresh(stolen).error == "invalid_grant")
            #expect(try await browser.refresh(try refreshToken(owner)).error == "invalid_grant")
            #expect(try await !browser.isActive(owner["access_token"]?.text ?? ""))
            #expect(try await fixture.auditKinds().contains("token.reused"))
        }
    }

    @Test("of fifty uses at once one wins")
    func race() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let token = try refreshToken(try await browser.logIn("m").tokens())
            let answers = try await atOnce(50) { try await browser.refresh(token) }
            #expect(answers.filter { $0.status == 200 }.count == 1)
            #expect(answers.filter { $0.error == "invalid_grant" }.count == 49)
        }
    }

    @Test("another window's refresh token is nothing, and stays good for its own")
    func otherWindow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let token = try refreshToken(try await browser.logIn("m").tokens())
            #expect(try await browser.refresh(token, "land").error == "invalid_grant")
            #expect(try await browser.refresh("unknown").error == "invalid_grant")
            #expect(try await browser.token("tax", ["grant_type": "refresh_token"]).error == "invalid_request")
            #expect(try await browser.refresh(token).status == 200)
        }
    }

    @Test("no refresh after logout")
    func afterLogout() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens()
            let sid = try fixture.idToken(tokens).authentication.sid
            try await fixture.registry.endSession(sid: sid, reason: "logout", actor: .system)
            #expect(try await browser.refresh(try refreshToken(tokens)).error == "invalid_grant")
        }
    }

    @Test("an entry withdrawn is invalid_grant, and giving it back does not revive the family")
    func withdrawn() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "permits", actor: .system)
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens("permits")
            try await fixture.execute("DELETE FROM admissions")
            #expect(try await !browser.isActive(tokens["access_token"]?.text ?? "", for: "permits"))
            let refused = try await browser.refresh(try refreshToken(tokens), "permits")
            #expect(refused.error == "invalid_grant")
            try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "permits", actor: .system)
            #expect(try await browser.refresh(try refreshToken(tokens), "permits").error == "invalid_grant")
            #expect(try await !browser.isActive(tokens["access_token"]?.text ?? "", for: "permits"))
        }
    }

    @Test("less scope on request, never more")
    func scope() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let wide = try await browser.logIn("m").tokens("tax", ["scope": "openid profile"])
            let narrow = try await browser.token(
                "tax", ["grant_type": "refresh_token", "refresh_token": try refreshToken(wide), "scope": "openid"])
            #expect(narrow.json["scope"] == .text("openid"))
            #expect(try fixture.idToken(narrow.json).name == nil)
            let plain = try await browser.tokens()
            let more = try await browser.token(
                "tax", ["grant_type": "refresh_token", "refresh_token": try refreshToken(plain), "scope": "openid profile"])
            #expect(more.json["scope"] == .text("openid"))
        }
    }
}
