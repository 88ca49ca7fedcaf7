import Foundation
import PKI
import Testing

@testable import Registry

@Suite("Who may enter a window")
struct GrantTests {
    private func window(_ id: String, _ people: People) async throws -> Window { try #require(try await people.registry.window(id)) }

    private func enter(_ id: String, _ session: Session, _ people: People) async -> String {
        await code { try await people.registry.entry(of: session, to: try await window(id, people)) }
    }

    private func give(
        _ account: String, _ people: People, to window: String = "tax", from: TimeInterval = 0, for seconds: TimeInterval = 3600,
        by session: Session
    ) async throws -> Grant {
        try await people.registry.give(
            accountID: account, windowID: window, parameters: ["role": "报税"], from: people.now.addingTimeInterval(from),
            until: people.now.addingTimeInterval(from + seconds), by: session)
    }

    @Test("everyone enters an open window; a granted one takes an admission for masters and a grant below it for subs")
    func legalPersons() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, sub) = try await people.sub(by: master)
        #expect(await enter("open", sub, people) == "done")
        #expect(await enter("tax", master, people) == "window_not_permitted")
        #expect(await code { try await give(bound.accountID, people, by: master) } == "not_admitted")
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", by: people.administrator())
        #expect(await enter("tax", master, people) == "done")
        #expect(await enter("tax", sub, people) == "window_not_permitted")
        let grant = try await give(bound.accountID, people, by: master)
        let entry = try await people.registry.entry(of: sub, to: window("tax", people))
        #expect(entry == Entry(parameters: ["role": "报税"], until: grant.until))
        #expect(try await people.registry.windows(openTo: sub).map(\.id) == ["open", "tax"])
        #expect(try await people.registry.windows(openTo: master).map(\.id) == ["open", "tax"])
        #expect(try await people.registry.grants(ofAccount: bound.accountID) == [grant])
    }

    @Test("a grant counts from its start to its end")
    func period() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, sub) = try await people.sub(by: master)
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", actor: .system)
        _ = try await give(bound.accountID, people, from: 60, for: 60, by: master)
        #expect(await enter("tax", sub, people) == "window_not_permitted")
        people.advance(60)
        #expect(await enter("tax", sub, people) == "done")
        people.advance(60)
        #expect(await enter("tax", sub, people) == "window_not_permitted")
    }

    @Test(
        "a period that is backwards, past or over five years is refused",
        arguments: [(60, -1), (-120, 60), (0, 0), (0, 200_000_000), (100_000_000, 100_000_000)] as [(Int, Int)])
    func refusesPeriods(_ start: Int, _ length: Int) async throws {
        let (from, seconds) = (TimeInterval(start), TimeInterval(length))
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, _) = try await people.sub(by: master)
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", actor: .system)
        #expect(await code { try await give(bound.accountID, people, from: from, for: seconds, by: master) } == "period_not_permitted")
    }

    @Test("parameters are bounded")
    func refusesParameters() async throws {
        let people = try await People.registered()
        let administrator = try await people.administrator()
        let person = try await people.login(people.personal()).accountID
        let many = Dictionary(uniqueKeysWithValues: (0..<17).map { ("k\($0)", "v") })
        for parameters in [
            many, ["k": String(repeating: "v", count: 257)], [String(repeating: "k", count: 257): "v"], ["": "v"], ["k": "a\nb"],
        ] {
            let answer = await code {
                try await people.registry.give(
                    accountID: person, windowID: "tax", parameters: parameters, from: people.now, until: people.now.addingTimeInterval(60),
                    by: administrator)
            }
            #expect(answer == "request_malformed")
        }
    }

    @Test("nobody grants outside their own: other legal persons, persons, unknown windows and accounts, themselves")
    func whoGives() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let other = try await people.master(of: People.lingyun)
        let (bound, sub) = try await people.sub(by: master)
        let person = try await people.session(people.personal())
        let administrator = try await people.administrator()
        for uscc in [People.hengjiang, People.lingyun] { try await people.registry.admit(legalPerson: uscc, to: "tax", actor: .system) }
        #expect(await code { try await give(bound.accountID, people, by: other) } == "other_legal_person")
        #expect(await code { try await give(bound.accountID, people, by: sub) } == "not_master")
        #expect(await code { try await give(bound.accountID, people, by: administrator) } == "not_master")
        #expect(await code { try await give(person.account.id, people, by: master) } == "not_administrator")
        #expect(await code { try await give(person.account.id, people, by: person) } == "not_administrator")
        #expect(await code { try await give(administrator.account.id, people, by: administrator) } == "beyond_own_rights")
        #expect(await code { try await give(master.account.id, people, by: administrator) } == "wrong_state")
        #expect(await code { try await give(person.account.id, people, to: "none", by: administrator) } == "unknown_window")
        #expect(await code { try await give("none", people, by: administrator) } == "request_malformed")
        #expect(await code { try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", by: master) } == "not_administrator")
    }

    @Test("persons and staff enter by an administrator's grant, staff also by a role; to administer is not to enter")
    func personsAndStaff() async throws {
        let people = try await People.registered()
        let person = try await people.session(people.personal())
        let administrator = try await people.administrator()
        let clerk = try await people.session(people.registry.identify(staff: "clerk", address: ""))
        for session in [person, administrator, clerk] { #expect(await enter("tax", session, people) == "window_not_permitted") }
        #expect(await enter("land", clerk, people) == "done")
        #expect(await enter("land", administrator, people) == "window_not_permitted")
        for session in [person, clerk] {
            _ = try await give(session.account.id, people, by: administrator)
            #expect(await enter("tax", session, people) == "done")
        }
    }

    @Test("a withdrawn grant is gone with the tokens of its window, and only those")
    func withdrawal() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, sub) = try await people.sub(by: master)
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", actor: .system)
        let grant = try await give(bound.accountID, people, by: master)
        let tax = try await family("tax", sub, people)
        let open = try await family("open", sub, people)
        let unredeemed = try await people.registry.issueCode(authorization("tax", sub))
        let other = try await people.master(of: People.lingyun)
        #expect(await code { try await people.registry.withdraw(grant: grant.id, by: other) } == "other_legal_person")
        #expect(await code { try await people.registry.withdraw(grant: grant.id, by: sub) } == "not_master")
        try await people.registry.withdraw(grant: grant.id, by: master)
        #expect(await enter("tax", sub, people) == "window_not_permitted")
        #expect(try await people.registry.family(tax) == nil)
        #expect(try await people.registry.family(open) != nil)
        if case .granted = try await people.registry.redeemCode(unredeemed, windowID: "tax", check: { _ in }) {
            Issue.record("a code outlived its grant")
        }
        #expect(try await people.isOpen(sub))
        #expect(await code { try await people.registry.withdraw(grant: grant.id, by: master) } == "request_malformed")
    }

    @Test("a new grant for the same window replaces the old one")
    func replacement() async throws {
        let people = try await People.registered()
        let administrator = try await people.administrator()
        let person = try await people.session(people.personal())
        _ = try await give(person.account.id, people, for: 9000, by: administrator)
        let second = try await give(person.account.id, people, for: 60, by: administrator)
        #expect(try await people.registry.grants(ofAccount: person.account.id) == [second])
    }

    @Test("a withdrawn admission takes the subs' grants with it, for good")
    func withdrawnAdmission() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, sub) = try await people.sub(by: master)
        let administrator = try await people.administrator()
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", by: administrator)
        _ = try await give(bound.accountID, people, by: master)
        let masters = try await family("tax", master, people)
        #expect(
            await code { try await people.registry.withdrawAdmission(ofLegalPerson: People.hengjiang, to: "tax", by: master) }
                == "not_administrator")
        try await people.registry.withdrawAdmission(ofLegalPerson: People.hengjiang, to: "tax", by: administrator)
        #expect(try await people.registry.family(masters) == nil)
        for session in [master, sub] { #expect(await enter("tax", session, people) == "window_not_permitted") }
        try await people.registry.admit(legalPerson: People.hengjiang, to: "tax", by: administrator)
        #expect(await enter("tax", sub, people) == "window_not_permitted")
        #expect(try await people.registry.admissions(ofLegalPerson: People.hengjiang) == ["tax"])
    }

    @Test("a suspended window is nobody's, even where a stale copy of it says otherwise")
    func suspendedWindow() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let stale = try await window("open", people)
        try await people.registry.setState(.suspended, ofWindow: "open", actor: .system)
        #expect(await enter("open", master, people) == "window_not_permitted")
        #expect(await code { try await people.registry.entry(of: master, to: stale) } == "window_not_permitted")
        #expect(try await people.registry.windows(openTo: master).isEmpty)
    }

    @Test("a window that was removed and added again starts with nobody")
    func removedWindow() async throws {
        let people = try await People.registered()
        let administrator = try await people.administrator()
        let person = try await people.session(people.personal())
        _ = try await give(person.account.id, people, by: administrator)
        let tax = try await window("tax", people)
        try await people.registry.removeWindow("tax", actor: .system)
        _ = try await people.registry.addWindow(tax, actor: .system)
        #expect(await enter("tax", person, people) == "window_not_permitted")
    }

    private func authorization(_ id: String, _ session: Session) -> Authorization {
        Authorization(
            windowID: id, redirectURI: "https://\(id).example/callback", scope: ["openid"], nonce: nil, codeChallenge: nil,
            sid: session.sid,
            accountID: session.account.id)
    }

    private func family(_ id: String, _ session: Session, _ people: People) async throws -> String {
        let issued = try await people.registry.issueCode(authorization(id, session))
        guard case .granted(let family) = try await people.registry.redeemCode(issued, windowID: id, check: { _ in }) else {
            throw RuleViolation("wrong_state", "the code was not redeemed")
        }
        return family.id
    }
}
