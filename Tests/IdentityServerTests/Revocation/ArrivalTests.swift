import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

@Suite("A revocation list arrives")
struct ArrivalTests {
    @Test("a leaf newly revoked is out when the list is in: its session, and every later login")
    func leaf() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        try await hall.arrive(11, revoking: [(hall.mesh.sub, 1)])
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.isOpen(master))
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateRevoked)
        let ended = try await hall.events("session.ended")
        #expect(ended.map { $0.details["reason"] } == ["certificate_revoked"])
        #expect(try await hall.events("certificate.revoked_by_issuer").count == 1)
        #expect(try await hall.events("revocation_list.accepted").first?.details["number"] == "0b")
    }

    @Test("with a master, the sessions of its subs end, and subs stay out while it is revoked")
    func master() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        try await hall.arrive(11, revoking: [(hall.mesh.master, 1)])
        #expect(try await !hall.isOpen(master))
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateSuspended)
        let reasons = try await hall.events("session.ended").compactMap { $0.details["reason"] }
        #expect(Set(reasons) == ["certificate_revoked", "master_revoked"])
    }

    @Test("a master on hold takes its subs along until it is released")
    func hold() async throws {
        let hall = try await RevocationHall()
        let (_, sub) = try await hall.everybody()
        try await hall.arrive(11, revoking: [(hall.mesh.master, 6)])
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.master) == .certificateSuspended)
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateSuspended)
        hall.clock.advance(1)
        try await hall.arrive(12)
        await hall.keeper.recompile()
        #expect(try await hall.refusal(of: hall.mesh.sub) == nil)
        #expect(try await hall.refusal(of: hall.mesh.master) == nil)
    }

    @Test("where the operator says so, subs go on without their master's certificate")
    func subsStay() async throws {
        let hall = try await RevocationHall { $0.revokedMasterEndsSubs = false }
        let (master, sub) = try await hall.everybody()
        try await hall.arrive(11, revoking: [(hall.mesh.master, 1)])
        await hall.keeper.recompile()
        #expect(try await !hall.isOpen(master))
        #expect(try await hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.sub) == nil)
    }

    @Test("a revoked CA takes everybody below it along")
    func authority() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        try await hall.arrive(11, revoking: [(hall.mesh.issuing.certificate, 2)], by: hall.mesh.root)
        #expect(try await hall.refusal(of: hall.mesh.sub) == .caRevoked)
        await hall.keeper.recompile()
        #expect(try await !hall.isOpen(master))
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.master) == .caRevoked)
    }

    @Test("what a list revokes is refused before any graph knows the list")
    func denySet() async throws {
        let hall = try await RevocationHall()
        let revoking: [(Certificate, Int)] = [(hall.mesh.sub, 6), (hall.mesh.issuing.certificate, 1)]
        for (authority, code, leaf) in [
            (hall.mesh.issuing, RefusalCode.certificateSuspended, hall.mesh.sub), (hall.mesh.root, .caRevoked, hall.mesh.master),
        ] {
            _ = try hall.services.trust.validate(leaf, at: hall.clock.now)
            let list = try RevocationMesh.list(by: authority, number: 11, at: hall.clock.now, revoking: revoking)
            let loaded = await hall.keeper.loaded
            hall.services.trust.deny(try ArrivedList(try list.der, trust: loaded.list, now: hall.clock.now), authorities: [])
            #expect { try hall.services.trust.validate(leaf, at: hall.clock.now) } throws: { ($0 as? Refusal)?.code == code }
        }
        hall.services.trust.replace(hall.services.trust.graph, covering: hall.services.trust.denied, named: [])
        #expect(throws: Never.self) { try hall.services.trust.validate(hall.mesh.sub, at: hall.clock.now) }
    }

    @Test("a CA that left the trust list while a graph with it was compiled stays out, until a list names it again")
    func removedMeanwhile() async throws {
        let hall = try await RevocationHall()
        let (trust, graph, now) = (hall.services.trust, hall.services.trust.graph, hall.clock.now)
        let (root, issuing) = (hall.mesh.root.certificate.fingerprint, hall.mesh.issuing.certificate.fingerprint)
        func refuses() -> Bool { (try? trust.validate(hall.mesh.sub, at: now)) == nil }
        trust.deny(removed: [issuing], named: [root])
        #expect(refuses())
        trust.replace(graph, named: [root, issuing])
        #expect(refuses(), "compiled from the list before")
        let list = try RevocationMesh.list(by: hall.mesh.root, number: 11, at: now)
        let loaded = await hall.keeper.loaded
        trust.deny(try ArrivedList(try list.der, trust: loaded.list, now: now), authorities: [])
        trust.replace(graph, covering: trust.denied, named: [root, issuing])
        #expect(refuses(), "compiled once more, for a revocation list that came")
        trust.deny(removed: [], named: [root, issuing])
        #expect(refuses(), "what comes back waits for its graph")
        trust.replace(graph, named: [root, issuing])
        #expect(!refuses())
        trust.deny(removed: [issuing], named: [root])
        trust.replace(graph, named: [root])
        #expect(!refuses(), "a graph of a list without it decides by itself")
    }

    @Test("a list that nobody known signed, or that is broken, or of the future, changes nothing")
    func refused() async throws {
        let hall = try await RevocationHall()
        let (_, sub) = try await hall.everybody()
        let now = hall.clock.now
        let foreign = try RevocationMesh.list(by: hall.mesh.impostor, number: 99, at: now, revoking: [(hall.mesh.sub, 1)])
        let future = try RevocationMesh.list(by: hall.mesh.issuing, number: 99, at: now + 3600, revoking: [(hall.mesh.sub, 1)])
        var broken = try RevocationMesh.list(by: hall.mesh.issuing, number: 99, at: now, revoking: [(hall.mesh.sub, 1)]).der
        broken[broken.count - 3] ^= 1
        for (bytes, code) in [
            (try foreign.der, RefusalCode.signatureInvalid), (try future.der, .revocationUnavailable), (broken, .signatureInvalid),
            (Array("<html>".utf8), .certificateMalformed), (Array(broken.prefix(100)), .certificateMalformed), ([], .certificateMalformed),
        ] {
            await #expect { try await hall.keeper.take(bytes, from: "test") } throws: { ($0 as? Refusal)?.code == code }
        }
        await hall.keeper.recompile()
        #expect(try await hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.sub) == nil)
        #expect(try await hall.events("revocation_list.accepted").count == 2, "the two files")
    }

    @Test("an older list never replaces a newer one, fetched or in a file; it is audited once")
    func older() async throws {
        let hall = try await RevocationHall()
        _ = try await hall.everybody()
        try await hall.arrive(12, revoking: [(hall.mesh.sub, 1)])
        for _ in 0..<2 {
            await #expect { try await hall.arrive(11) } throws: { ($0 as? Refusal)?.code == .revocationUnavailable }
            try await hall.adopt(files: try RevocationHall.files(hall.mesh, at: hall.clock.now))
            #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateRevoked)
        }
        let refused = try await hall.events("revocation_list.refused")
        #expect(refused.count <= 4, "one for each of the two older lists, and again when the other was between")
        #expect(refused.allSatisfy { $0.details["why"] == "a newer list is held" })
        #expect(hall.log.text.contains("an older list than the one held"))
    }

    @Test("after a restart with the old file back in place, whoever was revoked stays revoked")
    func rolledBack() async throws {
        let hall = try await RevocationHall()
        _ = try await hall.everybody()
        try await hall.arrive(12, revoking: [(hall.mesh.sub, 1)])
        let later = try await RevocationHall(after: hall)
        #expect(try await later.refusal(of: hall.mesh.sub) == .certificateRevoked)
        #expect(try await later.refusal(of: hall.mesh.master) == nil)
    }

    @Test("a list that the trust list does not name any more lets nobody in; named again, nothing older counts")
    func unnamed() async throws {
        let hall = try await RevocationHall()
        _ = try await hall.everybody()
        try await hall.arrive(12, revoking: [(hall.mesh.sub, 1)])
        let files = try RevocationHall.files(hall.mesh, at: hall.clock.now)
        try await hall.adopt(files: [files[0]])
        #expect(try await hall.refusal(of: hall.mesh.master) == .revocationUnavailable)
        try await hall.adopt(files: files)
        #expect(try await hall.refusal(of: hall.mesh.master) == nil)
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateRevoked)
    }

    @Test("a list that came while no server ran ends its sessions before the next one serves")
    func whileDown() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        hall.clock.advance(10)
        let files = [
            try RevocationMesh.list(by: hall.mesh.root, number: 11, at: hall.clock.now),
            try RevocationMesh.list(by: hall.mesh.issuing, number: 11, at: hall.clock.now, revoking: [(hall.mesh.master, 1)]),
        ]
        let later = try await RevocationHall(after: hall, files: files)
        #expect(try await !later.isOpen(master))
        #expect(try await !later.isOpen(sub))
        #expect(try await later.events("session.ended").count == 2)
    }

    @Test("a list that was accepted just before the server was killed ends its sessions at the next start")
    func killed() async throws {
        let hall = try await RevocationHall()
        let (_, sub) = try await hall.everybody()
        let list = try RevocationMesh.list(by: hall.mesh.issuing, number: 11, at: hall.clock.now, revoking: [(hall.mesh.sub, 1)])
        let loaded = await hall.keeper.loaded
        let arrived = try ArrivedList(try list.der, trust: loaded.list, now: hall.clock.now)
        let offer = try await hall.services.registry.offer(arrived.record, bytes: arrived.bytes, source: "test")
        #expect(offer == .accepted)
        #expect(try await hall.isOpen(sub), "nobody acted on it yet")
        let later = try await RevocationHall(after: hall)
        #expect(try await !later.isOpen(sub))
        #expect(try await later.refusal(of: hall.mesh.sub) == .certificateRevoked)
    }

    @Test("a list that ran out lets nobody in under `hard`, and a fresh one everybody again")
    func stale() async throws {
        let hall = try await RevocationHall()
        _ = try await hall.everybody()
        hall.clock.advance(3601)
        #expect(try await hall.refusal(of: hall.mesh.sub) == .revocationUnavailable)
        try await hall.arrive(11)
        await hall.keeper.recompile()
        #expect(try await hall.refusal(of: hall.mesh.sub) == nil)
    }

    @Test("the bytes of a large list are let go after a restart too, once a graph has judged it")
    func released() async throws {
        let hall = try await RevocationHall()
        let large = try hall.mesh.issuing.issueRevocationList(
            revoked: (0..<40_000).map { ([0x40, UInt8($0 >> 8), UInt8($0 & 0xff)], hall.clock.now, 1) }, number: 11,
            thisUpdate: hall.clock.now, nextUpdate: hall.clock.now + 3600)
        #expect(try large.der.count > 1 << 20)
        _ = try await hall.keeper.take(try large.der, from: "http://crl.example/ca.crl")
        let lists = ListKeeper(registry: hall.services.registry)
        try await lists.open()
        let loaded = await hall.keeper.loaded
        _ = await lists.takeFiles(of: loaded.list, now: hall.clock.now)
        let held = await lists.lists(for: loaded)
        #expect(held.contains { $0.count == 40_000 } && held.allSatisfy { (try? $0.der) != nil })
        var list = loaded.list
        list.revocationLists = held
        _ = TrustGraph(list, at: hall.clock.now)
        await lists.releaseLarge(among: held)
        #expect(held.filter { (try? $0.der) == nil }.map(\.count) == [40_000])
        #expect(throws: Never.self) { try TrustGraph(list, at: hall.clock.now).validate(hall.mesh.master, at: hall.clock.now) }
    }
}
