import Foundation
import PKI
import Testing

@testable import Registry

@Suite("Certificates that their own CA revokes")
struct IssuerRevocationTests {
    private static func list(
        _ revoked: ValidatedPath..., code: RefusalCode = .certificateRevoked, source: UInt8 = 1
    ) -> IssuerStatement {
        let serials = revoked.map(\.leaf.serial)
        return IssuerStatement(source: [source]) { serial in
            serials.contains(serial) ? .revoked(code: code, since: Date(timeIntervalSince1970: 1_799_000_000)) : .notListed
        }
    }

    /// A master with a session and a sub with one.
    private struct Firm {
        let people: People
        let masterPath: ValidatedPath
        let subPath: ValidatedPath
        let master: Session
        let sub: Session

        init(_ adjust: (inout RegistrySettings) -> Void = { _ in }) async throws {
            people = try await People.registered(adjust)
            masterPath = try people.certificate(of: People.hengjiang, entity: "1@5008JJ0\(People.hengjiang)", name: "王主管")
            master = try await people.session(masterPath)
            subPath = try people.certificate(of: People.hengjiang, entity: "2@5008", name: "李同事")
            _ = try await people.registry.bindSub(subPath, by: master)
            sub = try await people.session(subPath)
        }
        func apply(_ statement: IssuerStatement) async throws -> Int { try await people.registry.apply(statement, of: people.strong.key) }
    }

    @Test("a sub alone: its session ends, the master's goes on; told twice, nothing happens twice")
    func sub() async throws {
        let firm = try await Firm()
        for expected in [1, 0] { #expect(try await firm.apply(Self.list(firm.subPath)) == expected) }
        #expect(try await !firm.people.isOpen(firm.sub))
        #expect(try await firm.people.isOpen(firm.master))
        let kinds = try await firm.people.auditKinds()
        #expect(kinds.count { $0 == "certificate.revoked_by_issuer" } == 1)
    }

    @Test("a master takes the subs' sessions along and keeps them out until it is released")
    func master() async throws {
        let firm = try await Firm()
        #expect(try await firm.apply(Self.list(firm.masterPath, code: .certificateSuspended)) == 2)
        let refused = await code { try await firm.people.session(firm.subPath) }
        #expect(refused == "certificate_suspended")
        #expect(try await firm.apply(Self.list()) == 0)
        let again = await code { try await firm.people.session(firm.subPath) }
        #expect(again == "done")
        #expect(try await firm.people.auditKinds().contains("certificate.released_by_issuer"))
    }

    @Test("another list's silence, and a delta's, take nothing back")
    func silence() async throws {
        let firm = try await Firm()
        _ = try await firm.apply(Self.list(firm.masterPath))
        _ = try await firm.apply(Self.list(source: 2))
        _ = try await firm.apply(IssuerStatement(source: [1]) { _ in .nothing })
        let refused = await code { try await firm.people.session(firm.subPath) }
        #expect(refused == "certificate_suspended")
    }

    @Test("a master with another good certificate still stands, and its subs with it")
    func renewed() async throws {
        let firm = try await Firm()
        let renewed = try firm.people.certificate(of: People.hengjiang, entity: "1@5008JJ0\(People.hengjiang)", name: "王主管")
        _ = try await firm.people.session(renewed)
        #expect(try await firm.apply(Self.list(firm.masterPath)) == 1)
        #expect(try await firm.people.isOpen(firm.sub))
    }

    @Test("the list of another CA says nothing of these certificates, though the serial numbers are the same")
    func otherIssuer() async throws {
        let firm = try await Firm()
        #expect(try await firm.people.registry.apply(Self.list(firm.masterPath, firm.subPath), of: firm.people.weak.key) == 0)
        #expect(try await firm.people.isOpen(firm.master))
    }

    @Test("where the operator says so, subs do not fall with their master's certificate")
    func configured() async throws {
        let firm = try await Firm { $0.revokedMasterEndsSubs = false }
        #expect(try await firm.apply(Self.list(firm.masterPath)) == 1)
        #expect(try await firm.people.isOpen(firm.sub))
        let again = await code { try await firm.people.session(firm.subPath) }
        #expect(again == "done")
    }

    @Test("a certificate that validates again is free of what was said before")
    func cleared() async throws {
        let firm = try await Firm()
        _ = try await firm.apply(Self.list(firm.masterPath))
        let (master, learned) = (firm.masterPath.leaf.fingerprint, firm.people.now)
        try await firm.people.registry.clearIssuerRevocations(of: master, learnedBefore: learned)
        let refused = await code { try await firm.people.session(firm.subPath) }
        #expect(refused == "certificate_suspended", "learned no earlier than the verdict was begun")
        try await firm.people.registry.clearIssuerRevocations(of: master, learnedBefore: learned + 1)
        let again = await code { try await firm.people.session(firm.subPath) }
        #expect(again == "done")
    }

    @Test("a sub knows the certificates it hangs below")
    func above() async throws {
        let firm = try await Firm()
        let masters = try await firm.people.registry.masters(aboveSub: firm.subPath.leaf.fingerprint)
        #expect(masters == [firm.masterPath.leaf.fingerprint])
        let none = try await firm.people.registry.masters(aboveSub: firm.masterPath.leaf.fingerprint)
        #expect(none.isEmpty)
    }
}
