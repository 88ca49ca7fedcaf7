import Foundation
import HTTPTypes
import Registry
import Testing
import Tokens

@testable import IdentityServer

@Suite("OIDC: RP-initiated logout")
struct EndSessionTests {
    private static func path(_ parameters: [String: String]) -> String { "/oauth2/logout?" + Browser.encode(parameters) }
    private static let bye = "https://tax.example/bye"

    private func isLoggedIn(_ browser: Browser) async throws -> Bool {
        try await browser.authorize("tax", ["prompt": "none"]).parameters["code"] != nil
    }

    @Test("a hint of this session logs out at once and leads back with the state")
    func withHint() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let tokens = try await browser.logIn("m").tokens()
            let hint = try #require(tokens["id_token"]?.text)
            // Also when the hint has expired meanwhile (RP-Initiated Logout §2).
            fixture.clock.advance(1000)
            let answer = try await browser.get(Self.path(["id_token_hint": hint, "post_logout_redirect_uri": Self.bye, "state": "a b"]))
            #expect(answer.location == "https://tax.example/bye?state=a%20b")
            #expect(browser.cookie("__Host-hallpass") == nil)
            #expect(try await browser.refresh(tokens["refresh_token"]?.text ?? "").error == "invalid_grant")
            #expect(try await fixture.auditKinds().contains("session.ended"))
        }
    }

    @Test("a POST is stored and answered by 303, and then the same")
    func post() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let hint = try #require(try await browser.logIn("m").tokens()["id_token"]?.text)
            let stored = try await browser.another().post("/oauth2/logout", ["id_token_hint": hint, "post_logout_redirect_uri": Self.bye])
            #expect(stored.location.hasPrefix("/oauth2/logout?resume="))
            #expect(try await isLoggedIn(browser))
            #expect(try await browser.get(stored.location).location == Self.bye)
            #expect(try await !isLoggedIn(browser))
            #expect(try await browser.get(stored.location).status == 400)
        }
    }

    @Test("without a valid hint of this session nothing happens but a question")
    func asksFirst() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.person("n", kind: .personal)
        try await fixture.run { browser in
            let other = try #require(try await browser.another().logIn("n").tokens()["id_token"]?.text)
            let tokens = try await browser.logIn("m").tokens()
            let payload = try #require(tokens["id_token"]?.text?.split(separator: ".")[1])
            let unsigned = Base64URL.encode(Array(#"{"alg":"none","typ":"JWT","kid":"x"}"#.utf8)) + ".\(payload)."
            let access = try #require(tokens["access_token"]?.text)
            for parameters in [
                [:], ["id_token_hint": other], ["id_token_hint": unsigned], ["id_token_hint": access], ["id_token_hint": "x"],
            ] {
                let answer = try await browser.get(Self.path(parameters))
                #expect(answer.status == 200)
                #expect(answer.body.contains("confirm-end-session"))
                #expect(try await isLoggedIn(browser))
            }
        }
    }

    @Test("the question answered with yes logs out and offers the way back")
    func confirmed() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let page = try await browser.logIn("m").get(Self.path(["client_id": "tax", "post_logout_redirect_uri": Self.bye]))
            let csrf = try #require(page.body.firstMatch(of: #/name="csrf" value="([^"]+)"/#)?.1)
            let request = try #require(page.body.firstMatch(of: #/name="request" value="([^"]+)"/#)?.1)
            let form = ["csrf": String(csrf), "request": String(request).replacing("&amp;", with: "&")]
            // Not from elsewhere, and not without the token.
            let elsewhere: HTTPFields = [.origin: "https://tax.example"], here: HTTPFields = [.origin: ProtocolFixture.issuer]
            for headers in [elsewhere, HTTPFields()] {
                #expect(try await browser.post("/oauth2/logout/confirmed", form, headers).status == 403)
            }
            #expect(try await browser.post("/oauth2/logout/confirmed", ["request": form["request"] ?? ""], here).status == 403)
            #expect(try await isLoggedIn(browser))
            let answer = try await browser.post("/oauth2/logout/confirmed", form, here)
            #expect(answer.status == 200)
            #expect(answer.body.contains(#"href="https://tax.example/bye""#))
            #expect(try await !isLoggedIn(browser))
        }
    }

    @Test(
        "an address that is not the window's is told on a page, and nobody is logged out",
        arguments: [
            "https://evil.example/", "https://tax.example/bye/", "https://tax.example/bye?x=1", "https://land.example/bye",
            "https://tax.example/callback",
        ])
    func otherAddress(uri: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let hint = try #require(try await browser.logIn("m").tokens()["id_token"]?.text)
            let answer = try await browser.get(Self.path(["id_token_hint": hint, "post_logout_redirect_uri": uri]))
            #expect(answer.status == 400)
            #expect(answer.headers[.location] == nil)
            #expect(try await isLoggedIn(browser))
        }
    }

    @Test("client_id and hint must agree, and nothing comes twice")
    func malformed() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let hint = try #require(try await browser.logIn("m").tokens()["id_token"]?.text)
            #expect(try await browser.get(Self.path(["id_token_hint": hint, "client_id": "land"])).status == 400)
            #expect(try await browser.get(Self.path(["id_token_hint": hint]) + "&id_token_hint=x").status == 400)
            #expect(try await isLoggedIn(browser))
        }
    }

    @Test("without session and hint nobody is led anywhere")
    func noOpenRedirect() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.run { browser in
            let answer = try await browser.get(Self.path(["client_id": "tax", "post_logout_redirect_uri": Self.bye]))
            #expect(answer.status == 200)
            #expect(answer.headers[.location] == nil)
        }
    }
}
