import Crypto
import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

extension ProtocolFixture {
    /// Verified as a window would: by the published keys alone.
    func idToken(_ tokens: [String: JSONValue], window: String = "tax") throws -> IDToken {
        let keys = try KeySet(json: Array(services.keys.published.json.utf8))
        return try keys.idToken(
            tokens["id_token"]?.text ?? "", rules: TokenRules(issuer: Self.issuer, audience: .required(window)), at: clock.now)
    }

    func accessToken(_ tokens: [String: JSONValue], window: String = "tax") throws -> AccessToken {
        let keys = try KeySet(json: Array(services.keys.published.json.utf8))
        return try keys.accessToken(
            tokens["access_token"]?.text ?? "", rules: TokenRules(issuer: Self.issuer, audience: .required(window)), at: clock.now)
    }
}

@Suite("OIDC: token endpoint, codes")
struct TokenTests {
    @Test("a code becomes an ID token and an access token with the contract's claims")
    func flow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            let answer = try await browser.redeem(try await browser.code("tax", ["scope": "openid profile"]))
            #expect(answer.status == 200)
            #expect(answer.headers[.cacheControl] == "no-store")
            let tokens = answer.json
            #expect(tokens["token_type"] == .text("Bearer"))
            #expect(tokens["expires_in"] == .number(300))
            #expect(tokens["scope"] == .text("openid profile"))
            #expect(tokens["refresh_token"]?.text?.utf8.count == 43)

            let id = try fixture.idToken(tokens)
            #expect(id.registered.subject == "m")
            #expect(id.registered.audience == Audience("tax"))
            #expect(id.nonce == "n-1")
            #expect(id.name == "深圳某某公司 张三")
            #expect(id.holder.legalPerson == LegalPersonClaim(uscc: ProtocolFixture.uscc, name: "深圳某某公司"))
            #expect(id.holder.certificateKind == .master)
            #expect(id.authentication.acr == Assurance.certificate)
            #expect(id.authentication.amr == ["pop", "swk"])
            #expect(id.authentication.authTime == NumericDate(fixture.clock.now))
            #expect(id.staff == nil)
            try id.check(accessToken: tokens["access_token"]?.text ?? "")

