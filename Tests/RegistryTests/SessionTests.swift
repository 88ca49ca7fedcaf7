import Foundation
import PKI
import Testing

@testable import Registry

@Suite("Sessions")
struct SessionTests {
    private func fixture(_ adjust: (inout RegistrySettings) -> Void = { _ in }) async throws -> RegistryFixture {
        let fixture = try RegistryFixture(adjust)
        try await fixture.addStaff()
        return fixture
    }

    @Test("a cookie reaches its session with everything the login said, by an id that is not the cookie")
    func roundTrip() async throws {
        let fixture = try await fixture()
        let path = [String(repeating: "ab", count: 32), String(repeating: "01", count: 32)]
        let (cookie, opened) = try await fixture.openSession(path: path)
        #expect(cookie.count == 43)
        let session = try #require(try await fixture.registry.session(cookie: cookie))
        #expect(session.sid == opened.sid)
        #expect(session.account.id == "clerk")
        #expect(session.acr == Assurance.password)
        #expect(session.amr == ["pwd", "mfa"])
        #expect(session.authTime == fixture.clock.now)
        #expect(session.path.map(\.description) == path)
        #expect(try await fixture.registry.session(sid: opened.sid)?.account.id == "clerk")
        #expect(try await fixture.registry.session(cookie: opened.sid) == nil)
        #expect(try await fixture.registry.session(sid: cookie) == nil)
        #expect(try await fixture.count("sessions", where: "sid = '\(cookie)' OR cookie_hash = '\(cookie)'") == 0)
    }

    @Test("an unknown cookie reaches nothing", arguments: ["", "x", String(repeating: "A", count: 43), "' OR '1'='1", "a\u{0}b"])
    func unknown(cookie: String) async throws {
        let fixture = try await fixture()
        _ = try await fixture.openSession()
        #expect(try await fixture.registry.session(cookie: cookie) == nil)
    }

    @Test("a new login gets a new id and cookie and ends the session it replaces")
    func replacing() async throws {
        let fixture = try await fixture()
        let first = try await fixture.openSession()
        let second = try await fixture.openSession(replacing: first.cookie)
        #expect(first.cookie != second.cookie && first.session.sid != second.session.sid)
        #expect(try await fixture.registry.session(cookie: first.cookie) == nil)
        #expect(try await fixture.registry.session(cookie: second.cookie) != nil)
        #expect(try await fixture.auditKinds() == ["session.opened", "session.ended", "session.opened"])
    }

    @Test("a session that is not used lapses, one that is used goes on to its absolute end and no further")
    func lifetimes() async throws {
        let fixture = try await fixture { ($0.sessionIdle, $0.sessionLifetime) = (.seconds(1800), .seconds(4000)) }
        let idle = try await fixture.openSession()
        let used = try await fixture.openSession()
        fixture.clock.advance(1799)
        #expect(try await fixture.registry.session(cookie: used.cookie) != nil)
        fixture.clock.advance(1)
        #expect(try await fixture.registry.session(cookie: idle.cookie) == nil)
        fixture.clock.advance(1700)
        #expect(try await fixture.registry.session(cookie: used.cookie) != nil)
        fixture.clock.advance(499)
        #expect(try await fixture.registry.session(cookie: used.cookie) != nil)
        fixture.clock.advance(1)
        #expect(try await fixture.registry.session(cookie: used.cookie) == nil)
    }

