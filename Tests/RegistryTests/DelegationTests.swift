import Foundation
import PKI
import Synchronization
import Testing

@testable import Registry

@Suite("Sub-certificates")
struct DelegationTests {
    @Test("a master binds a colleague's certificate, who then logs in")
    func binds() async throws {
        let people = try await People.registered()
        let (bound, session) = try await people.sub(by: people.master())
        #expect(bound.kind == .sub)
        #expect(!bound.issuedHere)
        #expect(session.account.certificateKind == .sub)
        #expect(session.account.id == bound.accountID)
        #expect(try await people.auditKinds().contains("certificate.bound"))
    }

    @Test("a certificate of another legal person or of a natural person is not bound, nor one that is bound")
    func refusesToBind() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        #expect(
            await code { try await people.registry.bindSub(people.certificate(of: People.lingyun, entity: "2@1"), by: master) }
                == "other_legal_person")
        #expect(await code { try await people.registry.bindSub(people.personal(), by: master) } == "other_legal_person")
        let own = try people.certificate(of: People.hengjiang, entity: "1@5008JJ0\(People.hengjiang)")
        #expect(await code { try await people.registry.bindSub(own, by: master) } == "already_bound")
        let path = try people.certificate(of: People.hengjiang, entity: "2@1")
        _ = try await people.registry.bindSub(path, by: master)
        #expect(await code { try await people.registry.bindSub(path, by: master) } == "already_bound")
        people.registry.authorities.withLock { $0.entries[people.strong.key]?.mayAssert.kinds = [.master] }
        #expect(
            await code { try await people.registry.bindSub(people.certificate(of: People.hengjiang, entity: "3@1"), by: master) }
                == "identity_not_permitted")
    }

    @Test("only the master binds: no sub, person, clerk or administrator")
    func whoBinds() async throws {
        let people = try await People.registered()
        let (_, sub) = try await people.sub(by: people.master())
        let path = try people.certificate(of: People.hengjiang, entity: "3@1")
        let person = try await people.session(people.personal())
        for session in [sub, person, try await people.administrator()] {
            #expect(await code { try await people.registry.bindSub(path, by: session) } == "not_master")
        }
    }

    @Test("a suspended sub is out at once, is refused, and returns when resumed")
    func suspendAndResume() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, session) = try await people.sub(by: master)
        try await people.registry.setStanding(.suspended, ofCertificate: bound.id, by: master)
        #expect(try await !people.isOpen(session))
        #expect(try await people.isOpen(master))
        let renewed = try people.certificate(of: People.hengjiang, entity: "2@5008", name: "续期")
        #expect(await code { try await people.login(renewed) } == "certificate_suspended")
        #expect(await code { try await people.registry.setStanding(.suspended, ofCertificate: bound.id, by: master) } == "wrong_state")
        try await people.registry.setStanding(.active, ofCertificate: bound.id, by: master)
        #expect(try await people.login(renewed).accountID == bound.accountID)
    }

    @Test("revoking is final: neither resumed, nor bound again, nor renewed")
    func revoke() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let path = try people.certificate(of: People.hengjiang, entity: "2@1")
        let bound = try await people.registry.bindSub(path, by: master)
        let session = try await people.session(path)
        try await people.registry.setStanding(.revoked, ofCertificate: bound.id, by: master)
        #expect(try await !people.isOpen(session))
        #expect(await code { try await people.login(path) } == "certificate_revoked")
        #expect(await code { try await people.registry.setStanding(.active, ofCertificate: bound.id, by: master) } == "wrong_state")
        #expect(await code { try await people.registry.bindSub(path, by: master) } == "already_bound")
        #expect(
            await code { try await people.login(people.certificate(of: People.hengjiang, entity: "2@1", name: "续")) } == "not_registered")
    }

    @Test("a superseded certificate is revoked alone")
    func superseded() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let old = try people.certificate(of: People.hengjiang, entity: "2@1", until: people.now.addingTimeInterval(86400))
        let bound = try await people.registry.bindSub(old, by: master)
        let oldSession = try await people.session(old)
        let newSession = try await people.session(people.certificate(of: People.hengjiang, entity: "2@1"))
        try await people.registry.setStanding(.revoked, ofCertificate: bound.id, by: master)
        #expect(try await !people.isOpen(oldSession))
        #expect(try await people.isOpen(newSession))
    }

    @Test("a master acts on its own legal person's subs only, never on itself")
    func whoSuspends() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let other = try await people.master(of: People.lingyun)
        let (bound, sub) = try await people.sub(by: master)
        #expect(
            await code { try await people.registry.setStanding(.suspended, ofCertificate: bound.id, by: other) } == "other_legal_person")
        #expect(await code { try await people.registry.setStanding(.suspended, ofCertificate: bound.id, by: sub) } == "not_master")
        #expect(
            await code { try await people.registry.setStanding(.suspended, ofCertificate: "none", by: master) } == "unknown_certificate")
        let own = try #require(master.certificateID)
        #expect(await code { try await people.registry.setStanding(.suspended, ofCertificate: own, by: master) } == "last_master")
        #expect(await code { try await people.registry.setStanding(.suspended, ofCertificate: own, by: sub) } == "not_administrator")
        #expect(await code { try await people.registry.setStanding(.suspended, ofCertificate: own, by: other) } == "not_administrator")
    }

    @Test("what an administrator suspended a master does not resume")
    func administratorsSuspension() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (bound, _) = try await people.sub(by: master)
        let administrator = try await people.administrator()
        try await people.registry.setStanding(.suspended, ofCertificate: bound.id, by: administrator)
        #expect(await code { try await people.registry.setStanding(.active, ofCertificate: bound.id, by: master) } == "beyond_own_rights")
        try await people.registry.setStanding(.active, ofCertificate: bound.id, by: administrator)
    }

    @Test("with a suspended master everything below falls, and stands again with it")
    func suspendedMaster() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (_, sub) = try await people.sub(by: master)
        let administrator = try await people.administrator()
        let certificate = try #require(master.certificateID)
        try await people.registry.setStanding(.suspended, ofCertificate: certificate, by: administrator)
        #expect(try await !people.isOpen(master))
        #expect(try await !people.isOpen(sub))
        let again = try people.certificate(of: People.hengjiang, entity: "2@5008")
        #expect(await code { try await people.login(again) } == "certificate_suspended")
        #expect(
            await code { try await people.registry.bindSub(people.certificate(of: People.hengjiang, entity: "3@1"), by: master) }
                == "wrong_state")
        try await people.registry.setStanding(.active, ofCertificate: certificate, by: administrator)
        #expect(try await people.login(again).accountID == sub.account.id)
    }

    @Test("with the master's certificate expired its subs do not stand")
    func expiredMaster() async throws {
        let people = try await People.registered()
        let path = try people.certificate(of: People.hengjiang, entity: "1@1", until: people.now.addingTimeInterval(600))
        let (_, sub) = try await people.sub(by: people.session(path))
        #expect(try await people.isOpen(sub))
        people.advance(601)
        #expect(try await !people.isOpen(sub))
    }

    @Test("a suspended legal person is out with all its people")
    func suspendedLegalPerson() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (_, sub) = try await people.sub(by: master)
        let administrator = try await people.administrator()
        #expect(
            await code { try await people.registry.setStanding(.suspended, ofLegalPerson: People.hengjiang, by: master) }
                == "not_administrator")
        try await people.registry.setStanding(.suspended, ofLegalPerson: People.hengjiang, by: administrator)
        for session in [master, sub] { #expect(try await !people.isOpen(session)) }
        let path = try people.certificate(of: People.hengjiang, entity: "1@5008JJ0\(People.hengjiang)")
        #expect(await code { try await people.login(path) } == "legal_person_suspended")
        try await people.registry.setStanding(.active, ofLegalPerson: People.hengjiang, by: administrator)
        #expect(await code { try await people.login(path) } == "done")
        try await people.registry.setStanding(.revoked, ofLegalPerson: People.hengjiang, by: administrator)
        #expect(
            await code { try await people.registry.setStanding(.active, ofLegalPerson: People.hengjiang, by: administrator) }
                == "wrong_state")
    }
}
