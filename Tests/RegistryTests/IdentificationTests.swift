import Foundation
import PKI
import Synchronization
import Testing

@testable import Registry

@Suite("From a certificate to an account")
struct IdentificationTests {
    @Test("the first certificate of a legal person opens its master by itself where the CA's entry says so")
    func opensMaster() async throws {
        let people = try await People.registered()
        let session = try await people.master()
        #expect(session.account.certificateKind == .master)
        #expect(session.account.legalPerson?.uscc == People.hengjiang)
        #expect(try await people.login(people.certificate(of: People.lingyun, entity: "1@2")).acr == Assurance.certificate)
        let kinds = try await people.auditKinds()
        #expect(kinds.contains("master.opened"))
        #expect(kinds.contains("login.succeeded"))
    }

    @Test("two first certificates at the same moment make one master")
    func raceOfMasters() async throws {
        let people = try await People.registered()
        let paths = try (1...8).map { try people.certificate(of: People.hengjiang, entity: "1@\($0)") }
        let codes = await withTaskGroup(of: String.self) { group in
            for path in paths { group.addTask { await code { try await people.login(path) } } }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(codes.filter { $0 == "done" }.count == 1)
        #expect(codes.filter { $0 == "not_registered" }.count == 7)
        #expect(try await people.registry.certificates(ofLegalPerson: People.hengjiang).count == 1)
    }

    @Test("the database itself refuses a second master")
    func uniquenessInTheDatabase() async throws {
        let people = try await People.registered()
        _ = try await people.master()
        await #expect(throws: (any Error).self) {
            try await people.registry.storage.write { transaction in
                _ = try people.registry.insertAccount(kind: .master, name: "乙", uscc: People.hengjiang, in: transaction)
            }
        }
    }

    @Test("a legal person that is not in the registry: not_registered, audited")
    func unregistered() async throws {
        let people = try await People.registered()
        #expect(await code { try await people.login(people.certificate(of: People.unregistered, entity: "1@1")) } == "not_registered")
        let refused = try await people.registry.auditEvents(limit: 1)
        #expect(refused.first?.kind == "login.refused")
        #expect(refused.first?.details["code"] == "not_registered")
    }

    @Test("a colleague's unbound certificate does not log in and becomes nobody")
    func unbound() async throws {
        let people = try await People.registered()
        #expect(await code { try await people.login(people.certificate(of: People.hengjiang, entity: "2@5008")) } == "not_registered")
        _ = try await people.master()
        #expect(await code { try await people.login(people.certificate(of: People.hengjiang, entity: "2@5008")) } == "not_registered")
        #expect(await code { try await people.login(people.certificate(of: People.hengjiang, entity: "1@other")) } == "not_registered")
    }

    @Test("a renewed certificate of the same holder reaches the same account, and the old one goes on until it expires")
    func renewal() async throws {
        let people = try await People.registered()
        let old = try people.certificate(of: People.hengjiang, entity: "1@9", until: people.now.addingTimeInterval(86400))
        let first = try await people.login(old)
        let renewed = try await people.login(people.certificate(of: People.hengjiang, entity: "1@9", name: "改名"))
        #expect(renewed.accountID == first.accountID)
        #expect(renewed.certificateID != first.certificateID)
        #expect(try await people.login(old).accountID == first.accountID)
        #expect(try await people.auditKinds().filter { $0 == "certificate.renewed" }.count == 1)
        let session = try await people.session(first)
        people.advance(86401)
        #expect(try await !people.isOpen(session))
    }

