import Foundation
import HTTPTypes
import Registry
import Testing

@testable import IdentityServer

/// A browser at a guarded site: `site` is the jar of the site's host, `browser` that of the public origin; the proxy is played by the
/// header it sets and the address it rewrites.
struct SiteVisitor: Sendable {
    let browser: Browser
    let site: Browser
    let id: String

    init(_ browser: Browser, _ id: String) {
        (self.browser, self.id) = (browser, id)
        site = browser.another()
    }

    var origin: String { "https://\(id).example:8446" }
    var proxy: HTTPFields { [.hallpassSite: origin] }

    func check() async throws -> Answer { try await site.get("/forward-auth/check", proxy) }
    func start(_ returnTo: String = "/reports?year=2026&month=11") async throws -> Answer {
        try await site.get("/forward-auth/window/start?return_to=\(returnTo)", proxy)
    }
    /// The address of the callback, as the proxy passes it on.
    func callback(_ location: String) async throws -> Answer {
        let path = location.replacing(origin + "/_hallpass/", with: "/forward-auth/window/")
        return try await site.get(path, proxy)
    }
    /// The ticket's address.
    func ticket() async throws -> String { try await browser.get(start().location).location }
    func enter() async throws -> Answer { try await callback(ticket()) }
}

@Suite("Forward-auth")
struct ForwardAuthTests {
    @Test("a stranger is led through login to where they wanted, and the site learns who it is")
    func flow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(browser, "museum")
            #expect(try await visitor.check().status == 401)
            let start = try await visitor.start()
            #expect(start.location.hasPrefix("\(ProtocolFixture.issuer)/forward-auth/login?window=museum&site="))
            let state = try #require(start.headers[.setCookie])
            #expect(state.hasPrefix("__Host-hallpass-state-"))
            for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(state.contains(attribute)) }
            #expect(!state.contains("Domain"))

            let toLogin = try await browser.get(start.location)
            let back = try #require(toLogin.parameters["return_to"])
            #expect(toLogin.location.hasPrefix("/login?return_to="))
            try await browser.logIn("m")
            let ticket = try await browser.get(back)
            #expect(ticket.status == 303)
            #expect(ticket.location.hasPrefix("https://museum.example:8446/_hallpass/callback?ticket="))

            let entered = try await visitor.callback(ticket.location)
            #expect(entered.status == 303)
            #expect(entered.location == "/reports?year=2026&month=11")
            let cookie = try #require(entered.headers[values: .setCookie].first { $0.hasPrefix("__Host-hallpass-window=") })
            for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(attribute)) }
            #expect(!cookie.contains("Domain"))
            #expect(!visitor.site.cookieNames.contains { $0.hasPrefix("__Host-hallpass-state-") })

            let checked = try await visitor.check()
            #expect(checked.status == 204)
            #expect(checked.headers[.hallpassSubject] == "m")
            #expect(checked.headers[.hallpassLegalPerson] == ProtocolFixture.uscc)
            #expect(checked.headers[.hallpassName]?.removingPercentEncoding == "深圳某某公司 张三")
            #expect(checked.headers[.hallpassName]?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } == true)
            #expect(checked.headers[.hallpassKind] == "master")
            #expect(checked.headers[.hallpassACR] == Assurance.certificate)
            #expect(checked.headers[.hallpassGrant]?.removingPercentEncoding == #"{"parameters":{},"until":null}"#)
        }
    }

    @Test("with a session nothing is asked")
    func silent() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            #expect(try await visitor.enter().status == 303)
            #expect(try await visitor.check().status == 204)
        }
    }

    @Test("identity headers sent from outside change nothing")
    func headerSmuggling() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            var forged = visitor.proxy
            forged[.hallpassSubject] = "root"
            forged[.hallpassLegalPerson] = "91440000PDY0001830"
            #expect(try await visitor.site.get("/forward-auth/check", forged).status == 401)
            _ = try await visitor.enter()
            let checked = try await visitor.site.get("/forward-auth/check", forged)
            #expect(checked.headers[values: .hallpassSubject] == ["m"])
            #expect(checked.headers[values: .hallpassLegalPerson] == [ProtocolFixture.uscc])
        }
    }

    @Test("a ticket works once; the second use ends what the first began")
    func replay() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            let start = try await visitor.start()
            let jar = visitor.site.snapshot()
            let ticket = try await browser.get(start.location).location
            #expect(try await visitor.callback(ticket).status == 303)
            #expect(try await visitor.check().status == 204)
            // With the state cookie still there, as after a theft of everything.
            visitor.site.restore(jar)
            #expect(try await visitor.callback(ticket).status == 403)
            #expect(try await visitor.check().status == 401)
        }
    }

    @Test("of twenty callbacks at once one wins")
    func race() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            let ticket = try await visitor.ticket()
            let jar = visitor.site.snapshot()
            let statuses = try await atOnce(20) {
                let copy = SiteVisitor(browser, "museum")
                copy.site.restore(jar)
                return try await copy.callback(ticket).status
            }
            #expect(statuses.filter { $0 == 303 }.count == 1)
            #expect(statuses.filter { $0 == 403 }.count == 19)
        }
    }

    @Test("a ticket is nothing in another browser, and lives 30 seconds")
    func otherBrowser() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            let victim = SiteVisitor(browser, "museum")
            let ticket = try await victim.ticket()
            let thief = SiteVisitor(browser, "museum")
            #expect(try await thief.callback(ticket).status == 403)
            // A state cookie of the thief's own does not fit either.
            _ = try await thief.start()
            #expect(try await thief.callback(ticket).status == 403)
            // Login CSRF: the thief's ticket in the victim's browser.
            let thiefs = try await thief.ticket()
            #expect(try await victim.callback(thiefs).status == 403)
            fixture.clock.advance(31)
            #expect(try await victim.callback(ticket).status == 403)
        }
    }

    @Test("a ticket of one window is nothing at another, even with the right state")
    func otherWindow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "archive", actor: .system)
        try await fixture.run { browser in
            try await browser.logIn("m")
            let museum = SiteVisitor(browser, "museum")
            let archive = SiteVisitor(browser, "archive")
            let ticket = try await museum.ticket()
            archive.site.restore(museum.site.snapshot())
            #expect(try await archive.callback(ticket.replacing("museum", with: "archive")).status == 403)
            #expect(try await museum.callback(ticket).status == 303)
            // The window's cookie is nothing at another window.
            archive.site.restore(museum.site.snapshot())
            #expect(try await archive.check().status == 401)
            #expect(try await museum.check().status == 204)
        }
    }

    @Test("an OIDC code is no ticket and a ticket is no OIDC code")
    func otherProtocol() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let museum = SiteVisitor(try await browser.logIn("m"), "museum")
            let ticket = try #require(URLComponents(string: try await museum.ticket())?.queryItems?.first { $0.name == "ticket" }?.value)
            #expect(try await browser.redeem(ticket, "tax").error == "invalid_grant")
            let start = try await museum.start()
            let code = try await browser.code()
            #expect(
                try await museum.callback("\(museum.origin)/_hallpass/callback?ticket=\(code)&state=\(start.parameters["state"] ?? "")")
                    .status == 403)
        }
    }

    @Test("a made-up, changed or doubled window cookie is 401", arguments: ["x", "x.y", ".", "", "FAMILY.", "FAMILY.AAAA"])
    func forgedCookie(value: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            let good = try #require(visitor.site.cookie("__Host-hallpass-window"))
            visitor.site.set("__Host-hallpass-window", value.replacing("FAMILY", with: good.split(separator: ".")[0]))
            #expect(try await visitor.check().status == 401)
            var headers = visitor.proxy
            headers[.cookie] = "__Host-hallpass-window=\(good); __Host-hallpass-window=\(good)"
            #expect(try await visitor.site.get("/forward-auth/check", headers).status == 401)
        }
    }

    @Test(
        "a proxy that names no site, two, or one that is not registered gets nothing",
        arguments: [
            [], ["https://museum.example:8446", "https://museum.example:8446"], ["https://evil.example"], ["https://museum.example"],
            ["https://museum.example:8446/"],
        ])
    func unknownSite(values: [String]) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            var headers = HTTPFields()
            headers[values: .hallpassSite] = values
            #expect([401, 403].contains(try await visitor.site.get("/forward-auth/check", headers).status))
            #expect(try await visitor.site.get("/forward-auth/window/start?return_to=/", headers).status == 403)
        }
    }

    @Test(
        "the way back is a path on the site, whatever was asked",
        arguments: [
            "https://evil.example/", "//evil.example", "/\\evil.example", "/%2f%2fevil.example", "javascript:alert(1)", "",
            "/_hallpass/logout",
            "\\evil", "/a%0d%0aSet-Cookie:x=1",
        ])
    func openRedirect(returnTo: String) async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            let start = try await visitor.start(returnTo)
            let entered = try await visitor.callback(try await browser.get(start.location).location)
            #expect(entered.location == "/")
        }
    }

    @Test("the public side gives tickets only to registered sites of that window")
    func ticketDestination() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            try await browser.logIn("m")
            let state = String(repeating: "A", count: 43)
            for (window, site, state, status) in [
                ("museum", "https://evil.example", state, 403), ("museum", "https://archive.example:8446", state, 403),
                ("nobody", "https://museum.example:8446", state, 403), ("tax", "https://tax.example", state, 403),
                ("museum", "https://museum.example:8446", "short", 400),
            ] {
                let answer = try await browser.get(
                    "/forward-auth/login?" + Browser.encode(["window": window, "site": site, "state": state]))
                #expect(answer.status == status)
                #expect(answer.headers[.location] == nil)
            }
        }
    }

    @Test("who may not enter gets a page that says so, and no ticket")
    func notPermitted() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "archive")
            let answer = try await browser.get(try await visitor.start().location)
            #expect(answer.status == 403)
            #expect(answer.headers[.location] == nil)
            #expect(answer.body.contains("window_not_permitted"))
        }
    }

    @Test("what ends in the registry ends at the site at the next request")
    func endings() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "archive")
            try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "archive", actor: .system)
            _ = try await visitor.enter()
            #expect(try await visitor.check().status == 204)
            // Admission withdrawn: 403 with a reason, and back when it is given again.
            try await fixture.execute("DELETE FROM admissions")
            #expect(try await visitor.check().status == 403)
            let denied = try await visitor.site.get("/forward-auth/window/denied", visitor.proxy)
            #expect(denied.status == 403)
            #expect(denied.body.contains("window_not_permitted"))
            try await fixture.registry.admit(legalPerson: ProtocolFixture.uscc, to: "archive", actor: .system)
            #expect(try await visitor.check().status == 204)
            // Certificate suspended.
            try await fixture.execute("UPDATE certificates SET standing = 'suspended'")
            #expect(try await visitor.check().status == 401)
        }
    }

    @Test("logging out on the public origin ends the visit")
    func logout() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            let session = try #require(try await fixture.registry.session(cookie: browser.cookie("__Host-hallpass") ?? ""))
            try await fixture.registry.endSession(sid: session.sid, reason: "logout", actor: .system)
            #expect(try await visitor.check().status == 401)
        }
    }

    @Test("a suspended window lets nobody in")
    func suspendedWindow() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            try await fixture.registry.setState(.suspended, ofWindow: "museum", actor: .system)
            #expect([401, 403].contains(try await visitor.check().status))
            #expect(try await visitor.start().status == 403)
        }
    }

    @Test("logging out at the site ends this visit alone, and not on another site's wish")
    func siteLogout() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            let stolen = visitor.site.snapshot()
            var crossSite = visitor.proxy
            crossSite[.secFetchSite] = "cross-site"
            #expect(try await visitor.site.get("/forward-auth/window/logout", crossSite).location == "\(ProtocolFixture.issuer)/logout")
            #expect(try await visitor.check().status == 204)
            #expect(try await visitor.site.get("/forward-auth/window/logout", visitor.proxy).location == "\(ProtocolFixture.issuer)/logout")
            #expect(visitor.site.cookie("__Host-hallpass-window") == nil)
            visitor.site.restore(stolen)
            #expect(try await visitor.check().status == 401)
            #expect(try await browser.authorize().parameters["code"] != nil)
        }
    }

    @Test("a site used all day keeps the session from going idle")
    func keepsAlive() async throws {
        let fixture = try await ProtocolFixture()
        try await fixture.person("m")
        try await fixture.run { browser in
            let visitor = SiteVisitor(try await browser.logIn("m"), "museum")
            _ = try await visitor.enter()
            for _ in 0..<4 {
                fixture.clock.advance(20 * 60)
                #expect(try await visitor.check().status == 204)
            }
            fixture.clock.advance(31 * 60)
            #expect(try await visitor.check().status == 401)
        }
    }
}
