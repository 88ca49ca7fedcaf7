import Foundation
import Testing

@testable import Registry

@Suite("Codes, refresh tokens and their families")
struct TokenFamilyTests {
    /// A member of staff with a session, two windows, and a code for the first.
    private struct Scene: Sendable {
        let fixture: RegistryFixture
        var registry: Registry { fixture.registry }
        let session: Session
        let authorization: Authorization

        init() async throws {
            fixture = try RegistryFixture()
            try await fixture.addStaff()
            for id in ["tax", "land"] { _ = try await fixture.registry.addWindow(.oidc(id), actor: .system) }
            session = try await fixture.openSession().session
            authorization = Authorization(
                windowID: "tax", redirectURI: "https://tax.example/callback", scope: ["openid"], nonce: "n", codeChallenge: "c",
                sid: session.sid, accountID: "clerk")
        }

        func family() async throws -> TokenFamily {
            let code = try await registry.issueCode(authorization)
            return try #require(try await registry.redeemCode(code, windowID: "tax") { _ in }.value)
        }

        func isAlive(_ family: TokenFamily) async throws -> Bool { try await registry.family(family.id) != nil }
    }

    @Test("a code works once among fifty at once, and its reuse ends the family")
    func codeOnce() async throws {
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        let answers = try await atOnce(50) { try await scene.registry.redeemCode(code, windowID: "tax") { _ in } }
        let granted = answers.compactMap(\.value)
        #expect(granted.count == 1)
        #expect(granted.first?.authorization == scene.authorization)
        #expect(answers.filter(\.isReuse).count == 49)
        #expect(try await !scene.isAlive(granted[0]))
        #expect(try await scene.fixture.auditKinds().contains("token.reused"))
    }