    @Test("the same name with another holder, another CA or another legal person is no renewal")
    func noRenewal() async throws {
        let people = try await People.registered()
        _ = try await people.master()
        let entity = "1@5008JJ0\(People.hengjiang)"
        #expect(
            await code { try await people.login(people.certificate(of: People.hengjiang, entity: "1@x", name: "王主管")) } == "not_registered")
        #expect(
            await code { try await people.login(people.certificate(of: People.hengjiang, entity: nil, name: "王主管")) } == "not_registered")
        people.registry.authorities.withLock { $0.entries[people.weak.key] = People.strongEntry }
        #expect(
            await code { try await people.login(people.certificate(of: People.hengjiang, entity: entity, by: people.weak)) }
                == "not_registered")
        #expect(
            try await people.session(people.certificate(of: People.lingyun, entity: entity)).account.legalPerson?.uscc == People.lingyun)
    }

    @Test("a person's account is made at the first login and found again by the number, whichever CA says it")
    func persons() async throws {
        let people = try await People.registered()
        let first = try await people.login(people.personal())
        people.registry.authorities.withLock { $0.entries[people.weak.key] = People.strongEntry }
        #expect(try await people.login(people.personal(name: "同一人", by: people.weak)).accountID == first.accountID)
        #expect(try await people.login(people.personal("44000019000101006X")).accountID != first.accountID)
        #expect(try await people.registry.accounts(matching: "林子轩", limit: 10, offset: 0).count == 2)
    }

    @Test("no file of the database holds a person's number")
    func numbersAreNotStored() async throws {
        let people = try await People.registered()
        _ = try await people.session(people.personal(name: "051@林@A\(People.citizen)@1"))
        _ = await code { try await people.login(people.personal("449900190001010017")) }
        for file in try FileManager.default.contentsOfDirectory(at: people.folder, includingPropertiesForKeys: nil) {
            let bytes = try Data(contentsOf: file)
            #expect(bytes.range(of: Data(People.citizen.utf8)) == nil, "\(file.lastPathComponent)")
            #expect(bytes.range(of: Data("449900190001010017".utf8)) == nil, "\(file.lastPathComponent)")
        }
    }

    @Test("the hash of a number depends on the pepper and on the database")
    func numbersAreKeyed() async throws {
        func hash(_ people: People) async throws -> String {
            try await people.registry.storage.write { try people.registry.keyedHash("person", People.citizen, in: $0) }
        }
        let people = try await People.registered()
        #expect(try await hash(people) == hash(people))
        #expect(try await hash(people) != hash(People.registered()))
    }

    @Test("a CA that no longer may issue a kind no longer lets it in")
    func kindWithdrawn() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let path = try people.certificate(of: People.hengjiang, entity: "2@1")
        _ = try await people.registry.bindSub(path, by: master)
        people.registry.authorities.withLock { $0.entries[people.strong.key]?.mayAssert.kinds = [.master] }
        #expect(await code { try await people.login(path) } == "identity_not_permitted")
    }

    @Test("a bound certificate that today's profile reads as another legal person's does not log in")
    func profileChanged() async throws {
        let people = try await People.registered()
        let path = try people.strong.leaf(
            subject: [("2.5.4.3", "甲")],
            extensions: [
                .text(People.hengjiang, as: .utf8, oid: People.creditCode), .text("1@1", as: .utf8, oid: People.entity),
                .text(People.lingyun, as: .utf8, oid: "1.2.3.4"),
            ], key: people.key)
        _ = try await people.login(path)
        people.registry.authorities.withLock {
            $0.entries[people.strong.key]?.identity?.legalPerson = [IdentitySource(from: .extension, oid: "1.2.3.4")]
        }
        #expect(await code { try await people.login(path) } == "identity_not_permitted")
    }
}

