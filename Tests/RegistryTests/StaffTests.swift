import Directory
import Foundation
import PKI
import Testing

@testable import Registry

@Suite("Staff from the directory")
struct StaffTests {
    private static let twenty: [(uid: String, roles: [String])] = (1...20).map { ("u\($0)", $0 == 1 ? ["clerk"] : []) }

    @Test("people, units and roles become what the directory says")
    func firstSync() async throws {
        let people = try await People.registered()
        let outcome = try await people.staff(Self.twenty)
        #expect(outcome.added == 20)
        #expect(outcome.halted == nil)
        #expect(try await people.registry.distinguishedName(ofStaff: " U1 ") == "uid=u1,ou=guangzhou,dc=gd")
        let session = try await people.session(people.registry.identify(staff: "u1", address: ""))
        #expect(session.account.kind == .staff(uid: "u1"))
        #expect(try await people.registry.distinguishedName(ofStaff: "u1\u{0}x") == nil)
        #expect(session.account.roles == ["clerk"])
        #expect(session.account.orgUnit == "guangdong/guangzhou")
        #expect(session.acr == Assurance.password)
        #expect(!session.account.isAdministrator)
    }

    @Test("the same picture again changes nothing and is not audited again")
    func idleSync() async throws {
        let people = try await People.registered()
        try await people.staff(Self.twenty)
        #expect(try await people.staff(Self.twenty) == SyncOutcome())
        #expect(try await people.auditKinds().filter { $0 == "staff.synced" }.count == 1)
    }

    @Test("who left is out at once, grants included, and is the same account on return")
    func removal() async throws {
        let people = try await People.registered()
        try await people.staff(Self.twenty + [("root", ["administrator"])])
        let root = try await people.session(people.registry.identify(staff: "root", address: ""))
        let session = try await people.session(people.registry.identify(staff: "u1", address: ""))
        _ = try await people.registry.give(
            accountID: session.account.id, windowID: "tax", parameters: [:], from: people.now, until: people.now.addingTimeInterval(60),
            by: root)
        let rest = Self.twenty.filter { $0.uid != "u1" } + [("root", ["administrator"])]
        #expect(try await people.staff(rest).removed == 1)
        #expect(try await !people.isOpen(session))
        #expect(await code { try await people.registry.identify(staff: "u1", address: "") } == "not_registered")
        #expect(try await people.registry.distinguishedName(ofStaff: "u1") == nil)
        try await people.staff(Self.twenty + [("root", ["administrator"])])
        let again = try await people.session(people.registry.identify(staff: "u1", address: ""))
        #expect(again.account.id == session.account.id)
        #expect(try await people.registry.grants(ofAccount: again.account.id).isEmpty)
    }

    @Test("a lost role ends the sessions that had it; a new one does not")
    func roles() async throws {
        let people = try await People.registered()
        try await people.staff([("a", ["clerk"]), ("b", [])])
        let a = try await people.session(people.registry.identify(staff: "a", address: ""))
        let b = try await people.session(people.registry.identify(staff: "b", address: ""))
        try await people.staff([("a", []), ("b", ["administrator"])])
        #expect(try await !people.isOpen(a))
        #expect(try await people.registry.session(sid: b.sid)?.account.isAdministrator == true)
        #expect(try await people.auditKinds().filter { $0 == "staff.roles_changed" }.count == 2)
    }

    @Test("exactly a tenth may go; more halts and changes nothing")
    func limit() async throws {
        let people = try await People.registered()
        try await people.staff(Self.twenty)
        #expect(try await people.staff(Self.twenty.dropLast(3) + [("new", [])]).halted == "too_many_removals")
        #expect(try await people.registry.distinguishedName(ofStaff: "u20") != nil)
        #expect(try await people.registry.distinguishedName(ofStaff: "new") == nil)
        #expect(try await people.staff([]).halted == "too_many_removals")
        #expect(try await people.auditKinds().filter { $0 == "staff.sync_halted" }.count == 1)
        #expect(try await people.staff(Array(Self.twenty.dropLast(2))).removed == 2)
    }

    @Test("an operator of a small staff sets a larger limit")
    func smallStaff() async throws {
        let people = try await People.registered { $0.syncLossLimit = 0.5 }
        try await people.staff([("a", []), ("b", [])])
        #expect(try await people.staff([("a", [])]).removed == 1)
    }

    @Test("a failed search deletes nothing and is audited, once an hour")
    func failure() async throws {
        let people = try await People.registered()
        try await people.staff(Self.twenty)
        for _ in 1...3 { try await people.registry.syncFailed("size limit", actor: .system) }
        #expect(try await people.registry.distinguishedName(ofStaff: "u1") != nil)
        #expect(try await people.auditKinds().filter { $0 == "staff.sync_failed" }.count == 1)
        people.advance(3601)
        try await people.registry.syncFailed("size limit", actor: .system)
        #expect(try await people.auditKinds().filter { $0 == "staff.sync_failed" }.count == 2)
    }

    @Test("a second entry that claims a user name does not get it, whatever case it is written in")
    func claimedUserName() async throws {
        let people = try await People.registered()
        try await people.staff([("root", ["administrator"])])
        let impostor = DirectorySnapshot.Person(
            id: "impostor", dn: "uid=ROOT,ou=town,dc=gd", uid: "ROOT", name: "x", mail: nil, unitPath: "guangdong/town", groups: [])
        let honest = People.snapshot([("root", ["administrator"])])
        _ = try await people.registry.apply(
            DirectorySnapshot(units: honest.units, people: [impostor] + honest.people), mapping: People.mapping, actor: .system)
        #expect(try await people.registry.distinguishedName(ofStaff: "root") == "uid=root,ou=guangzhou,dc=gd")
    }

    @Test("two people may exchange their user names in one sync")
    func exchange() async throws {
        let people = try await People.registered()
        try await people.staff([("a", []), ("b", [])])
        let exchanged = People.snapshot([("a", []), ("b", [])]).people.map { person in
            DirectorySnapshot.Person(
                id: person.id, dn: person.dn, uid: person.uid == "a" ? "b" : "a", name: person.name, mail: nil, unitPath: person.unitPath,
                groups: [])
        }
        let outcome = try await people.registry.apply(DirectorySnapshot(units: [], people: exchanged), mapping: [:], actor: .system)
        #expect(outcome.changed == 2)
        #expect(try await people.registry.distinguishedName(ofStaff: "a") == "uid=b,ou=guangzhou,dc=gd")
    }
}
