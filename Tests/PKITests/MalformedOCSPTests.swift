import Foundation
import SwiftASN1
import Testing

@testable import PKI

@Suite("OCSP: malformed responses")
struct MalformedOCSPTests {
    private let pair: TestAuthority
    private let leaf: Certificate
    private let right: [UInt8]

    init() throws {
        pair = try TestAuthority(.p256)
        leaf = try pair.leaf(try TestAuthority.holderKey(.p256))
        var template = OCSPTemplate(
            answers: [.init(about: leaf, .revoked(since: TestAuthority.now, reason: 4), thisUpdate: TestAuthority.now, nextUpdate: nil)],
            producedAt: TestAuthority.now, nonce: [UInt8](repeating: 1, count: 32))
        template.certificates = [leaf]
        right = try pair.issuing.issueOCSPResponse(template)
    }

    private func code(_ der: [UInt8]) -> RefusalCode? {
        do throws(Refusal) {
            _ = try OCSPResponse(der: der)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("cut off anywhere or with one byte more it does not parse, and no changed byte makes it crash")
    func truncatedAndMutated() {
        #expect(code(right) == nil)
        for length in right.indices { #expect(code(Array(right.prefix(length))) == .certificateMalformed, "\(length)") }
        #expect(code(right + [0]) == .certificateMalformed)
        var refused = 0
        for index in right.indices {
            var bytes = right
            bytes[index] ^= 0x81
            if code(bytes) != nil { refused += 1 }
        }
        #expect(refused > 100)
    }

    @Test("a responder that does not answer is named with its status")
    func statuses() {
        for (status, name) in [
            (UInt8(1), "malformedRequest"), (2, "internalError"), (3, "tryLater"), (5, "sigRequired"), (6, "unauthorized"),
        ] {
            #expect(throws: Refusal(.revocationUnavailable, "the OCSP responder answers \(name)")) {
                try OCSPResponse(der: IssuingAuthority.refusingOCSPResponse(status: status))
            }
        }
        #expect(code(IssuingAuthority.refusingOCSPResponse(status: 99)) == .revocationUnavailable)
        #expect(code(IssuingAuthority.refusingOCSPResponse(status: 0)) == .certificateMalformed)
    }

    @Test("more than 64 KiB, 64 answers or 8 certificates are refused, and what is nested deeply")
    func bounds() throws {
        #expect(code([UInt8](repeating: 0x30, count: OCSPResponse.maximumLength + 1)) == .certificateMalformed)
        var nested: [UInt8] = Encoding.null
        for _ in 0..<200 { nested = Encoding.sequence(nested) }
        #expect(code(nested) == .certificateMalformed)
        let answer = OCSPTemplate.Answer(about: leaf, .good, thisUpdate: TestAuthority.now, nextUpdate: nil)
        func made(answers: Int, certificates: Int) throws -> [UInt8] {
            var template = OCSPTemplate(answers: Array(repeating: answer, count: answers), producedAt: TestAuthority.now)
            template.certificates = Array(repeating: leaf, count: certificates)
            return try pair.issuing.issueOCSPResponse(template)
        }
        #expect(try code(made(answers: 64, certificates: 8)) == nil)
        #expect(try code(made(answers: 65, certificates: 8)) == .certificateMalformed)
        #expect(try code(made(answers: 64, certificates: 9)) == .certificateMalformed)
    }

    /// A response around these ResponseData fields.
    private func response(
        data: [UInt8]..., type: String = "1.3.6.1.5.5.7.48.1.1", signature: [UInt8] = Encoding.bitString([1]), certificates: [UInt8] = []
    ) throws -> [UInt8] {
        let algorithm = Encoding.sequence(try Encoding.objectIdentifier("1.2.840.10045.4.3.2"))
        let basic = Encoding.sequence(Encoding.sequence(of: data), algorithm, signature, certificates)
        return Encoding.sequence(
            Encoding.enumerated(0), Encoding.tagged(0, Encoding.sequence(try Encoding.objectIdentifier(type), Encoding.octetString(basic))))
    }

    @Test("each part stands where it belongs, in DER")
    func structure() throws {
        let key = Encoding.tagged(2, Encoding.octetString([UInt8](repeating: 1, count: 20)))
        let time = ListBuilder.generalizedTime("20260101000000Z")
        let id = try OCSPCertID(of: leaf, issuerKey: pair.issuing.certificate.publicKeyInfo, by: .sha1).encoded()
        let good = Encoding.tagged(0, contents: [])
        let answer = Encoding.sequence(id, good, time)
        let list = Encoding.sequence(answer)
        #expect(try code(response(data: key, time, list)) == nil)
        #expect(try code(response(data: key, time, list, type: "1.2.3")) == .certificateMalformed)
        #expect(try code(response(data: key, time, list, signature: Encoding.bitString([0x80], unusedBits: 1))) == .certificateMalformed)
        let rubbish = Encoding.tagged(0, Encoding.sequence(Encoding.sequence(Encoding.integer(1))))
        #expect(try code(response(data: key, time, list, certificates: rubbish)) == .certificateMalformed)
        // version v1 written out; no responder; a key hash of another length; UTCTime; no answers; something after the extensions.
        let version = Encoding.tagged(0, Encoding.integer(0))
        #expect(try code(response(data: version, key, time, list)) == .certificateMalformed)
        #expect(try code(response(data: time, list)) == .certificateMalformed)
        #expect(try code(response(data: Encoding.tagged(2, Encoding.octetString([1])), time, list)) == .certificateMalformed)
        #expect(try code(response(data: key, ListBuilder.utcTime("260101000000Z"), list)) == .certificateMalformed)
        #expect(try code(response(data: key, time)) == .certificateMalformed)
        #expect(try code(response(data: key, time, list, Encoding.null)) == .certificateMalformed)
        #expect(try code(response(data: key, time, list, Encoding.tagged(1, Encoding.sequence()))) == .certificateMalformed)
        for wrong in [
            Encoding.sequence(id, good), Encoding.sequence(good, time), Encoding.sequence(id, Encoding.tagged(0, contents: [0]), time),
            Encoding.sequence(id, Encoding.tagged(3, contents: []), time),
            Encoding.sequence(id, good, ListBuilder.utcTime("260101000000Z")),
            Encoding.sequence(id, good, ListBuilder.generalizedTime("20260101000000.5Z")), Encoding.sequence(id, good, time, time),
            Encoding.sequence(id, Encoding.tagged(1, time, Encoding.tagged(0, Encoding.enumerated(7))), time),
            Encoding.sequence(id, Encoding.tagged(1, time, Encoding.tagged(0, Encoding.enumerated(11))), time),
            Encoding.sequence(id, Encoding.tagged(1), time), Encoding.sequence(Encoding.sequence(), good, time),
        ] {
            #expect(try code(response(data: key, time, Encoding.sequence(wrong))) == .certificateMalformed, "\(wrong.hex)")
        }
    }

    @Test("a nonce is an OCTET STRING of 1 to 128 octets")
    func nonces() throws {
        func code(_ value: [UInt8]) throws -> RefusalCode? {
            var template = OCSPTemplate(answers: [], producedAt: TestAuthority.now)
            template.extensions = [CertificateExtension(oid: "1.3.6.1.5.5.7.48.1.2", value: value)]
            return self.code(try pair.issuing.issueOCSPResponse(template))
        }
        #expect(try code(Encoding.octetString([1])) == nil)
        #expect(try code(Encoding.octetString([])) == .certificateMalformed)
        #expect(try code(Encoding.octetString([UInt8](repeating: 1, count: 129))) == .certificateMalformed)
        #expect(try code([1, 2, 3]) == .certificateMalformed)
    }

    @Test("an answer by a digest that is not known is nobody's")
    func unknownDigest() throws {
        let id = try OCSPCertID(of: leaf, issuerKey: pair.issuing.certificate.publicKeyInfo, by: .sha1)
        let algorithm = Encoding.sequence(try Encoding.objectIdentifier("1.2.840.113549.2.5"))
        let der = Encoding.sequence(
            algorithm, Encoding.octetString(id.nameHash), Encoding.octetString(id.keyHash), Encoding.integer(content: id.serial))
        let parsed = try OCSPCertID(try ASN1Node.parse(der[...], "CertID"))
        #expect(parsed.digest == nil && !parsed.names(leaf, pair.issuing.certificate))
        #expect(id.names(leaf, pair.issuing.certificate))
    }
}
