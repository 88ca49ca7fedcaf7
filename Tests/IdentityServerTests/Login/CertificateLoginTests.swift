import Foundation
import HTTPTypes
import HummingbirdTesting
import PKI
import Testing

@testable import IdentityServer

@Suite("Login by TLS certificate")
struct CertificateLoginTests {
    @Test("a good certificate becomes a session over a one-use code and a cookie beside it")
    func handsOver() async throws {
        try await LoginHall().visit { visitor in
            let taken = try await visitor.present("chen", to: "/login/certificate?return_to=%2Fconsole%3Fa%3Db")
            #expect(taken.status == .seeOther)
            #expect(taken.headers[.location]?.hasPrefix(LoginHall.origin + "/login/handoff?code=") == true)
            #expect(taken.headers[.cacheControl] == "no-store")
            #expect(taken.headers[.referrerPolicy] == "no-referrer")
            let set = try #require(taken.setCookie("__Host-hallpass-handoff"))
            #expect(set.contains("Secure"))
            #expect(set.contains("HttpOnly"))
            #expect(set.contains("Path=/"))
            #expect(!set.contains("Domain"))

            let path = String(try #require(taken.headers[.location]).dropFirst(LoginHall.origin.count))
            let redeemed = try await visitor.get(
                path, ["Cookie": "__Host-hallpass-handoff=\(try #require(taken.cookie("__Host-hallpass-handoff")))"])
            #expect(redeemed.status == .seeOther)
            #expect(redeemed.headers[.location] == "/console?a=b")
            #expect(redeemed.headers[.referrerPolicy] == "no-referrer")
            let session = try #require(redeemed.setCookie("__Host-hallpass"))
            #expect(session.contains("Secure"))
            #expect(session.contains("HttpOnly"))
            #expect(session.contains("Path=/"))
            #expect(session.contains("SameSite=Lax"))
            #expect(!session.contains("Domain"))
            let home = try await visitor.get("/", ["Cookie": "__Host-hallpass=\(try #require(redeemed.cookie("__Host-hallpass")))"])
            #expect(home.status == .ok)
        }
    }

    @Test("a code works once, with its own cookie, within thirty seconds")
    func codeIsBound() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let json = ["Accept": "application/json"]
            let one = try await visitor.handOff("chen")
            let answer26 = try await visitor.get(one.path, json).code
            #expect(answer26 == "challenge_expired", "code without cookie")
            let other = try await visitor.handOff("chen")
            let stolen = json.merging(["Cookie": "__Host-hallpass-handoff=\(other.cookie)"]) { $1 }
            let answer27 = try await visitor.get(one.path, stolen).code
            #expect(answer27 == "challenge_expired", "code with another's cookie")

            let good = ["Cookie": "__Host-hallpass-handoff=\(other.cookie)"]
            let answer28 = try await visitor.get("/login/handoff", good.merging(json) { $1 }).code
            #expect(answer28 == "challenge_expired", "cookie without code")
            let answer29 = try await visitor.get(other.path, good).status
            #expect(answer29 == .seeOther)
            let answer30 = try await visitor.get(other.path, good.merging(json) { $1 }).code
            #expect(answer30 == "challenge_expired", "used twice")

            let late = try await visitor.handOff("chen")
            hall.clock.step(31)
            let answer31 = try await visitor.get(late.path, json.merging(["Cookie": "__Host-hallpass-handoff=\(late.cookie)"]) { $1 }).code
            #expect(answer31 == "challenge_expired")
        }
    }

    @Test("a new login makes a new session id and ends the session that was there")
    func replacesSession() async throws {
        try await LoginHall().visit { visitor in
            let first = try await visitor.session("chen")
            let (path, cookie) = try await visitor.handOff("chen")
            let second = try await visitor.get(path, ["Cookie": "__Host-hallpass-handoff=\(cookie); __Host-hallpass=\(first)"])
            #expect(second.cookie("__Host-hallpass") != first)
            let answer32 = try await visitor.get("/", ["Cookie": "__Host-hallpass=\(first)", "Accept": "application/json"]).code
            #expect(answer32 == "login_required")
        }
    }

    @Test(
        "every person of the federation gets the outcome that the demo expects",
        arguments: [
            ("expired", "certificate_expired"), ("future", "certificate_not_yet_valid"), ("revoked", "certificate_revoked"),
            ("stranger", "issuer_unknown"), ("nameless", "identity_missing"), ("miswritten", "identity_malformed"),
            ("overreaching", "identity_not_permitted"), ("device", "purpose_not_permitted"), ("unregistered", "not_registered"),
        ])
    func refuses(id: String, code: String) async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.present(id, to: "/login/certificate", ["Accept": "application/json", "Accept-Language": "en"])
            #expect(answer.code == code)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.cookie("__Host-hallpass-handoff") == nil)
        }
    }

    @Test("no certificate is told on a page that keeps the way back")
    func missing() async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.present(
                nil, to: "/login/certificate?return_to=%2Foauth2%2Fauthorize%3Fclient_id%3Da", ["Accept": "text/html"])
            #expect(answer.status == .forbidden)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("certificate_missing"))
            #expect(answer.text.contains("/login?return_to=%2Foauth2%2Fauthorize%3Fclient_id%3Da"))
        }
    }

    @Test(
        "only navigations to a document are answered",
        arguments: [
            ("cors", "empty"), ("no-cors", "image"), ("same-origin", "empty"), ("navigate", "iframe"),
        ])
    func navigationsOnly(mode: String, destination: String) async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.present(
                "chen", to: "/login/certificate", ["Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination, "Accept": "application/json"])
            #expect(answer.code == "not_a_navigation")
            let good = try await visitor.present(
                "chen", to: "/login/certificate", ["Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"])
            #expect(good.status == .seeOther)
        }
    }

    @Test(
        "return_to leaves the origin for nobody",
        arguments: [
            "//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%2F/evil.example",
            "/%5Cevil.example", "/a%0d%0aSet-Cookie:x", "evil", "/a#b", "/\t/evil.example",
        ])
    func openRedirects(target: String) async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.present(
                "chen", to: "/login/certificate?return_to=\(FormEncoding.encode(target))", ["Accept": "application/json"])
            #expect(answer.status == .badRequest)
            #expect(answer.code == "request_malformed")
        }
    }

    @Test("bytes that are no certificate are refused as malformed")
    func malformed() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let peers = PeerCertificates()
            peers.set([[0x30, 0x03, 0x02, 0x01, 0x00]])
            let answer = try await PeerCertificates.$current.withValue(peers) {
                try await visitor.certificateClient.execute(uri: "/login/certificate", method: .get, headers: [.accept: "application/json"])
            }
            #expect(answer.code == "certificate_malformed")
        }
    }
}
