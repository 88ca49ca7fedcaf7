import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

@Suite("OCSP responders in their own language")
struct OCSPLanguageTests {
    private static let nonce = Array(repeating: UInt8(7), count: 32)
    private static let now = HeldClock().now

    private struct Exchange {
        let mesh: RevocationMesh
        let desk: OCSPDesk
        let question: OCSPDesk.Question
        let server: LoopbackServer

        /// `serving`: what a responder on a real socket answers.
        init(serving response: @Sendable (RevocationMesh) throws -> [UInt8]) async throws {
            mesh = try RevocationMesh.shared.get()
            let bytes = try response(mesh)
            server = try await LoopbackServer { _ in LoopbackServer.ok(bytes, "Content-Type: application/ocsp-response") }
            let hall = try await RevocationHall()
            let sources = RevocationSources(ocsp: SourceAddress("http://127.0.0.1:\(server.port)/ocsp"), allowsPrivate: true)
            question = try #require(OCSPDesk.Question(mesh.master, NamedSources("企业CA", sources, mesh.issuing.certificate, nil)))
            desk = OCSPDesk(
                fetcher: NetworkFetcher(), language: OCSPLanguage(trust: hall.services.trust), now: { OCSPLanguageTests.now },
                random: { _ in OCSPLanguageTests.nonce }, jitter: { 0 })
        }
    }

    private static func template(
        _ mesh: RevocationMesh, _ status: OCSPTemplate.Status = .good, of leaf: Certificate? = nil, age: Double = 60, life: Double = 3600,
        nonce: [UInt8]? = nonce
    ) -> OCSPTemplate {
        let this = now.addingTimeInterval(-age)
        return OCSPTemplate(
            answers: [.init(about: leaf ?? mesh.master, status, thisUpdate: this, nextUpdate: this.addingTimeInterval(life))],
            producedAt: this, nonce: nonce)
    }

    /// A certificate of the issuing CA for signing answers.
    private static func responder(_ mesh: RevocationMesh, serial: UInt8, exempt: Bool) throws -> IssuingAuthority {
        let key = try KeyPair.generate(.p256)
        let certificate = try mesh.issuing.issue(
            CertificateTemplate(
                serial: [serial], subject: try NameTemplate([.init(oid: "2.5.4.3", value: "应答者")]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: RevocationMesh.start, notAfter: RevocationMesh.end,
                extensions: [.keyUsage([.digitalSignature]), try .ocspSigning()] + (exempt ? [.ocspNoCheck] : [])))
        return IssuingAuthority(certificate: certificate, key: key)
    }

    @Test("good and revoked answers of the CA itself, with and without the nonce")
    func answers() async throws {
        let good = try await Exchange { try $0.issuing.issueOCSPResponse(Self.template($0)) }
        #expect(try await good.desk.ask(good.question).status == .good)
        #expect(good.server.requests.first?.contains("Content-Type: application/ocsp-request") == true)
        let ahead = try await Exchange { try $0.issuing.issueOCSPResponse(Self.template($0, nonce: nil)) }
        let answer = try await ahead.desk.ask(ahead.question)
        #expect(answer.status == .good && answer.end == Self.now.addingTimeInterval(3540))
        let held = try await Exchange {
            try $0.issuing.issueOCSPResponse(Self.template($0, .revoked(since: Self.now.addingTimeInterval(-100), reason: 6)))
        }
        #expect(try await held.desk.ask(held.question).refusalCode == .certificateSuspended)
    }

    @Test("an answer that names no end is one of a minute; made ahead of time with an end and without the nonce, it counts until then")
    func withoutEnd() async throws {
        let realTime = try await Exchange { mesh in
            var template = Self.template(mesh)
            template.answers[0].nextUpdate = nil
            return try mesh.issuing.issueOCSPResponse(template)
        }
        let answer = try await realTime.desk.ask(realTime.question)
        #expect(answer.status == .good && answer.end == Self.now, "it was 60 seconds old")
        let old = try await Exchange { mesh in
            var template = Self.template(mesh, age: 61)
            template.answers[0].nextUpdate = nil
            return try mesh.issuing.issueOCSPResponse(template)
        }
        await #expect { try await old.desk.ask(old.question) } throws: { ($0 as? Refusal)?.why.contains("expired") == true }
        let ahead = try await Exchange { try $0.issuing.issueOCSPResponse(Self.template($0, age: 7200, life: 14_400, nonce: nil)) }
        #expect(try await ahead.desk.ask(ahead.question).end == Self.now.addingTimeInterval(7200))
    }

    @Test("a delegated responder counts when it is exempt, or when the graph has nothing against it")
    func delegated() async throws {
        for exempt in [true, false] {
            let exchange = try await Exchange { mesh in
                let responder = try Self.responder(mesh, serial: 0x41, exempt: exempt)
                var template = Self.template(mesh)
                template.certificates = [responder.certificate]
                return try mesh.issuing.issueOCSPResponse(template, signedBy: responder)
            }
            #expect(try await exchange.desk.ask(exchange.question).status == .good)
        }
    }

    @Test(
        "an answer for another certificate, by another key, with another nonce, run out, unknown, or no answer at all: unavailable",
        arguments: 0..<7)
    func wrong(which: Int) async throws {
        let exchange = try await Exchange { mesh in
            switch which {
            case 0: try mesh.issuing.issueOCSPResponse(Self.template(mesh, of: mesh.sub))
            case 1: try mesh.impostor.issueOCSPResponse(Self.template(mesh))
            case 2: try mesh.issuing.issueOCSPResponse(Self.template(mesh, nonce: Array(repeating: 8, count: 32)))
            case 3: try mesh.issuing.issueOCSPResponse(Self.template(mesh, age: 7200))
            case 4: try mesh.issuing.issueOCSPResponse(Self.template(mesh, .unknown))
            case 5: IssuingAuthority.refusingOCSPResponse(status: 3)
            default: Array(repeating: 0x30, count: 5000)
            }
        }
        await #expect { try await exchange.desk.ask(exchange.question) } throws: { ($0 as? Refusal)?.code == .revocationUnavailable }
        #expect(await exchange.desk.last(about: exchange.mesh.master.fingerprint) == nil)
    }

    @Test("a responder that sends bytes without end is cut off")
    func endless() async throws {
        let exchange = try await Exchange { _ in [] }
        exchange.server.answer { _ in .endless(head: "HTTP/1.1 200 OK\r\n\r\n") }
        await #expect { try await exchange.desk.ask(exchange.question) } throws: {
            ($0 as? Refusal)?.why.contains("sends more than 65536 bytes") == true
        }
    }
}
