import Foundation
import Logging
import PKI
import Registry
import Synchronization
import Testing

@testable import IdentityServer

@Suite("Lists are fetched ahead of their end")
struct FetchDeskTests {
    private static let one = "http://crl.example/ca.crl"

    private static func sources(_ addresses: String...) throws -> RevocationSources {
        RevocationSources(lists: try addresses.map { try #require(SourceAddress($0)) }, refresh: .seconds(100_000))
    }

    private static func desk(_ hall: RevocationHall) -> FetchDesk { FetchDesk(services: hall.services, keeper: hall.keeper, jitter: { 0 }) }

    private static func round(_ desk: FetchDesk) async throws {
        try await desk.tick()
        await desk.settle()
        try await desk.tick()
        await desk.settle()
    }

    private static func list(_ hall: RevocationHall, _ number: Int, revoking: [(Certificate, Int)] = []) throws -> [UInt8] {
        try RevocationMesh.list(by: hall.mesh.issuing, number: number, at: hall.clock.now, revoking: revoking).der
    }

    @Test("at three quarters of its life, conditionally, and what came ends sessions")
    func ahead() async throws {
        let hall = try await RevocationHall(sources: try Self.sources(Self.one)) { $0.sessionIdle = .seconds(86_400) }
        let (master, sub) = try await hall.everybody()
        let desk = Self.desk(hall)
        hall.network.serve(Self.one, try Self.list(hall, 11), etag: "\"11\"")
        try await Self.round(desk)
        #expect(hall.network.requests.count == 1)
        #expect(hall.network.requests[0].validators == .init())
        hall.clock.advance(2699)
        try await Self.round(desk)
        #expect(hall.network.requests.count == 1, "it is good for another while")
        hall.clock.advance(1)
        hall.network.serve(Self.one, try Self.list(hall, 12, revoking: [(hall.mesh.sub, 1)]), etag: "\"12\"")
        try await Self.round(desk)
        #expect(hall.network.requests.map(\.validators.etag) == [nil, "\"11\""])
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.isOpen(master))
    }

    @Test("a restart forgets neither when a source is due nor its validators")
    func restarts() async throws {
        let sources = try Self.sources(Self.one)
        let hall = try await RevocationHall(sources: sources)
        hall.network.serve(Self.one, try Self.list(hall, 11), etag: "\"11\"")
        try await Self.round(Self.desk(hall))
        let later = try await RevocationHall(after: hall, sources: sources)
        let desk = Self.desk(later)
        try await Self.round(desk)
        #expect(later.network.requests.isEmpty)
        hall.clock.advance(2700)
        later.network.reply(Self.one) { (_: FetchRequest) async throws(FetchFailure) in .unchanged }
        try await Self.round(desk)
        #expect(later.network.requests.map(\.validators.etag) == ["\"11\""])
        #expect(later.network.requests[0].limit == 64 * 1024 * 1024 && !later.network.requests[0].allowsPrivate)
    }

    @Test("failures back off, are counted, and are one event of the audit, as is the recovery")
    func failures() async throws {
        let hall = try await RevocationHall(sources: try Self.sources(Self.one))
        let desk = Self.desk(hall)
        var asked: [Int] = []
        for _ in 0..<40 {
            try await Self.round(desk)
            asked.append(hall.network.requests.count)
            hall.clock.advance(1)
        }
        #expect(hall.network.requests.count == 4, "at 0, 5, 15 and 35 seconds, not \(asked)")
        #expect(try await hall.events("revocation_source.failed").count == 1)
        hall.network.serve(Self.one, try Self.list(hall, 11))
        hall.clock.advance(60)
        try await Self.round(desk)
        #expect(try await hall.events("revocation_source.recovered").first?.details["failures"] == "4")
    }

    @Test("a source that serves a badly signed or an older list fails; what is held stays")
    func badLists() async throws {
        let hall = try await RevocationHall(sources: try Self.sources(Self.one))
        let desk = Self.desk(hall)
        let foreign = try RevocationMesh.list(by: hall.mesh.impostor, number: 99, at: hall.clock.now, revoking: [(hall.mesh.master, 1)])
        for bytes in [try foreign.der, try Self.list(hall, 9, revoking: [(hall.mesh.master, 1)]), [0x30, 0x80]] {
            hall.network.serve(Self.one, bytes)
            hall.clock.advance(60)
            try await Self.round(desk)
        }
        #expect(try await hall.events("revocation_source.failed").count == 3)
        #expect(try await hall.refusal(of: hall.mesh.master) == nil)
    }

    @Test("a source that hangs keeps no other one waiting, and is not asked twice at once")
    func hangs() async throws {
        let hall = try await RevocationHall(sources: try Self.sources("http://slow.example/1", Self.one))
        let release = AsyncStream<Void>.makeStream()
        hall.network.reply("http://slow.example/1") { (_: FetchRequest) async throws(FetchFailure) in
            for await _ in release.stream { break }
            throw FetchFailure("no answer")
        }
        let list = try Self.list(hall, 11)
        hall.network.serve(Self.one, list)
        let desk = Self.desk(hall)
        try await desk.tick()
        for _ in 0..<100_000 {
            if await hall.keeper.holds(Digest.sha256(list)) { break }
            await Task.yield()
        }
        try await desk.tick()
        #expect(try await hall.events("revocation_list.accepted").count == 3)
        #expect(hall.network.requests.count == 2)
        release.continuation.finish()
        await desk.settle()
    }

    @Test("a list that ran out is told by name, by the log and by readiness, until a new one came")
    func stale() async throws {
        let hall = try await RevocationHall(sources: try Self.sources(Self.one))
        let desk = Self.desk(hall)
        try await Self.round(desk)
        #expect(hall.services.revocation.staleAuthorities == ["企业CA"], "it was never fetched")
        hall.network.serve(Self.one, try Self.list(hall, 11))
        hall.clock.advance(10)
        try await Self.round(desk)
        #expect(hall.services.revocation.staleAuthorities.isEmpty)
        hall.network.reply(Self.one) { (_: FetchRequest) async throws(FetchFailure) in throw FetchFailure("no answer") }
        hall.clock.advance(3601)
        try await Self.round(desk)
        #expect(hall.services.revocation.staleAuthorities.contains("企业CA"))
        #expect(hall.log.levels.contains(.critical) && hall.log.levels.contains(.notice))
    }

    @Test("over a real socket: a list published there is in force")
    func real() async throws {
        let server = try await LoopbackServer { _ in LoopbackServer.head("HTTP/1.1 503 x") }
        let address = try #require(SourceAddress("http://127.0.0.1:\(server.port)/ca.crl"))
        let hall = try await RevocationHall(sources: RevocationSources(lists: [address], allowsPrivate: true))
        let list = try Self.list(hall, 11, revoking: [(hall.mesh.master, 1)])
        server.answer { _ in LoopbackServer.ok(list) }
        hall.network.reply(address.description) { request async throws(FetchFailure) in try await NetworkFetcher().fetch(request) }
        let (master, _) = try await hall.everybody()
        try await Self.round(Self.desk(hall))
        #expect(try await !hall.isOpen(master))
    }
}