            let access = try fixture.accessToken(tokens)
            #expect(access.registered.audience == Audience("tax", "\(ProtocolFixture.issuer)/oauth2/userinfo"))
            #expect(access.clientID == "tax")
            #expect(access.authentication?.sid == id.authentication.sid)
            #expect(access.registered.expires.seconds - access.registered.issuedAt.seconds == 300)
        }
    }

    @Test("every registered way of client authentication works", arguments: ["tax", "land", "spa"])
    func methods(window: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            let answer = try await browser.redeem(try await browser.code(window), window)
            #expect(answer.status == 200)
            #expect((answer.json["refresh_token"] != nil) == (window != "spa"))
        }
    }

    @Test("tokens never outlive the session")
    func sessionBound() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m", goodUntil: fixture.clock.now.addingTimeInterval(120))
            let tokens = try await browser.tokens()
            #expect(tokens["expires_in"] == .number(120))
            #expect(try fixture.idToken(tokens).registered.expires == NumericDate(fixture.clock.now.addingTimeInterval(120)))
        }
    }

    @Test("tokens never outlive the grant, and carry its parameters")
    func grantBound() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.person("s", kind: .sub)
        try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "permits", actor: .system)
        let until = fixture.clock.now.addingTimeInterval(90)
        _ = try await fixture.registry.give(
            accountID: "s", windowID: "permits", parameters: ["region": "南山"], from: fixture.clock.now, until: until, actor: .system)
        try await fixture.run { browser in
            let tokens = try await browser.logIn("s").tokens("permits")
            #expect(tokens["expires_in"] == .number(90))
            let access = try fixture.accessToken(tokens, window: "permits")
            #expect(access.grant == GrantClaim(parameters: ["region": "南山"], until: NumericDate(until)))
            #expect(access.holder.certificateKind == .sub)
            let refresh = try #require(tokens["refresh_token"]?.text)
            fixture.clock.advance(91)
            #expect(try await browser.refresh(refresh, "permits").error == "invalid_grant")
        }
    }

    @Test(
        "a redemption with anything wrong is refused and spends the code",
        arguments: [
            // Code injection: the attacker's own flow has another verifier.
            (["code_verifier": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"], "invalid_grant", true),
            (["code_verifier": Browser.challenge], "invalid_grant", true), (["code_verifier": "short"], "invalid_grant", true),
            (["redirect_uri": "https://tax.example/other?tenant=1"], "invalid_grant", true),
            (["redirect_uri": "https://tax.example/callback/"], "invalid_grant", true),
            (["code_verifier": nil], "invalid_request", false), (["redirect_uri": nil], "invalid_request", false),
            (["code": nil], "invalid_request", false), (["code": "unknown"], "invalid_grant", false),
            (["grant_type": nil], "invalid_request", false), (["grant_type": "password"], "unsupported_grant_type", false),
            (["grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"], "unsupported_grant_type", false),
            (["grant_type": "client_credentials"], "unauthorized_client", false),
        ] as [([String: String?], String, Bool)])
    func wrongRedemption(changes: [String: String?], error: String, spent: Bool) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code()
            let refused = try await browser.redeem(code, "tax", changes)
            #expect(refused.status == 400)
            #expect(refused.error == error)
            #expect(refused.headers[.cacheControl] == "no-store")
            #expect(try await browser.redeem(code).status == (spent ? 400 : 200))
        }
    }

    @Test("a code of one window is nothing in another's hands, and stays good in the right ones")
    func otherWindowsCode() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code("tax")
            #expect(try await browser.redeem(code, "land", ["redirect_uri": "https://tax.example/callback"]).error == "invalid_grant")
            #expect(try await browser.redeem(code, "tax").status == 200)
        }
    }

    @Test("a code lives a minute")
    func lateCode() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code()
            fixture.clock.advance(61)
            #expect(try await browser.redeem(code).error == "invalid_grant")
        }
    }

    @Test("a code that comes twice ends everything the first use began")
    func codeReplay() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code()
            let tokens = try await browser.redeem(code).json
            let access = try #require(tokens["access_token"]?.text)
            #expect(try await browser.isActive(access))
            #expect(try await browser.redeem(code).error == "invalid_grant")
            #expect(try await !browser.isActive(access))
            #expect(try await browser.userInfo(access).status == 401)
            #expect(try await browser.refresh(tokens["refresh_token"]?.text ?? "").error == "invalid_grant")
            #expect(try await fixture.auditKinds().contains("token.reused"))
        }
    }

    @Test("of fifty redemptions at once one wins")
    func race() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code()
            let answers = try await atOnce(50) { try await browser.redeem(code) }
            #expect(answers.filter { $0.status == 200 }.count == 1)
            #expect(answers.filter { $0.error == "invalid_grant" }.count == 49)
        }
    }

    @Test("entry is judged again at redemption")
    func withdrawnBetween() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "permits", actor: .system)
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code("permits")
            try await fixture.execute("DELETE FROM admissions")
            let refused = try await browser.redeem(code, "permits")
            #expect(refused.status == 400)
            #expect(refused.error == "invalid_grant")
        }
    }

    @Test("a session that ended in between is invalid_grant")
    func endedBetween() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let code = try await browser.logIn("m").code()
            try await browser.logIn("m")
            #expect(try await browser.redeem(code).error == "invalid_grant")
        }
    }

    @Test("a window acting for itself gets a token with no person in it")
    func clientCredentials() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.token("batch", ["grant_type": "client_credentials"])
            #expect(answer.status == 200)
            #expect(answer.json["id_token"] == nil)
            #expect(answer.json["refresh_token"] == nil)
            let token = try fixture.accessToken(answer.json, window: "batch")
            #expect(token.registered.subject == "batch")
            #expect(token.registered.audience == Audience("batch"))
            #expect(token.authentication == nil)
            #expect(token.holder == HolderClaims())
            #expect(token.grant == nil)
            let text = try #require(answer.json["access_token"]?.text)
            #expect(try await browser.isActive(text, for: "batch"))
            #expect(try await browser.userInfo(text).status == 401)
            #expect(try await browser.token("batch", ["grant_type": "client_credentials", "scope": "openid"]).error == "invalid_scope")
            #expect(try await browser.token("batch", ["grant_type": "authorization_code"]).error == "unauthorized_client")
        }
    }
}
