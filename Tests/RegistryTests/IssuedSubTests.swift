import Foundation
import PKI
import Synchronization
import Testing

@testable import Registry

@Suite("Sub-certificates of the platform CA")
struct IssuedSubTests {
    /// A PKCS#10 request (RFC 2986 §4) by this key.
    private func request(_ key: KeyPair) throws -> CertificateRequest {
        func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
            let content = parts.flatMap { $0 }
            return [tag] + (content.count < 128 ? [UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)])
                + content
        }
        let subject = try NameTemplate([.init(oid: "2.5.4.3", value: "whatever they say")]).encoded()
        let info = der(0x30, [0x02, 0x01, 0x00], subject, key.publicKeyInfo, [0xA0, 0x00])
        let algorithm: [UInt8] = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]  // ecdsa-with-SHA256
        // A length under 256 wants one octet in DER; this request's parts all lie below 128 or the whole above 255.
        return try CertificateRequest(bytes: short(der(0x30, short(info), algorithm, der(0x03, [0x00], try key.sign(short(info))))))
    }

    /// Writes `0x82 0x00 n` lengths as `0x81 n`.
    private func short(_ der: [UInt8]) -> [UInt8] {
        der[1] == 0x82 && der[2] == 0 ? [der[0], 0x81] + der[3...] : der
    }

    @Test("a master issues one, whose holder logs in; only the key is the request's")
    func issues() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let issued = try await people.registry.issueSub(
            request(people.key), holderName: "李同事", days: 30, from: people.platform.issuing, by: master)
        #expect(issued.bound.issuedHere)
        #expect(issued.bound.kind == .sub)
        #expect(issued.certificate.subject.commonName == "李同事")
        #expect(issued.certificate.publicKeyInfo == people.key.publicKeyInfo)
        #expect(issued.certificate.notAfter == people.now.addingTimeInterval(30 * 86400))
        let path = ValidatedPath(
            certificates: [issued.certificate, people.platform.issuing.certificate], issuer: people.platform.key, policies: [],
            goodUntil: issued.certificate.notAfter)
        #expect(try await people.login(path).accountID == issued.bound.accountID)
        #expect(try await people.auditKinds().contains("certificate.issued"))
    }

    @Test("only a master issues, for a bounded time, to a readable name, from a CA whose entry lets it")
    func refuses() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        let (_, sub) = try await people.sub(by: master)
        func issue(_ name: String = "李", days: Int = 30, by session: Session) async -> String {
            await code {
                try await people.registry.issueSub(
                    request(people.key), holderName: name, days: days, from: people.platform.issuing, by: session
                ).bound
            }
        }
        #expect(await issue(by: sub) == "not_master")
        let administrator = try await people.administrator()
        #expect(await issue(by: administrator) == "not_master")
        for days in [0, -1, 1097, .max] { #expect(await issue(days: days, by: master) == "period_not_permitted") }
        for name in ["", " ", "a\nb", String(repeating: "x", count: 65)] { #expect(await issue(name, by: master) == "request_malformed") }
        people.registry.authorities.withLock { $0.entries[people.platform.key]?.mayAssert.kinds = [.personal] }
        #expect(await issue(by: master) == "identity_not_permitted")
        #expect(try await people.registry.certificates(ofLegalPerson: People.hengjiang).filter(\.issuedHere).isEmpty)
    }

    @Test("the next revocation list holds what was suspended and revoked here, and only that")
    func revocationList() async throws {
        let people = try await People.registered()
        let master = try await people.master()
        var bound = [BoundCertificate]()
        for name in ["a", "b", "c"] {
            bound.append(
                try await people.registry.issueSub(
                    request(people.key), holderName: name, days: 30, from: people.platform.issuing, by: master
                ).bound)
        }
        let (foreign, _) = try await people.sub(by: master)
        try await people.registry.setStanding(.suspended, ofCertificate: bound[0].id, by: master)
        try await people.registry.setStanding(.revoked, ofCertificate: bound[1].id, by: master)
        try await people.registry.setStanding(.revoked, ofCertificate: foreign.id, by: master)
        #expect(try await people.registry.revokedIssuedCertificates().map(\.reason).sorted() == [0, 6])
        try await people.registry.setStanding(.active, ofCertificate: bound[0].id, by: master)
        #expect(try await people.registry.revokedIssuedCertificates().count == 1)
    }
}