@Suite("Becoming master")
struct MasterTests {
    @Test("a CA below the minimum assurance never opens by itself: an administrator decides")
    func weakAuthority() async throws {
        let people = try await People.registered()
        let path = try people.certificate(of: People.lingyun, entity: "1@1", name: "申请人", by: people.weak)
        #expect(await code { try await people.login(path) } == "not_registered")
        #expect(await code { try await people.login(path) } == "not_registered")
        let requests = try await people.registry.masterRequests()
        #expect(requests.map(\.holderName) == ["申请人"])
        let administrator = try await people.administrator()
        try await people.registry.decideMaster(request: requests[0].id, approve: true, by: administrator)
        #expect(try await people.login(path).acr == Assurance.password)
        #expect(try await people.registry.masterRequests().isEmpty)
        #expect(
            await code { try await people.registry.decideMaster(request: requests[0].id, approve: true, by: administrator) }
                == "wrong_state")
    }

    @Test("a declined certificate stays declined")
    func declined() async throws {
        let people = try await People.registered()
        let path = try people.certificate(of: People.lingyun, entity: "1@1", by: people.weak)
        _ = await code { try await people.login(path) }
        let request = try await people.registry.masterRequests()[0]
        try await people.registry.decideMaster(request: request.id, approve: false, by: people.administrator())
        #expect(await code { try await people.login(path) } == "not_registered")
        #expect(try await people.registry.masterRequests().isEmpty)
    }

    @Test("of two requests one is approved; the other is closed with it")
    func secondRequest() async throws {
        let people = try await People.registered()
        for entity in ["1@1", "1@2"] {
            _ = await code { try await people.login(people.certificate(of: People.lingyun, entity: entity, by: people.weak)) }
        }
        let requests = try await people.registry.masterRequests()
        let administrator = try await people.administrator()
        try await people.registry.decideMaster(request: requests[1].id, approve: true, by: administrator)
        #expect(
            await code { try await people.registry.decideMaster(request: requests[0].id, approve: true, by: administrator) }
                == "wrong_state")
    }

    @Test("only an administrator decides, and with a certificate-level session unless the operator relaxed that")
    func whoDecides() async throws {
        let people = try await People.registered { _ in }
        _ = await code { try await people.login(people.certificate(of: People.lingyun, entity: "1@1", by: people.weak)) }
        let request = try await people.registry.masterRequests()[0].id
        let master = try await people.master()
        let administrator = try await people.administrator()
        let clerk = try await people.session(people.registry.identify(staff: "clerk", address: ""))
        #expect(await code { try await people.registry.decideMaster(request: request, approve: true, by: master) } == "not_administrator")
        #expect(await code { try await people.registry.decideMaster(request: request, approve: true, by: clerk) } == "not_administrator")
        #expect(
            await code { try await people.registry.decideMaster(request: request, approve: true, by: administrator) } == "assurance_too_low"
        )
        let own = try people.personal()
        _ = try await people.registry.bindCertificate(own, toStaff: "ROOT", actor: .commandLine("op"))
        let strong = try await people.session(own)
        #expect(strong.account.isAdministrator)
        try await people.registry.decideMaster(request: request, approve: true, by: strong)
    }

    @Test("the platform CA opens no master, neither by itself nor by the operator")
    func platformNever() async throws {
        let people = try await People.registered()
        let path = try people.platform.leaf(
            subject: [("2.5.4.3", "副"), ("2.5.4.97", "NTRCN-\(People.hengjiang)"), ("2.5.4.5", "H1")], key: people.key)
        #expect(await code { try await people.login(path) } == "not_registered")
        #expect(try await people.registry.masterRequests().isEmpty)
        #expect(await code { try await people.registry.openMaster(path, actor: .commandLine("op")) } == "wrong_state")
    }

    @Test("an operator opens a master once")
    func byOperator() async throws {
        let people = try await People.registered()
        let path = try people.certificate(of: People.hengjiang, entity: "7@1")
        #expect(try await people.registry.openMaster(path, actor: .commandLine("op")).certificateKind == .master)
        #expect(await code { try await people.registry.openMaster(path, actor: .commandLine("op")) } == "already_bound")
        #expect(
            await code { try await people.registry.openMaster(people.certificate(of: People.hengjiang, entity: "8@1"), actor: .system) }
                == "has_master")
        #expect(
            await code { try await people.registry.openMaster(people.certificate(of: People.unregistered, entity: "8@1"), actor: .system) }
                == "unknown_legal_person")
    }

    @Test("after a master was revoked the next one needs an administrator, even where the CA's entry says automatic")
    func afterRevocation() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (_, sub) = try await people.sub(by: master)
        let administrator = try await people.administrator()
        let certificate = try await people.registry.certificates(ofLegalPerson: People.hengjiang)[0].id
        #expect(
            await code { try await people.registry.setStanding(.revoked, ofCertificate: certificate, by: administrator) } == "last_master")
        try await people.registry.setStanding(.suspended, ofCertificate: certificate, by: administrator)
        try await people.registry.setStanding(.revoked, ofCertificate: certificate, by: administrator)
        #expect(await code { try await people.login(people.certificate(of: People.hengjiang, entity: "1@new")) } == "not_registered")
        let request = try await people.registry.masterRequests()[0]
        try await people.registry.decideMaster(request: request.id, approve: true, by: administrator)
        #expect(try await !people.isOpen(sub))
        // The new master finds the subs suspended.
        let bound = try await people.registry.certificates(ofLegalPerson: People.hengjiang).first { $0.kind == .sub }
        #expect(bound?.standing == .suspended)
    }

    @Test("a sub does not rise by a renewed certificate, though its legal person never had a master")
    func subDoesNotRise() async throws {
        let people = try await People.registered()
        _ = try await people.registry.bindSub(
            people.certificate(of: People.hengjiang, entity: "1@sub"), toLegalPerson: People.hengjiang, actor: .system)
        #expect(
            await code { try await people.login(people.certificate(of: People.hengjiang, entity: "1@sub", name: "新")) }
                == "certificate_suspended")
        #expect(try await people.registry.certificates(ofLegalPerson: People.hengjiang).map(\.kind) == [.sub])
    }
}
