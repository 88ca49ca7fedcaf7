import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

@Suite("Revocation when something fails meanwhile")
struct RevocationFailureTests {
    @Test("a list that was stored when the database failed is refused by at once, and applied when the same list comes again")
    func unenforced() async throws {
        let hall = try await RevocationHall()
        let (_, sub) = try await hall.everybody()
        try await hall.breakDatabase("INSERT ON issuer_revocations")
        await #expect(throws: (any Error).self) { try await hall.arrive(11, revoking: [(hall.mesh.sub, 1)]) }
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateRevoked)
        await hall.keeper.recompile()
        #expect(try await hall.refusal(of: hall.mesh.sub) == .certificateRevoked)
        #expect(try await hall.isOpen(sub), "nothing could be written")
        try await hall.healDatabase()
        try await hall.arrive(11, revoking: [(hall.mesh.sub, 1)])
        #expect(try await !hall.isOpen(sub))
        #expect(try await hall.events("certificate.revoked_by_issuer").count == 1)
        #expect(try await hall.events("revocation_list.accepted").count == 3, "the two files, and this one once")
    }

    @Test("the same for a file of the trust list")
    func unenforcedFile() async throws {
        let hall = try await RevocationHall()
        let (_, sub) = try await hall.everybody()
        let files = try RevocationHall.files(hall.mesh, at: hall.clock.now)
        let newer = try RevocationMesh.list(by: hall.mesh.issuing, number: 11, at: hall.clock.now, revoking: [(hall.mesh.sub, 1)])
        try await hall.breakDatabase("INSERT ON issuer_revocations")
        await #expect(throws: (any Error).self) { try await hall.adopt(files: [files[0], newer]) }
        #expect(try await hall.isOpen(sub))
        try await hall.healDatabase()
        try await hall.adopt(files: [files[0], newer])
        #expect(try await !hall.isOpen(sub))
    }

    @Test("a session that cannot be ended keeps no other one open")
    func oneSession() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        try await hall.breakDatabase("UPDATE OF ended ON sessions WHEN OLD.sid = '\(master.sid)'")
        try await hall.arrive(11, revoking: [(hall.mesh.issuing.certificate, 2)], by: hall.mesh.root)
        await hall.keeper.recompile()
        #expect(try await hall.isOpen(master))
        #expect(try await !hall.isOpen(sub))
        #expect(hall.log.text.contains("judging the sessions by the new trust graph failed"))
        try await hall.healDatabase()
        await hall.keeper.recompile()
        #expect(try await !hall.isOpen(master))
    }

    @Test("a kept certificate that does not parse any more ends its own session and no other")
    func unreadable() async throws {
        let hall = try await RevocationHall()
        let (master, sub) = try await hall.everybody()
        let fingerprint = hall.mesh.sub.fingerprint
        _ = try await hall.services.registry.storage.write {
            try $0.execute("UPDATE kept_certificates SET der = ? WHERE fingerprint = ?", [.blob([0x30, 0x00]), .blob(fingerprint.bytes)])
        }
        await hall.keeper.recompile()
        #expect(try await hall.isOpen(master))
        #expect(try await !hall.isOpen(sub))
        let reasons = try await hall.events("session.ended").map { $0.details["reason"] }
        #expect(reasons == ["path_not_found"])
    }

    @Test("what is learned of a certificate while its login is judged is not taken back by the verdict")
    func learnedMeanwhile() async throws {
        let responder = "http://ocsp.example/"
        let hall = try await RevocationHall(
            sources: RevocationSources(ocsp: try #require(SourceAddress(responder)), refresh: .seconds(100_000)), asksResponders: true)
        _ = try await hall.everybody()
        hall.clock.advance(3601)
        let (mesh, clock, registry) = (hall.mesh, hall.clock, hall.services.registry)
        hall.network.reply(responder) { request async throws(FetchFailure) in
            do {
                // The master's serial number: its own login waits for this answer.
                if Data(request.body?.bytes ?? []).range(of: Data([0x02, 0x01, 0x11])) != nil {
                    let said = IssuerStatement.Said.revoked(code: .certificateRevoked, since: clock.now)
                    try await registry.apply(IssuerStatement(source: [1]) { _ in said }, to: mesh.master.fingerprint)
                }
                let answers = [mesh.master, mesh.sub].map {
                    OCSPTemplate.Answer(about: $0, .good, thisUpdate: clock.now, nextUpdate: clock.now + 1000)
                }
                return .bytes(try mesh.issuing.issueOCSPResponse(OCSPTemplate(answers: answers, producedAt: clock.now)), .init())
            } catch {
                throw FetchFailure("\(error)")
            }
        }
        #expect(try await hall.refusal(of: mesh.master) == nil)
        #expect(try await hall.refusal(of: mesh.sub) == .certificateSuspended, "what was said of its master stands")
        #expect(hall.network.requests.count == 2)
        hall.clock.advance(1)
        #expect(try await hall.refusal(of: mesh.sub) == nil, "a verdict begun later knows it, and holds nothing against the master")
    }
}