    @Test("a code that is late, of another window or of nobody is unknown")
    func codeRefused() async throws {
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        #expect(try await scene.registry.redeemCode(code, windowID: "land") { _ in }.isUnknown)
        #expect(try await scene.registry.redeemCode("x", windowID: "tax") { _ in }.isUnknown)
        scene.fixture.clock.advance(60)
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.isUnknown)
        #expect(try await scene.fixture.count("token_families") == 0)
    }

    @Test("another window's attempt does not spend a code")
    func codeNotSpent() async throws {
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        _ = try await scene.registry.redeemCode(code, windowID: "land") { _ in }
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.value != nil)
    }

    @Test("a failed check spends the code and starts no family")
    func checkFails() async throws {
        struct WrongVerifier: Error {}
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        await #expect(throws: WrongVerifier.self) {
            _ = try await scene.registry.redeemCode(code, windowID: "tax") { _ in throw WrongVerifier() }
        }
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.isReuse)
        #expect(try await scene.fixture.count("token_families") == 0)
    }

    @Test("a code is worth nothing after logout or while its window is suspended")
    func codeWithoutGround() async throws {
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        try await scene.registry.setState(.suspended, ofWindow: "tax", actor: .system)
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.isUnknown)
        try await scene.registry.setState(.active, ofWindow: "tax", actor: .system)
        try await scene.registry.endSession(sid: scene.session.sid, reason: "logout", actor: .account("clerk"))
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.isUnknown)
    }

    @Test("a code that names another account than its session's is worth nothing")
    func anotherAccount() async throws {
        let scene = try await Scene()
        try await scene.fixture.addStaff("other")
        var authorization = scene.authorization
        authorization.accountID = "other"
        let code = try await scene.registry.issueCode(authorization)
        #expect(try await scene.registry.redeemCode(code, windowID: "tax") { _ in }.isUnknown)
    }

    @Test("a refresh token rotates once among fifty at once, and its reuse ends the family, the new token included")
    func rotation() async throws {
        let scene = try await Scene()
        let family = try await scene.family()
        let first = try await scene.registry.issueRefreshToken(family: family)
        let second = try #require(try await scene.registry.rotateRefreshToken(first, windowID: "tax").value)
        #expect(second.family.id == family.id && second.token != first)
        #expect(try await scene.isAlive(family))
        let answers = try await atOnce(50) { try await scene.registry.rotateRefreshToken(second.token, windowID: "tax") }
        #expect(answers.compactMap(\.value).count == 1)
        #expect(answers.filter(\.isReuse).count == 49)
        #expect(try await !scene.isAlive(family))
        let third = try #require(answers.compactMap(\.value).first)
        #expect(try await scene.registry.rotateRefreshToken(third.token, windowID: "tax").isUnknown)
        await #expect(throws: RuleViolation.self) { _ = try await scene.registry.issueRefreshToken(family: family) }
    }

    @Test("another window can neither rotate nor revoke a refresh token")
    func otherWindow() async throws {
        let scene = try await Scene()
        let family = try await scene.family()
        let token = try await scene.registry.issueRefreshToken(family: family)
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "land").isUnknown)
        try await scene.registry.revokeRefreshToken(token, windowID: "land")
        #expect(try await scene.isAlive(family))
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "tax").value != nil)
    }

    @Test("a revoked refresh token ends its family, a used one too")
    func revocation() async throws {
        let scene = try await Scene()
        let family = try await scene.family()
        let token = try await scene.registry.issueRefreshToken(family: family)
        try await scene.registry.revokeRefreshToken(token, windowID: "tax")
        #expect(try await !scene.isAlive(family))
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "tax").isUnknown)
        #expect(try await scene.registry.auditEvents(limit: 1).first?.actor == "window:tax")
    }

    static let endings: [(String, @Sendable (RegistryFixture, Session) async throws -> Void)] = [
        ("logout", { try await $0.registry.endSession(sid: $1.sid, reason: "logout", actor: .account("clerk")) }),
        ("departure", { fixture, _ in try await fixture.removeStaff() }),
        ("idle time", { fixture, _ in fixture.clock.advance(1801) }),
        ("suspension of the window", { fixture, _ in try await fixture.registry.setState(.suspended, ofWindow: "tax", actor: .system) }),
        ("removal of the window", { fixture, _ in try await fixture.registry.removeWindow("tax", actor: .system) }),
    ]

    @Test("a family ends at once with what it rests on", arguments: 0..<5)
    func ground(index: Int) async throws {
        let scene = try await Scene()
        let family = try await scene.family()
        let token = try await scene.registry.issueRefreshToken(family: family)
        #expect(try await scene.isAlive(family))
        try await Self.endings[index].1(scene.fixture, scene.session)
        #expect(try await !scene.isAlive(family), "\(Self.endings[index].0)")
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "tax").isUnknown, "\(Self.endings[index].0)")
    }

    @Test("resuming a window brings no family back, and a new window of an old id knows none")
    func noRevival() async throws {
        let scene = try await Scene()
        let family = try await scene.family()
        try await scene.registry.setState(.suspended, ofWindow: "tax", actor: .system)
        try await scene.registry.setState(.active, ofWindow: "tax", actor: .system)
        #expect(try await !scene.isAlive(family))
        let other = try await scene.family()
        let token = try await scene.registry.issueRefreshToken(family: other)
        try await scene.registry.removeWindow("tax", actor: .system)
        _ = try await scene.registry.addWindow(.oidc("tax"), actor: .system)
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "tax").isUnknown)
        #expect(try await scene.registry.family(other.id) == nil)
    }

    @Test("refreshing keeps the session from lapsing, but not beyond its absolute end")
    func refreshIsActivity() async throws {
        let scene = try await Scene()
        var token = try await scene.registry.issueRefreshToken(family: try await scene.family())
        for _ in 0..<23 {
            scene.fixture.clock.advance(1500)
            token = try #require(try await scene.registry.rotateRefreshToken(token, windowID: "tax").value).token
        }
        scene.fixture.clock.advance(1500)
        #expect(try await scene.registry.rotateRefreshToken(token, windowID: "tax").isUnknown)
    }

    @Test("a revoked access token stays revoked until it would have expired, however often it is revoked")
    func accessTokens() async throws {
        let scene = try await Scene()
        let expires = scene.fixture.clock.now.addingTimeInterval(300)
        _ = try await atOnce(10) { try await scene.registry.revokeAccessToken(jti: "f.1", expires: expires, actor: .window("tax")) }
        #expect(try await scene.registry.isAccessTokenRevoked(jti: "f.1"))
        #expect(try await !scene.registry.isAccessTokenRevoked(jti: "f.2"))
        #expect(try await scene.fixture.auditKinds().filter { $0 == "token.revoked" }.count == 1)
        scene.fixture.clock.advance(300)
        try await scene.registry.maintain()
        #expect(try await scene.fixture.count("revoked_access_tokens") == 0)
    }

    @Test("a code used long ago is still recognised while its family is kept; unused ones are forgotten")
    func lateReuse() async throws {
        let scene = try await Scene()
        let used = try await scene.registry.issueCode(scene.authorization)
        let family = try #require(try await scene.registry.redeemCode(used, windowID: "tax") { _ in }.value)
        _ = try await scene.registry.issueCode(scene.authorization)
        scene.fixture.clock.advance(900)
        try await scene.registry.maintain()
        #expect(try await scene.fixture.count("authorization_codes") == 1)
        #expect(try await scene.registry.redeemCode(used, windowID: "tax") { _ in }.isReuse)
        #expect(try await !scene.isAlive(family))
    }

    @Test("neither codes nor refresh tokens are in the database's files")
    func hashed() async throws {
        let scene = try await Scene()
        let code = try await scene.registry.issueCode(scene.authorization)
        let token = try await scene.registry.issueRefreshToken(family: try await scene.family())
        for name in ["hallpass.sqlite", "hallpass.sqlite-wal"] {
            let file = try Data(contentsOf: URL(fileURLWithPath: scene.fixture.path(name)))
            for value in [code, token] { #expect(file.range(of: Data(value.utf8)) == nil) }
        }
    }

    @Test("signing keys come back as they were sealed, oldest first, and can be retired")
    func signingKeys() async throws {
        let scene = try await Scene()
        let start = scene.fixture.clock.now
        for (kid, age) in [("new", 0.0), ("old", 100)] {
            try await scene.registry.addSigningKey(
                StoredSigningKey(
                    kid: kid, algorithm: "ES256", sealed: [1, 2, 0, 255], publicJWK: "{}", activeFrom: start.addingTimeInterval(-age),
                    retired: nil),
                actor: .system)
        }
        try await scene.registry.retireSigningKey("old", at: start, actor: .system)
        let keys = try await scene.registry.signingKeys()
        #expect(keys.map(\.kid) == ["old", "new"])
        #expect(keys.map(\.retired) == [start, nil])
        #expect(keys[0].sealed == [1, 2, 0, 255])
        await #expect(throws: RuleViolation.self) { try await scene.registry.retireSigningKey("none", at: start, actor: .system) }
    }
}

extension Redemption {
    fileprivate var value: Value? { if case .granted(let value) = self { value } else { nil } }
    fileprivate var isReuse: Bool { if case .reused = self { true } else { false } }
    fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
