import Directory
import Foundation
import HTTPTypes
import HummingbirdTesting
import Registry
import Testing

@testable import IdentityServer

@Suite("Login by directory password")
struct PasswordLoginTests {
    private static let snapshot = DirectorySnapshot(
        units: [.init(dn: "ou=gd,dc=example", path: "guangdong", name: "广东")],
        people: [
            .init(
                id: "1", dn: "uid=staff1,dc=example", uid: "staff1", name: "员工", mail: nil, unitPath: "guangdong", groups: [])
        ])

    private static func hall(attemptsPerAccount: Int = 10) async throws -> LoginHall {
        let hall = try await LoginHall(attemptsPerAccount: attemptsPerAccount)
        _ = try await hall.services.registry.apply(snapshot, mapping: [:], actor: .system)
        return hall
    }

    private static func body(_ user: String, _ password: String, _ returnTo: String = "/") -> String {
        let object = ["username": user, "password": password, "return_to": returnTo]
        return (try? String(decoding: JSONEncoder().encode(object), as: UTF8.self)) ?? ""
    }

    @Test("the right password opens a session")
    func logsIn() async throws {
        try await Self.hall().visit { visitor in
            let answer = try await visitor.json("/login/password", Self.body("staff1", AskedDirectory.password, "/x"))
            #expect(answer.status == .ok)
            #expect(answer.member("return_to") == "/x")
            let session = try #require(answer.cookie("__Host-hallpass"))
            let answer1 = try await visitor.get("/", ["Cookie": "__Host-hallpass=\(session)"]).status
            #expect(answer1 == .ok)
        }
    }

    @Test("a wrong password and an unknown name are told alike, and both ask the directory")
    func wrong() async throws {
        let hall = try await Self.hall()
        try await hall.visit { visitor in
            let wrong = try await visitor.json("/login/password", Self.body("staff1", "no"))
            let unknown = try await visitor.json("/login/password", Self.body("nobody", AskedDirectory.password))
            #expect(wrong.status == .unauthorized)
            #expect(unknown.status == .unauthorized)
            #expect(wrong.text == unknown.text)
            #expect(hall.directory.names.count == 2)
        }
    }

    @Test("an empty password is refused before any bind")
    func empty() async throws {
        let hall = try await Self.hall()
        try await hall.visit { visitor in
            let answer2 = try await visitor.json("/login/password", Self.body("staff1", "")).code
            #expect(answer2 == "credentials_invalid")
            let answer3 = try await visitor.json("/login/password", Self.body("staff1", "a\u{0}")).code
            #expect(answer3 == "credentials_invalid")
            #expect(hall.directory.names.isEmpty)
        }
    }

    @Test("tries for one account are throttled, with the time to wait, and free again later")
    func throttles() async throws {
        let hall = try await Self.hall(attemptsPerAccount: 3)
        try await hall.visit { visitor in
            for _ in 0..<3 {
                let answer4 = try await visitor.json("/login/password", Self.body("staff1", "no")).code
                #expect(answer4 == "credentials_invalid")
            }
            let refused = try await visitor.json("/login/password", Self.body("STAFF1", AskedDirectory.password))
            #expect(refused.status == .tooManyRequests)
            #expect(refused.code == "throttled")
            let wait = try #require(Int(refused.headers[.retryAfter] ?? ""))
            #expect((1...100).contains(wait))
            #expect(hall.directory.names.count == 3)
            hall.clock.step(301)
            let answer5 = try await visitor.json("/login/password", Self.body("staff1", AskedDirectory.password)).status
            #expect(answer5 == .ok)
        }
    }

    @Test("a plain form from another site cannot log a browser in")
    func simpleRequests() async throws {
        try await Self.hall().visit { visitor in
            let form = ["username": "staff1", "password": AskedDirectory.password]
            let answer = try await visitor.form("/login/password", form, ["Origin": "https://evil.example", "Accept": "application/json"])
            #expect(answer.code == "cross_site_refused")
            let text = try await visitor.json(
                "/login/password", Self.body("staff1", AskedDirectory.password), ["Content-Type": "text/plain"])
            #expect(text.status == .unsupportedMediaType)
        }
    }
}