    @Test("a session lasts no longer than what its login rests on")
    func goodUntil() async throws {
        let fixture = try await fixture()
        let until = fixture.clock.now.addingTimeInterval(100)
        let (cookie, session) = try await fixture.registry.openSession(
            fixture.login(goodUntil: until), replacing: nil, address: "192.0.2.1")
        #expect(session.expires == until)
        fixture.clock.advance(100)
        #expect(try await fixture.registry.session(cookie: cookie) == nil)
        let refusal = await #expect(throws: Refusal.self) {
            _ = try await fixture.registry.openSession(fixture.login(goodUntil: until), replacing: nil, address: "192.0.2.1")
        }
        #expect(refusal?.code == .certificateExpired)
    }

    @Test("being used is written down once a minute, not at each request")
    func touches() async throws {
        let fixture = try await fixture()
        let (cookie, session) = try await fixture.openSession()
        let opened = fixture.clock.now
        func touched() async throws -> Date? {
            try await fixture.registry.storage.read {
                try $0.row("SELECT touched FROM sessions WHERE sid = ?", [.text(session.sid)])?.time("touched")
            }
        }
        fixture.clock.advance(59)
        _ = try await fixture.registry.session(cookie: cookie)
        #expect(try await touched() == opened)
        fixture.clock.advance(1)
        _ = try await fixture.registry.session(sid: session.sid)
        #expect(try await touched() == opened)
        _ = try await fixture.registry.session(cookie: cookie)
        #expect(try await touched() == opened.addingTimeInterval(60))
    }

    @Test("whoever no longer stands has no session, and does not get it back by standing again")
    func noLongerStands() async throws {
        let fixture = try await fixture()
        let (cookie, _) = try await fixture.openSession()
        try await fixture.removeStaff()
        #expect(try await fixture.registry.session(cookie: cookie) == nil)
        _ = try await fixture.registry.storage.write { try $0.execute("UPDATE accounts SET standing = 'active'") }
        #expect(try await fixture.registry.session(cookie: cookie) == nil)
        #expect(try await fixture.auditKinds().last == "session.ended")
    }

    @Test("whoever does not stand gets no session")
    func refusedAtOpening() async throws {
        let fixture = try await fixture()
        try await fixture.removeStaff()
        for id in ["clerk", "nobody"] {
            let refusal = await #expect(throws: Refusal.self) { _ = try await fixture.openSession(as: id) }
            #expect(refusal?.code == .notRegistered)
        }
        #expect(try await fixture.count("sessions") == 0)
    }

    @Test("logging out ends the session for good, once, in the audit with who and why")
    func logout() async throws {
        let fixture = try await fixture()
        let (cookie, session) = try await fixture.openSession()
        let other = try await fixture.openSession()
        _ = try await atOnce(10) { try await fixture.registry.endSession(sid: session.sid, reason: "logout", actor: .account("clerk")) }
        #expect(try await fixture.registry.session(cookie: cookie) == nil)
        #expect(try await fixture.registry.session(cookie: other.cookie) != nil)
        let ends = try await fixture.registry.auditEvents(limit: 10).filter { $0.kind == "session.ended" }
        #expect(ends.count == 1)
        #expect(ends[0].actor == "account:clerk" && ends[0].details["reason"] == "logout" && ends[0].target == "session:\(session.sid)")
    }

    @Test("a certificate's removal ends the sessions that rest on it, leaf or CA, and no others")
    func restingOn() async throws {
        let fixture = try await fixture()
        let (leaf, ca, other) = (String(repeating: "01", count: 32), String(repeating: "02", count: 32), String(repeating: "03", count: 32))
        let first = try await fixture.openSession(path: [leaf, ca])
        let second = try await fixture.openSession(path: [other, ca])
        let third = try await fixture.openSession()
        #expect(try await fixture.registry.pathsOfOpenSessions().count == 3)
        let removed = try #require(Fingerprint(hex: leaf))
        #expect(try await fixture.registry.endSessions(restingOn: [removed], reason: "certificate_revoked", actor: .system) == 1)
        #expect(try await fixture.registry.session(cookie: first.cookie) == nil)
        #expect(try await fixture.registry.session(cookie: second.cookie) != nil)
        let removedCA = try #require(Fingerprint(hex: ca))
        #expect(try await fixture.registry.endSessions(restingOn: [removedCA], reason: "ca_revoked", actor: .system) == 1)
        #expect(try await fixture.registry.session(cookie: second.cookie) == nil)
        #expect(try await fixture.registry.session(cookie: third.cookie) != nil)
    }

    @Test("ending an account's sessions ends all of them and nobody else's")
    func ofAccount() async throws {
        let fixture = try await fixture()
        try await fixture.addStaff("other")
        let mine = [try await fixture.openSession(), try await fixture.openSession()]
        let theirs = try await fixture.openSession(as: "other")
        try await fixture.registry.storage.write {
            try fixture.registry.endSessions(ofAccount: "clerk", reason: "left", actor: .system, in: $0)
        }
        for (cookie, _) in mine { #expect(try await fixture.registry.session(cookie: cookie) == nil) }
        #expect(try await fixture.registry.session(cookie: theirs.cookie) != nil)
    }

    @Test("maintenance ends what has lapsed, in the audit, and later forgets it")
    func maintenance() async throws {
        let fixture = try await fixture()
        _ = try await fixture.openSession()
        fixture.clock.advance(1801)
        try await fixture.registry.maintain()
        let end = try #require(try await fixture.registry.auditEvents(limit: 1).first)
        #expect(end.kind == "session.ended" && end.details["reason"] == "idle")
        #expect(try await fixture.count("sessions") == 1)
        fixture.clock.advance(Registry.endedSessionsKept + 1)
        try await fixture.registry.maintain()
        #expect(try await fixture.count("sessions") == 0)
    }
}
