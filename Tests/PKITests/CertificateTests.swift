import Foundation
import Testing

@testable import PKI

@Suite("Certificates")
struct CertificateTests {
    private func sample() throws -> Certificate {
        let one = try #require(ValidationCasesTests.cases.first { $0.id == "chain/three" })
        return try Certificate.list(pem: one.peerCertificate)[0]
    }

    @Test("a certificate is read with its names, times and extensions")
    func read() throws {
        let leaf = try sample()
        #expect(leaf.subject.commonName == "leaf")
        #expect(leaf.issuer.description == "CN=Issuing,C=CN")
        #expect(leaf.notBefore.rfc3339 == "2026-10-22T08:00:00Z")
        #expect(leaf.notAfter.rfc3339 == "2026-12-21T08:00:00Z")
        #expect(leaf.keyUsage == .digitalSignature)
        #expect(leaf.extensionValue("2.5.29.37") != nil)
        #expect(leaf.extensionValue("2.5.29.17") == nil)
        #expect(!leaf.isAuthority)
        #expect(leaf.fingerprint == Fingerprint(of: leaf.der))
    }

    @Test("PEM written is PEM read")
    func pem() throws {
        let leaf = try sample()
        #expect(try Certificate.list(pem: "explanation\n" + leaf.pem + leaf.pem) == [leaf, leaf])
    }

    @Test(
        "PEM without a block, without an end or without base64 is refused",
        arguments: ["", "-----BEGIN CERTIFICATE-----\nMII", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"])
    func badPEM(text: String) {
        #expect(throws: Refusal.self) { try Certificate.list(pem: text) }
    }

    @Test("every certificate cut short is malformed")
    func truncated() throws {
        let der = try sample().der
        for length in 0..<der.count {
            #expect(throws: Refusal.self) { try Certificate(der: Array(der.prefix(length))) }
        }
    }

    @Test("no changed byte goes unnoticed: malformed, or the signature fails, or the issuer is another")
    func mutated() throws {
        let one = try #require(ValidationCasesTests.cases.first { $0.id == "chain/three" })
        let graph = TrustGraph(one.list(), at: one.time, settings: one.settings)
        let der = try sample().der
        for position in der.indices {
            var changed = der
            changed[position] ^= 0x11
            guard let certificate = try? Certificate(der: changed) else { continue }
            guard case .failure(let refusal) = graph.examine(certificate, request: one.request(), at: one.time).verdict else {
                Issue.record("byte \(position) may be changed")
                continue
            }
            #expect(
                [.signatureInvalid, .issuerUnknown, .algorithmNotPermitted, .certificateMalformed].contains(refusal.code), "\(refusal)")
        }
    }

    @Test("deep nesting and long certificates are refused without harm")
    func hostile() {
        var nested: [UInt8] = []
        for _ in 0..<4000 {
            let length = nested.count
            nested = [0x30, 0x82, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)] + nested
        }
        #expect(throws: Refusal.self) { try Certificate(der: nested) }
        #expect(throws: Refusal.self) { try Certificate(der: [UInt8](repeating: 0x30, count: Certificate.maximumLength + 1)) }
    }
}

@Suite("Object identifiers")
struct ObjectIdentifierTests {
    @Test(
        "dotted text and back",
        arguments: ["2.5.29.15", "1.2.156.10260.4.1.4", "2.16.344.8.2.2008.810.2", "0.9.2342.19200300.100.1.25", "2.999.1"])
    func roundTrip(text: String) {
        #expect(ObjectIdentifier(text)?.description == text)
    }

    @Test("what is no OID is refused", arguments: ["", "1", "1.", "3.1", "1.40", "a.b", "1.2.-3", "1..2"])
    func refused(text: String) { #expect(ObjectIdentifier(text) == nil) }

    @Test("an arc of 128 bits is kept")
    func large() {
        let content: [UInt8] = [
            0x69, 0x83, 0xAB, 0xA6, 0xFA, 0xD7, 0xF8, 0x93, 0xF3, 0xC9, 0xD1, 0x8D, 0xC9, 0xE6, 0xB1, 0xA9, 0xA3, 0xA9, 0x6B,
        ]
        #expect(ObjectIdentifier(content: content[...])?.description.hasPrefix("2.25.") == true)
    }

    @Test(
        "padded and unfinished subidentifiers are refused", arguments: [[0x80, 0x01], [0x55, 0x80, 0x01], [0x55, 0x81], []] as [[UInt8]])
    func malformed(content: [UInt8]) { #expect(ObjectIdentifier(content: content[...]) == nil) }
}

@Suite("Names (RFC 5280 §7.1)")
struct DistinguishedNameTests {
    /// One RDN of commonName with this string type and these octets.
    private func name(_ tag: UInt8, _ content: [UInt8]) throws -> DistinguishedName {
        let value = [tag, UInt8(content.count)] + content
        let attribute = [0x30, UInt8(value.count + 5), 0x06, 0x03, 0x55, 0x04, 0x03] + value
        let set = [0x31, UInt8(attribute.count)] + attribute
        return try DistinguishedName(der: [0x30, UInt8(set.count)] + set)
    }

    @Test("string type, case and surplus spaces do not count")
    func folding() throws {
        let printable = try name(0x13, Array("Example  CA".utf8))
        #expect(printable == (try name(0x0C, Array(" example ca ".utf8))))
        #expect(printable == (try name(0x1E, "EXAMPLE CA".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })))
        #expect(printable.hashValue == (try name(0x0C, Array("EXAMPLE CA".utf8))).hashValue)
        #expect(printable != (try name(0x0C, Array("ExampleCA".utf8))))
    }

    @Test("Chinese names compare by character, wide forms as narrow ones")
    func chinese() throws {
        #expect(try name(0x0C, Array("广东ＣＡ".utf8)) == name(0x0C, Array("广东ca".utf8)))
        #expect(try name(0x0C, Array("广东".utf8)) != name(0x0C, Array("廣東".utf8)))
    }

    @Test(
        "text that is not of its type is malformed",
        arguments: [(0x0C, [0xFF, 0xFE]), (0x13, [0xC3, 0xA9]), (0x1E, [0x00]), (0x1E, [0xD8, 0x00])] as [(UInt8, [UInt8])])
    func malformed(tag: UInt8, content: [UInt8]) {
        #expect(throws: Refusal.self) { try name(tag, content) }
    }

    @Test("a name cannot forge a line of a log")
    func escaping() throws {
        let forged = try name(0x0C, Array("a,b\nACCEPT".utf8))
        #expect(forged.description == #"CN=a\,b\0aACCEPT"#)
        #expect(forged.commonName == "a,b\nACCEPT")
    }
}
