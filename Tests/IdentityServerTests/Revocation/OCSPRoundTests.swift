import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

@Suite("Rounds of asking responders")
struct OCSPRoundTests {
    private static let responder = "http://ocsp.example/"

    private struct Round {
        let hall: RevocationHall
        let desk: OCSPDesk
        let refreshing: OCSPRefreshing

        init() async throws {
            let sources = RevocationSources(ocsp: try #require(SourceAddress(OCSPRoundTests.responder)), refresh: .seconds(100_000))
            hall = try await RevocationHall(sources: sources, asksResponders: true)
            desk = try #require(hall.services.revocation.responders)
            refreshing = OCSPRefreshing(services: hall.services, desk: desk)
        }

        func keep(_ leaf: Certificate) async throws {
            let moment = hall.clock.now
            _ = try await hall.services.registry.storage.write {
                try $0.execute(
                    "INSERT INTO kept_certificates (fingerprint, der, used) VALUES (?, ?, ?)",
                    [.blob(leaf.fingerprint.bytes), .blob(leaf.der), .time(moment)])
            }
        }
        func plan(_ leaves: Set<Fingerprint>) async throws -> OCSPRounds.Plan {
            try await refreshing.rounds.plan(among: leaves, hall.services, desk)
        }

        /// The responder says this of the master, and that everybody else is good.
        func serve(master: OCSPTemplate.Status) {
            let (mesh, clock) = (hall.mesh, hall.clock)
            hall.network.reply(OCSPRoundTests.responder) { (_: FetchRequest) async throws(FetchFailure) in
                let answers = [(mesh.master, master), (mesh.sub, .good)].map {
                    OCSPTemplate.Answer(about: $0.0, $0.1, thisUpdate: clock.now, nextUpdate: clock.now + 1000)
                }
                do {
                    return .bytes(try mesh.issuing.issueOCSPResponse(OCSPTemplate(answers: answers, producedAt: clock.now)), .init())
                } catch {
                    throw FetchFailure("\(error)")
                }
            }
        }
    }

    @Test("however many have a session without a responder, whoever has one is asked about in the first round")
    func crowd() async throws {
        let round = try await Round()
        _ = try await round.hall.logIn(round.hall.mesh.master)
        // Nobody can be asked about them: another key of the same name signed them.
        let crowd = try (0..<100).map { try RevocationHall.leaf(serial: UInt8($0), by: round.hall.mesh.impostor) }
        for leaf in crowd { try await round.keep(leaf) }
        let leaves = Set(crowd.map(\.fingerprint) + [round.hall.mesh.master.fingerprint])
        #expect(try await round.plan(leaves) == [Self.responder: [round.hall.mesh.master.fingerprint]])
    }

    @Test("a responder that does not answer is not in the next round's plan, which waits for nobody")
    func silent() async throws {
        let round = try await Round()
        _ = try await round.hall.everybody()
        let release = AsyncStream<Void>.makeStream()
        round.hall.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in
            for await _ in release.stream { break }
            throw FetchFailure("no answer")
        }
        let first = Task { try await round.refreshing.refresh() }
        while round.hall.network.requests.count < 2 { await Task.yield() }
        try await round.refreshing.refresh()
        #expect(round.hall.network.requests.count == 2)
        let another = try RevocationHall.leaf(serial: 0x51)
        try await round.keep(another)
        #expect(try await round.plan([another.fingerprint]).isEmpty, "it would be silent about this one too")
        release.continuation.finish()
        try await first.value
        #expect(try await round.plan([another.fingerprint]) == [Self.responder: [another.fingerprint]])
        await round.refreshing.rounds.finish(Self.responder)
        round.hall.clock.advance(6)
        round.serve(master: .good)
        try await round.refreshing.refresh()
        #expect(round.hall.network.requests.count == 4)
        #expect(await round.desk.current(about: round.hall.mesh.master.fingerprint) != nil)
    }

    @Test("a trust list that names a responder makes leaves due that had none")
    func named() async throws {
        let hall = try await RevocationHall(asksResponders: true)
        let desk = try #require(hall.services.revocation.responders)
        let refreshing = OCSPRefreshing(services: hall.services, desk: desk)
        _ = try await hall.logIn(hall.mesh.master)
        let leaves: Set = [hall.mesh.master.fingerprint]
        #expect(try await refreshing.rounds.plan(among: leaves, hall.services, desk).isEmpty)
        let sources = RevocationSources(ocsp: try #require(SourceAddress(Self.responder)))
        try await hall.adopt(files: try RevocationHall.files(hall.mesh, at: hall.clock.now), sources: sources)
        #expect(try await refreshing.rounds.plan(among: leaves, hall.services, desk) == [Self.responder: Array(leaves)])
    }

    @Test("a master without a session is asked about while a sub has one; revoked, it takes the sub along")
    func masterAbove() async throws {
        let round = try await Round()
        let (master, sub) = try await round.hall.everybody()
        try await round.hall.services.registry.endSession(sid: master.sid, reason: "logout", actor: .system)
        round.serve(master: .revoked(since: round.hall.clock.now, reason: 1))
        try await round.refreshing.refresh()
        #expect(round.hall.network.requests.count == 2)
        #expect(try await !round.hall.isOpen(sub))
        #expect(try await round.hall.refusal(of: round.hall.mesh.sub) == .certificateSuspended)
    }

    @Test("a master without a session that only the new graph refuses takes its sub along")
    func masterInGraph() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        try await hall.services.registry.endSession(sid: master.sid, reason: "logout", actor: .system)
        var list = await hall.keeper.loaded.list
        list.revocationLists = [
            try RevocationMesh.list(by: hall.mesh.root, number: 11, at: hall.clock.now),
            try RevocationMesh.list(by: hall.mesh.issuing, number: 11, at: hall.clock.now, revoking: [(hall.mesh.master, 1)]),
        ]
        try await hall.services.endRefusedSessions()
        #expect(try await hall.isOpen(sub))
        hall.services.trust.replace(TrustGraph(list, at: hall.clock.now), named: [])
        try await hall.services.endRefusedSessions()
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateSuspended)
    }

    @Test("where no list decides, a sub's login asks about its master as well")
    func loginBelow() async throws {
        let round = try await Round()
        _ = try await round.hall.everybody()
        round.hall.clock.advance(3601)
        round.serve(master: .revoked(since: round.hall.clock.now, reason: 1))
        #expect(try await round.hall.refusal(of: round.hall.mesh.sub) == .certificateSuspended)
        #expect(round.hall.network.requests.count == 2)
    }
}
