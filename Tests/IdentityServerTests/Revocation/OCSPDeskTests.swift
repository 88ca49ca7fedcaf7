import Foundation
import PKI
import Registry
import Synchronization
import Testing

@testable import IdentityServer

/// OCSP in words: `<serial> <status> <thisUpdate> <nextUpdate> <nonce>`, so that what the desk does can be seen without a signature.
struct PlainLanguage: ResponderLanguage {
    func question(about leaf: Certificate, issuer: Certificate, nonce: [UInt8]) throws(Refusal) -> [UInt8] {
        Array("\(leaf.serial[0]) \(nonce[0])".utf8)
    }

    func answer(
        _ response: [UInt8], about leaf: Certificate, issuer: Certificate, rules: AuthorityRules, nonce: [UInt8]?, now: Date
    ) throws(Refusal) -> ResponderAnswer {
        let words = String(decoding: response, as: UTF8.self).split(separator: " ")
        guard words.count == 5, let this = Double(words[2]), let next = Double(words[3]) else {
            throw Refusal(.certificateMalformed, "not an answer")
        }
        guard words[0] == "\(leaf.serial[0])" else { throw Refusal(.revocationUnavailable, "of another certificate") }
        if let nonce, words[4] != "\(nonce[0])" { throw Refusal(.revocationUnavailable, "another nonce") }
        let status: ResponderAnswer.Status = words[1] == "good" ? .good : .revoked(since: now, reason: words[1] == "hold" ? 6 : 1)
        return ResponderAnswer(
            status: status, thisUpdate: Date(timeIntervalSince1970: this), nextUpdate: Date(timeIntervalSince1970: next), response: response
        )
    }
}

@Suite("OCSP responders")
struct OCSPDeskTests {
    private static let responder = "http://ocsp.example/"

    private struct Desk {
        let desk: OCSPDesk
        let network = FakeNetwork()
        let clock = HeldClock()
        let mesh: RevocationMesh
        let named: NamedSources

        init() throws {
            mesh = try RevocationMesh.shared.get()
            let sources = RevocationSources(ocsp: try #require(SourceAddress(OCSPDeskTests.responder)), refresh: .seconds(100_000))
            named = NamedSources("企业CA", sources, mesh.issuing.certificate, nil)
            let clock = clock
            desk = OCSPDesk(
                fetcher: network, language: PlainLanguage(), now: { clock.now }, random: { Array(repeating: 7, count: $0) }, jitter: { 0 })
        }

        func question(_ leaf: Certificate) throws -> OCSPDesk.Question { try #require(OCSPDesk.Question(leaf, named)) }

        func serve(_ status: String, serial: UInt8 = 0x11, life: Double = 1000, age: Double = 0, nonce: Int = 7) {
            let moment = clock.now.timeIntervalSince1970
            network.serve(
                OCSPDeskTests.responder, Array("\(serial) \(status) \(moment - age) \(moment + life) \(nonce)".utf8))
        }
    }

    @Test("an answer is asked for once, and kept until it ends")
    func kept() async throws {
        let one = try Desk()
        one.serve("good")
        let answer = try await one.desk.ask(one.question(one.mesh.master))
        #expect(answer.status == .good)
        let request = one.network.requests[0]
        #expect(request.time == .seconds(3) && request.limit == 65_536 && request.body?.type == "application/ocsp-request")
        #expect(await one.desk.current(about: one.mesh.master.fingerprint) == answer)
        one.clock.advance(1000)
        #expect(await one.desk.current(about: one.mesh.master.fingerprint) == answer)
        one.clock.advance(1)
        #expect(await one.desk.current(about: one.mesh.master.fingerprint) == nil)
        #expect(await one.desk.last(about: one.mesh.master.fingerprint) == answer, "for `soft`")
    }

    @Test("it is due at three quarters of its life; one that was never asked for is due at once")
    func due() async throws {
        let one = try Desk()
        one.serve("good")
        #expect(await one.desk.isDue(one.mesh.master.fingerprint))
        _ = try await one.desk.ask(one.question(one.mesh.master))
        one.clock.advance(749)
        #expect(await !one.desk.isDue(one.mesh.master.fingerprint))
        one.clock.advance(1)
        #expect(await one.desk.isDue(one.mesh.master.fingerprint))
    }

    @Test("a leaf that was never answered about backs off: it is due again twice as late after each failure")
    func backsOff() async throws {
        let one = try Desk()
        let (leaf, question) = (one.mesh.master.fingerprint, try one.question(one.mesh.master))
        for wait in [5, 10, 20] {
            #expect(await one.desk.isDue(leaf))
            await #expect(throws: Refusal.self) { try await one.desk.ask(question) }
            one.clock.advance(TimeInterval(wait) - 0.5)
            #expect(await !one.desk.isDue(leaf))
            one.clock.advance(0.5)
        }
        one.serve("good")
        _ = try await one.desk.ask(question)
        one.clock.advance(750)
        #expect(await one.desk.due(among: [leaf, one.mesh.sub.fingerprint]) == [one.mesh.sub.fingerprint, leaf], "never asked: first")
    }

    @Test("all who wait for the same leaf share one question")
    func coalesced() async throws {
        let one = try Desk()
        let release = AsyncStream<Void>.makeStream()
        let moment = one.clock.now.timeIntervalSince1970
        one.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in
            for await _ in release.stream { break }
            return .bytes(Array("17 good \(moment) \(moment + 10) 7".utf8), .init())
        }
        let question = try one.question(one.mesh.master)
        let answers = try await withThrowingTaskGroup(of: ResponderAnswer.self) { group in
            for _ in 0..<20 { group.addTask { try await one.desk.ask(question) } }
            while one.network.requests.isEmpty { await Task.yield() }
            release.continuation.finish()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 20)
        #expect(one.network.requests.count == 1)
    }

