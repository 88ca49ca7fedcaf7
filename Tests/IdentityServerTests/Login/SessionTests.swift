import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import IdentityServer

@Suite("Sessions and pages at the public origin")
struct SessionTests {
    @Test("logging out needs our origin and the page's token, and then the session is over")
    func logsOut() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let cookie = "__Host-hallpass=\(try await visitor.session("chen"))"
            let page = try await visitor.get("/logout", ["Cookie": cookie]).text
            let start = try #require(page.range(of: "name=\"csrf\" value=\"")).upperBound
            let token = String(page[start...].prefix { $0 != "\"" })
            let json = ["Cookie": cookie, "Accept": "application/json"]
            let answer6 = try await visitor.form("/logout", [:], json).code
            #expect(answer6 == "cross_site_refused", "no token")
            let answer7 = try await visitor.form("/logout", ["csrf": String(token.reversed())], json).code
            #expect(answer7 == "cross_site_refused", "another token")
            let foreign = json.merging(["Origin": "https://127.0.0.1:8445"]) { $1 }
            let answer8 = try await visitor.form("/logout", ["csrf": token], foreign).code
            #expect(answer8 == "cross_site_refused", "another origin")
            let done = try await visitor.form("/logout", ["csrf": token], ["Cookie": cookie])
            #expect(done.status == .ok)
            #expect(done.setCookie("__Host-hallpass")?.contains("Max-Age=0") == true)
            let answer9 = try await visitor.get("/", json).code
            #expect(answer9 == "login_required")
        }
    }

    @Test("a page that needs a session leads to the login page and back")
    func leadsToLogin() async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.get("/logout?x=1", ["Accept": "text/html"])
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/login?return_to=%2Flogout%3Fx%3D1")
            let page = try await visitor.get("/login?return_to=%2Flogout%3Fx%3D1").text
            #expect(page.contains("https://localhost:8444/login/certificate?return_to=%2Flogout%3Fx%3D1"))
        }
    }

    @Test("unknown paths, wrong methods and oversized headers have answers of their own, as page or as document")
    func unknown() async throws {
        try await LoginHall().visit { visitor in
            let document = try await visitor.get("/nowhere", ["Accept": "application/json"])
            #expect(document.status == .notFound)
            #expect(document.code == "not_found")
            let page = try await visitor.get("/nowhere", ["Accept": "text/html"])
            #expect(page.status == .notFound)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            let method = try await visitor.json("/health/live", "{}")
            #expect(method.status == .methodNotAllowed)
            #expect(method.headers[.allow] == "GET")
            let large = try await visitor.get("/login", ["X-Filler": String(repeating: "x", count: 17_000), "Accept": "application/json"])
            #expect(large.status.code == 431)
            let long = try await visitor.get("/login?a=" + String(repeating: "x", count: 9_000), ["Accept": "application/json"])
            #expect(long.status.code == 414)
            let twice = try await visitor.get("/login?return_to=/a&return_to=/b", ["Accept": "application/json"])
            #expect(twice.code == "request_malformed")
        }
    }

    @Test("the language is the switch's cookie, else Accept-Language, else Chinese")
    func language() async throws {
        try await LoginHall().visit { visitor in
            let answer10 = try await visitor.get("/login").headers[.contentLanguage]
            #expect(answer10 == "zh-Hans")
            let answer11 = try await visitor.get("/login", ["Accept-Language": "fr, en;q=0.8, zh;q=0.5"]).headers[.contentLanguage]
            #expect(answer11 == "en")
            let answer12 = try await visitor.get("/login", ["Accept-Language": "en", "Cookie": "hallpass_language=zh-Hans"]).headers[
                .contentLanguage]
            #expect(answer12 == "zh-Hans")
            let chosen = try await visitor.get("/language/en?return_to=%2Flogin%3Freturn_to%3D%252Fa")
            #expect(chosen.headers[.location] == "/login?return_to=%2Fa")
            #expect(chosen.cookie("hallpass_language") == "en")
            let answer13 = try await visitor.get("/language/fr", ["Accept": "application/json"]).status
            #expect(answer13 == .notFound)
        }
    }

    @Test("every page forbids script, framing, sniffing and caching")
    func headers() async throws {
        try await LoginHall().visit { visitor in
            for path in ["/login", "/nowhere", "/health/live"] {
                let headers = try await visitor.get(path).headers
                let policy = try #require(headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(headers[.cacheControl] == "no-store")
                #expect(headers[.strictTransportSecurity] != nil)
            }
            let sheet = try await visitor.get("/login").text
            #expect(!sheet.contains("<script"))
            #expect(!sheet.contains("style=\""))
        }
    }

    @Test("health says what is ready; metrics are Prometheus text")
    func health() async throws {
        try await LoginHall().visit { visitor in
            let answer14 = try await visitor.get("/health/live").member("status")
            #expect(answer14 == "live")
            let answer15 = try await visitor.get("/health/ready").member("status")
            #expect(answer15 == "ready")
            let answer16 = try await visitor.get("/metrics").headers[.contentType]?.hasPrefix("text/plain; version=0.0.4")
            #expect(answer16 == true)
        }
    }
}
