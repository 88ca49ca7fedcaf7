import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import IdentityServer

@Suite("Login by signed challenge")
struct SignatureLoginTests {
    /// `openssl cms` signs, as a tool that is not ours.
    private static func sign(_ text: String, as id: String, _ hall: LoginHall) throws -> String {
        let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data(text.utf8).write(to: URL(filePath: input))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "cms", "-sign", "-binary", "-in", input, "-signer", hall.file(id, "pem"), "-inkey", hall.file(id, "key"),
            "-certfile",
            hall.file(id, "chain.pem"), "-outform", "DER",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data.base64EncodedString()
    }

    private static func challenge(_ visitor: Visitor) async throws -> (text: String, cookie: String) {
        let answer = try await visitor.json("/login/challenges", "{}")
        return (answer.member("challenge") ?? "", answer.cookie("__Host-hallpass-challenge") ?? "")
    }

    private static func answer(_ text: String, _ cms: String, _ returnTo: String = "/") -> String {
        let object = ["challenge": text, "cms": cms, "return_to": returnTo]
        return (try? String(decoding: JSONEncoder().encode(object), as: UTF8.self)) ?? ""
    }

    @Test("a challenge is printable, names purpose, origin, nonce and expiry, and is bound to a cookie")
    func issues() async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.json("/login/challenges", "{}")
            #expect(answer.status == .created)
            let text = try #require(answer.member("challenge"))
            #expect(!text.utf8.contains { $0 < 0x20 || $0 > 0x7E })
            #expect(text.contains("login"))
            #expect(text.contains(LoginHall.origin))
            #expect(text.contains("nonce "))
            #expect(text.contains("valid until "))
            #expect(answer.text.contains("\"expires_in\":120"))
            let cookie = try #require(answer.setCookie("__Host-hallpass-challenge"))
            #expect(cookie.contains("Secure"))
            #expect(cookie.contains("HttpOnly"))
            #expect(cookie.contains("Path=/"))
        }
    }

    @Test("a signature by openssl over the challenge opens a session, once")
    func signsIn() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let (text, cookie) = try await Self.challenge(visitor)
            let body = Self.answer(text, try Self.sign(text, as: "chen", hall), "/console")
            let headers = ["Cookie": "__Host-hallpass-challenge=\(cookie)"]
            let answer = try await visitor.json("/login/signatures", body, headers)
            #expect(answer.status == .ok)
            #expect(answer.member("return_to") == "/console")
            let session = try #require(answer.cookie("__Host-hallpass"))
            let answer17 = try await visitor.get("/", ["Cookie": "__Host-hallpass=\(session)"]).status
            #expect(answer17 == .ok)
            let answer18 = try await visitor.json("/login/signatures", body, headers).code
            #expect(answer18 == "challenge_expired", "replayed")
        }
    }

    @Test("a challenge is used up by a failure, is no use without its cookie, and runs out")
    func challengeIsBound() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let (text, cookie) = try await Self.challenge(visitor)
            let headers = ["Cookie": "__Host-hallpass-challenge=\(cookie)"]
            let answer19 = try await visitor.json("/login/signatures", Self.answer(text, "AAAA"), headers).code
            #expect(answer19 == "certificate_malformed")
            let good = try Self.sign(text, as: "chen", hall)
            let answer20 = try await visitor.json("/login/signatures", Self.answer(text, good), headers).code
            #expect(answer20 == "challenge_expired", "used up")

            let second = try await Self.challenge(visitor)
            let signed = try Self.sign(second.text, as: "chen", hall)
            let answer21 = try await visitor.json("/login/signatures", Self.answer(second.text, signed)).code
            #expect(answer21 == "challenge_expired", "no cookie")

            let third = try await Self.challenge(visitor)
            let late = try Self.sign(third.text, as: "chen", hall)
            hall.clock.step(121)
            let cookie3 = ["Cookie": "__Host-hallpass-challenge=\(third.cookie)"]
            let answer22 = try await visitor.json("/login/signatures", Self.answer(third.text, late), cookie3).code
            #expect(answer22 == "challenge_expired")
        }
    }

    @Test("a text that was changed, or a signature over another text, is refused before anything about the person")
    func otherTexts() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let (text, cookie) = try await Self.challenge(visitor)
            let changed = text.replacingOccurrences(of: "login", with: "payment")
            let headers = ["Cookie": "__Host-hallpass-challenge=\(cookie)"]
            let answer = try await visitor.json(
                "/login/signatures", Self.answer(changed, try Self.sign(changed, as: "chen", hall)), headers)
            #expect(answer.code == "challenge_expired")

            let second = try await Self.challenge(visitor)
            let elsewhere = try Self.sign("another text", as: "revoked", hall)
            let refused = try await visitor.json(
                "/login/signatures", Self.answer(second.text, elsewhere), ["Cookie": "__Host-hallpass-challenge=\(second.cookie)"])
            #expect(refused.code == "signature_invalid")
        }
    }

    @Test(
        "a challenge is asked for with a JSON object or with nothing",
        arguments: [
            ("{\"any\":1}", "application/json", 201), ("", "application/json", 201), ("{", "application/json", 400),
            ("[]", "application/json", 400),
            ("{}", "text/plain", 415), (String(repeating: " ", count: 5000), "application/json", 413),
        ])
    func challengeBodies(body: String, type: String, status: Int) async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.json("/login/challenges", body, ["Content-Type": type])
            #expect(answer.status.code == status)
        }
    }

    @Test(
        "bad bodies are told apart",
        arguments: [
            ("not json", "application/json", 400), ("{}", "application/json", 400),
            ("{\"challenge\":1,\"cms\":\"\"}", "application/json", 400),
            ("{}", "text/plain", 415), (String(repeating: "x", count: 200_000), "application/json", 413),
        ])
    func badBodies(body: String, type: String, status: Int) async throws {
        try await LoginHall().visit { visitor in
            let answer = try await visitor.json("/login/signatures", body, ["Content-Type": type])
            #expect(answer.status.code == status)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test("without script: the form shows the text, takes the signature and leads on with a page")
    func byForm() async throws {
        let hall = try await LoginHall()
        try await hall.visit { visitor in
            let page = try await visitor.form("/login/challenges", ["return_to": "/console"])
            #expect(page.status == .ok)
            let cookie = try #require(page.cookie("__Host-hallpass-challenge"))
            let start = try #require(page.text.range(of: "name=\"challenge\" value=\"")).upperBound
            let text = String(page.text[start...].prefix { $0 != "\"" })
            let entered = try await visitor.form(
                "/login/signatures", ["challenge": text, "cms": try Self.sign(text, as: "chen", hall), "return_to": "/console"],
                ["Cookie": "__Host-hallpass-challenge=\(cookie)"])
            #expect(entered.status == .ok)
            #expect(entered.text.contains("content=\"0;url=/console\""))
            #expect(entered.cookie("__Host-hallpass") != nil)
        }
    }

    @Test(
        "a form or a browser's JSON from another origin is refused", arguments: ["https://evil.example", "null", "https://localhost:8444"])
    func crossOrigin(origin: String) async throws {
        try await LoginHall().visit { visitor in
            let answer23 = try await visitor.form("/login/challenges", [:], ["Origin": origin, "Accept": "application/json"]).code
            #expect(answer23 == "cross_site_refused")
            let answer24 = try await visitor.json("/login/signatures", "{}", ["Origin": origin]).code
            #expect(answer24 == "cross_site_refused")
            let answer25 = try await visitor.json("/login/password", "{}", ["Origin": origin]).code
            #expect(answer25 == "cross_site_refused")
        }
    }
}