    @Test("a failure is told for some seconds without asking again, and is never a good answer")
    func failures() async throws {
        let one = try Desk()
        let question = try one.question(one.mesh.master)
        let wrong: [@Sendable () -> Void] = [
            { one.network.serve(Self.responder, Array("<html>".utf8)) },
            { one.serve("good", serial: 0x12) },
            { one.serve("good", nonce: 8) },
            {
                one.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in throw FetchFailure("no answer in 3 s") }
            },
            { one.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in .unchanged } },
        ]
        for (round, prepare) in wrong.enumerated() {
            prepare()
            for _ in 0..<3 {
                await #expect { try await one.desk.ask(question) } throws: { ($0 as? Refusal)?.code == .revocationUnavailable }
            }
            #expect(one.network.requests.count == round + 1)
            one.clock.advance(6)
        }
        one.serve("good")
        #expect(try await one.desk.ask(question).status == .good)
    }

    @Test("an older answer does not take a newer one's place")
    func replay() async throws {
        let one = try Desk()
        let question = try one.question(one.mesh.master)
        one.serve("revoked")
        _ = try await one.desk.ask(question)
        one.serve("good", age: 1)
        await #expect(throws: Refusal.self) { try await one.desk.ask(question) }
        #expect(await one.desk.last(about: one.mesh.master.fingerprint)?.refusalCode == .certificateRevoked)
    }

    @Test("one responder has so many questions under way and no more; the next is refused at once")
    func bounded() async throws {
        let one = try Desk()
        let release = AsyncStream<Void>.makeStream()
        one.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in
            for await _ in release.stream { break }
            throw FetchFailure("no answer")
        }
        let leaves = try (0...OCSPDesk.perResponder).map { try RevocationHall.leaf(serial: UInt8(0x20 + $0)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for leaf in leaves.dropLast() {
                let question = try one.question(leaf)
                group.addTask { _ = try? await one.desk.ask(question) }
            }
            while one.network.requests.count < OCSPDesk.perResponder { await Task.yield() }
            let last = try one.question(leaves[OCSPDesk.perResponder])
            await #expect { try await one.desk.ask(last) } throws: { ($0 as? Refusal)?.why.contains("too many") == true }
            release.continuation.finish()
            try await group.waitForAll()
        }
        #expect(one.network.requests.count == OCSPDesk.perResponder)
    }

    @Test("a leaf that its responder revokes is out at the next round, with whoever hangs below it; a restart does not forget")
    func ends() async throws {
        let sources = RevocationSources(ocsp: try #require(SourceAddress(Self.responder)), refresh: .seconds(100))
        let hall = try await RevocationHall(sources: sources, asksResponders: true)
        let (master, sub) = try await hall.everybody()
        let desk = try #require(hall.services.revocation.responders)
        let round = OCSPRefreshing(services: hall.services, desk: desk)
        let revoked = Mutex(false)
        hall.network.reply(Self.responder) { [mesh = hall.mesh, clock = hall.clock] request async throws(FetchFailure) in
            // The serial number is the last INTEGER before the extensions.
            let isMaster = Data(request.body?.bytes ?? []).range(of: Data([0x02, 0x01, 0x11])) != nil
            let status = isMaster && revoked.withLock { $0 } ? OCSPTemplate.Status.revoked(since: clock.now, reason: nil) : .good
            let answer = OCSPTemplate.Answer(
                about: isMaster ? mesh.master : mesh.sub, status, thisUpdate: clock.now, nextUpdate: clock.now.addingTimeInterval(1000))
            do {
                let response = try mesh.issuing.issueOCSPResponse(OCSPTemplate(answers: [answer], producedAt: clock.now))
                return .bytes(response, .init())
            } catch {
                throw FetchFailure("\(error)")
            }
        }
        try await round.refresh()
        #expect(hall.network.requests.count == 2)
        try await round.refresh()
        #expect(hall.network.requests.count == 2, "nothing is due")
        #expect(try await hall.isOpen(master))
        #expect(try await hall.isOpen(sub))
        revoked.withLock { $0 = true }
        hall.clock.advance(100)
        try await round.refresh()
        #expect(try await !hall.isOpen(master))
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.refusal(of: hall.mesh.master) == .certificateRevoked)

        let later = try await RevocationHall(after: hall, sources: sources, asksResponders: true)
        try await OCSPRefreshing(services: later.services, desk: try #require(later.services.revocation.responders)).restore()
        #expect(try await later.refusal(of: hall.mesh.master) == .certificateRevoked, "known without asking")
        #expect(later.network.requests.isEmpty)
    }

    @Test("where no list decides, the first login asks and those that follow do not; a silent responder leaves its own people out only")
    func decides() async throws {
        let sources = RevocationSources(ocsp: try #require(SourceAddress(Self.responder)), refresh: .seconds(100_000))
        let hall = try await RevocationHall(sources: sources, asksResponders: true)
        _ = try await hall.everybody()
        hall.clock.advance(3601)
        #expect(try await hall.refusal(of: hall.mesh.master) == .revocationUnavailable, "the list ran out, and nobody answers")
        #expect(hall.network.requests.count == 1)
        #expect(try await hall.refusal(of: hall.mesh.master) == .revocationUnavailable)
        #expect(hall.network.requests.count == 1, "the failure is remembered for a moment")
        hall.clock.advance(6)
        hall.network.reply(Self.responder) { [mesh = hall.mesh, clock = hall.clock] (_: FetchRequest) async throws(FetchFailure) in
            let answer = OCSPTemplate.Answer(
                about: mesh.master, .good, thisUpdate: clock.now, nextUpdate: clock.now.addingTimeInterval(1000))
            do {
                return .bytes(try mesh.issuing.issueOCSPResponse(OCSPTemplate(answers: [answer], producedAt: clock.now)), .init())
            } catch {
                throw FetchFailure("\(error)")
            }
        }
        for _ in 0..<3 { #expect(try await hall.refusal(of: hall.mesh.master) == nil) }
        #expect(hall.network.requests.count == 2)
        #expect(try await hall.refusal(of: hall.mesh.sub) == .revocationUnavailable, "answered about another certificate")
        hall.clock.advance(1001)
        hall.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in throw FetchFailure("no answer") }
        #expect(
            try await hall.refusal(of: hall.mesh.master) == .revocationUnavailable, "under `hard` the last answer does not outlive its end")
    }

    @Test("an answer without nextUpdate lets in for a minute, then the responder is asked again; silent, it lets nobody in under `hard`")
    func realTime() async throws {
        let sources = RevocationSources(ocsp: try #require(SourceAddress(Self.responder)), refresh: .seconds(100_000))
        let hall = try await RevocationHall(sources: sources, asksResponders: true)
        _ = try await hall.everybody()
        hall.clock.advance(3601)
        hall.network.reply(Self.responder) { [mesh = hall.mesh, clock = hall.clock] (_: FetchRequest) async throws(FetchFailure) in
            do {
                let answer = OCSPTemplate.Answer(about: mesh.master, .good, thisUpdate: clock.now, nextUpdate: nil)
                return .bytes(try mesh.issuing.issueOCSPResponse(OCSPTemplate(answers: [answer], producedAt: clock.now)), .init())
            } catch {
                throw FetchFailure("\(error)")
            }
        }
        for (wait, asked) in [(0, 1), (60, 1), (1, 2)] {
            hall.clock.advance(TimeInterval(wait))
            #expect(try await hall.refusal(of: hall.mesh.master) == nil)
            #expect(hall.network.requests.count == asked)
        }
        hall.clock.advance(61)
        hall.network.reply(Self.responder) { (_: FetchRequest) async throws(FetchFailure) in throw FetchFailure("no answer") }
        #expect(try await hall.refusal(of: hall.mesh.master) == .revocationUnavailable)
    }

    @Test("a certificate that only looks like the CA's makes nobody ask")
    func forged() async throws {
        let hall = try await RevocationHall(
            sources: RevocationSources(ocsp: try #require(SourceAddress(Self.responder))), asksResponders: true)
        let forged = try RevocationHall.leaf(serial: 0x11, by: hall.mesh.impostor)
        #expect(hall.services.responderQuestion(about: hall.mesh.master) != nil)
        #expect(hall.services.responderQuestion(about: forged) == nil)
    }
}

extension RevocationHall {
    private static let leafKey = Result { try KeyPair.generate(.p256) }

    /// Another leaf of the issuing CA, or of somebody who is called so.
    static func leaf(serial: UInt8, by authority: IssuingAuthority? = nil) throws -> Certificate {
        let mesh = try RevocationMesh.shared.get()
        return try (authority ?? mesh.issuing).issue(
            CertificateTemplate(
                serial: [serial], subject: try NameTemplate([.init(oid: "2.5.4.3", value: "x")]).encoded(),
                publicKeyInfo: try leafKey.get().publicKeyInfo, notBefore: RevocationMesh.start, notAfter: RevocationMesh.end,
                extensions: [.keyUsage([.digitalSignature])]))
    }
}
