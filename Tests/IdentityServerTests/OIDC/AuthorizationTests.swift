import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: authorization endpoint")
struct AuthorizationTests {
    @Test("a session gets a code, its state and the issuer back, and no page in between")
    func answers() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize()
            #expect(answer.status == 303)
            #expect(answer.location.hasPrefix("https://tax.example/callback?code="))
            #expect(answer.parameters["state"] == "s-1")
            // RFC 9207: against mix-up
            #expect(answer.parameters["iss"] == ProtocolFixture.issuer)
            #expect(answer.headers[.cacheControl] == "no-store")
        }
    }

    @Test("a redirect URI with a query of its own keeps it")
    func queryInRedirectURI() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize("tax", ["redirect_uri": "https://tax.example/other?tenant=1"])
            #expect(answer.location.hasPrefix("https://tax.example/other?tenant=1&code="))
        }
    }

    @Test("without a session the login page comes first and leads back to the same question")
    func loginFirst() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let toLogin = try await browser.authorize()
            #expect(toLogin.location.hasPrefix("/login?return_to=%2Foauth2%2Fauthorize"))
            let back = try #require(toLogin.parameters["return_to"])
            let answer = try await browser.logIn("m").get(back)
            #expect(answer.parameters["code"]?.isEmpty == false)
            #expect(answer.parameters["state"] == "s-1")
        }
    }

    @Test("a question too long for a return path is kept on our side")
    func longQuestion() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let hint = String(repeating: "x", count: 3000)
            let toLogin = try await browser.authorize("tax", ["login_hint": hint])
            #expect(toLogin.location.utf8.count < 200)
            let back = try #require(toLogin.parameters["return_to"])
            #expect(try await browser.logIn("m").get(back).parameters["code"] != nil)
            // Once.
            #expect(try await browser.get(back).status == 400)
        }
    }

    @Test("a cross-site POST is stored and asked again by GET, where the cookie comes along")
    func crossSitePost() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let stored = try await browser.post("/oauth2/authorize", Browser.question())
            #expect(stored.status == 303)
            #expect(stored.location.hasPrefix("/oauth2/authorize?resume="))
            #expect(!stored.location.contains("client_id"))
            let answer = try await browser.logIn("m").get(stored.location)
            #expect(answer.parameters["code"] != nil)
            #expect(try await browser.get(stored.location).status == 400)
        }
    }

    @Test(
        "what is wrong with client or redirect URI is told on a page and sent nowhere",
        arguments: [
            ["client_id": nil], ["client_id": "nobody"], ["client_id": "museum"], ["redirect_uri": nil],
            ["redirect_uri": "https://tax.example/callback/"], ["redirect_uri": "https://tax.example/callback?x=1"],
            ["redirect_uri": "https://TAX.example/callback"], ["redirect_uri": "https://tax.example:443/callback"],
            ["redirect_uri": "https://tax.example/callback#f"], ["redirect_uri": "https://tax.example/Callback"],
            ["redirect_uri": "https://tax.example/callback/../callback"], ["redirect_uri": "https://tax.example@evil.example/callback"],
            ["redirect_uri": "https://tax.example.evil.example/callback"], ["redirect_uri": "http://tax.example/callback"],
            ["redirect_uri": "https://tax.example/callback%00"], ["redirect_uri": "https://land.example/callback"],
            ["state": String(repeating: "s", count: 2049)],
        ] as [[String: String?]])
    func untrustedTarget(changes: [String: String?]) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize("tax", changes)
            #expect(answer.status == 400)
            #expect(answer.headers[.location] == nil)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        }
    }

    @Test(
        "client_id, redirect_uri or state twice is told on a page",
        arguments: ["client_id=land", "redirect_uri=https://evil.example", "state=x"])
    func repeatedTarget(extra: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.get("/oauth2/authorize?\(Browser.encode(Browser.question()))&\(extra)")
            #expect(answer.status == 400)
            #expect(answer.headers[.location] == nil)
        }
    }

    @Test("broken escapes and too many parameters are refused", arguments: ["%", "%zz=1", "a=%ff", "a=%00"])
    func brokenEncoding(extra: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let broken = try await browser.get("/oauth2/authorize?\(Browser.encode(Browser.question()))&\(extra)")
            #expect(broken.status == 400)
            let many = (0..<100).map { "p\($0)=1" }.joined(separator: "&")
            #expect(try await browser.get("/oauth2/authorize?\(Browser.encode(Browser.question()))&\(many)").status == 400)
        }
    }

    @Test(
        "what is wrong with the rest goes to the redirect URI in the standard's words",
        arguments: [
            (["response_type": nil], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
            (["response_type": "code id_token"], "unsupported_response_type"), (["response_mode": "fragment"], "invalid_request"),
            (["scope": nil], "invalid_scope"), (["scope": "profile"], "invalid_scope"),
            (["code_challenge": nil], "invalid_request"), (["code_challenge_method": nil], "invalid_request"),
            (["code_challenge_method": "plain"], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
            (["code_challenge": String(repeating: "*", count: 43)], "invalid_request"), (["prompt": "none login"], "invalid_request"),
            (["prompt": "dance"], "invalid_request"), (["max_age": "-1"], "invalid_request"), (["max_age": "x"], "invalid_request"),
            (["nonce": String(repeating: "n", count: 513)], "invalid_request"), (["request": "eyJ"], "request_not_supported"),
            (["request_uri": "https://tax.example/r"], "request_uri_not_supported"),
            (["registration": "{}"], "registration_not_supported"), (["id_token_hint": "x.y.z"], "invalid_request"),
        ] as [([String: String?], String)])
    func redirectedErrors(changes: [String: String?], error: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize("tax", changes)
            #expect(answer.status == 303)
            #expect(answer.location.hasPrefix("https://tax.example/callback?error=\(error)&error_description="))
            #expect(answer.parameters["state"] == "s-1")
            #expect(answer.parameters["iss"] == ProtocolFixture.issuer)
            #expect(answer.parameters["code"] == nil)
        }
    }

    @Test("a parameter sent twice goes to the redirect URI as invalid_request")
    func repeatedParameter() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.get("/oauth2/authorize?\(Browser.encode(Browser.question()))&nonce=again")
            #expect(answer.parameters["error"] == "invalid_request")
        }
    }

    @Test("unknown and voluntary parameters are tolerated")
    func tolerated() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize(
                "tax",
                [
                    "ui_locales": "zh-CN en", "login_hint": "someone", "display": "page", "acr_values": "urn:other", "claims": "{}",
                    "x-unknown": "1", "scope": "openid email unknown", "prompt": "consent",
                ])
            #expect(answer.parameters["code"] != nil)
        }
    }

    @Test("prompt=none without a session is login_required, at once")
    func promptNone() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let refused = try await browser.authorize("tax", ["prompt": "none"])
            #expect(refused.parameters["error"] == "login_required")
            try await browser.logIn("m")
            #expect(try await browser.authorize("tax", ["prompt": "none"]).parameters["code"] != nil)
            fixture.clock.advance(100)
            #expect(try await browser.authorize("tax", ["prompt": "none", "max_age": "50"]).parameters["error"] == "login_required")
        }
    }

    @Test(
        "prompt=login and max_age ask for a login that really happens",
        arguments: [["prompt": "login"], ["prompt": "select_account"], ["max_age": "60"], ["max_age": "0"]])
    func reauthentication(changes: [String: String]) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            fixture.clock.advance(100)
            let asked = fixture.clock.now
            let toLogin = try await browser.authorize("tax", changes.mapValues { $0 })
            #expect(toLogin.location.hasPrefix("/login?return_to="))
            // Going on without logging in leads to the login page again, however often, also after a while.
            var back = try #require(toLogin.parameters["return_to"])
            for _ in 0..<2 {
                fixture.clock.advance(1)
                let again = try await browser.get(back)
                #expect(again.location.hasPrefix("/login?return_to="))
                back = try #require(again.parameters["return_to"])
            }
            fixture.clock.advance(1)
            let answer = try await browser.logIn("m").get(back)
            let code = try #require(answer.parameters["code"])
            let tokens = try await browser.redeem(code).json
            let claims = try fixture.idToken(tokens)
            #expect(claims.authentication.authTime.date > asked)
        }
    }

    @Test("a session young enough for max_age is good")
    func youngEnough() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            fixture.clock.advance(59)
            #expect(try await browser.authorize("tax", ["max_age": "60"]).parameters["code"] != nil)
        }
    }

    @Test("a stored question is forgotten after half an hour")
    func expiredQuestion() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            let back = try #require(try await browser.authorize("tax", ["prompt": "login"]).parameters["return_to"])
            fixture.clock.advance(31 * 60)
            let answer = try await browser.logIn("m").get(back)
            #expect(answer.status == 400)
            #expect(answer.headers[.location] == nil)
        }
    }

    @Test("a hint at somebody else than who is logged in is login_required")
    func hintOfAnother() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.person("n", kind: .personal)
        try await fixture.run { browser in
            let hint = try #require(try await browser.logIn("m").tokens()["id_token"]?.text)
            #expect(try await browser.authorize("tax", ["id_token_hint": hint]).parameters["code"] != nil)
            try await browser.logIn("n")
            #expect(try await browser.authorize("tax", ["id_token_hint": hint]).parameters["error"] == "login_required")
        }
    }

    @Test("a window that the person may not enter is access_denied, and no code is made")
    func notPermitted() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize("permits")
            #expect(answer.parameters["error"] == "access_denied")
            #expect(answer.parameters["error_description"]?.hasPrefix("window_not_permitted") == true)
            #expect(answer.parameters["state"] == "s-1")
            try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "permits", actor: .system)
            #expect(try await browser.authorize("permits").parameters["code"] != nil)
        }
    }

    @Test("a suspended window gets a page, not a redirect")
    func suspendedWindow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            try await fixture.registry.setState(.suspended, ofWindow: "tax", actor: .system)
            let answer = try await browser.authorize()
            #expect(answer.status == 403)
            #expect(answer.headers[.location] == nil)
        }
    }

    @Test("a window without the code grant is unauthorized")
    func withoutGrant() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.execute("UPDATE windows SET grants = 'client_credentials' WHERE id = 'tax'")
        try await fixture.person("m")
        try await fixture.run { browser in
            let answer = try await browser.logIn("m").authorize()
            #expect(answer.parameters["error"] == "unauthorized_client")
        }
    }
}
