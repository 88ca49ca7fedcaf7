import Foundation
import Testing

@testable import PKI

/// What we issue, read by Debian's openssl.
@Suite("Issuing, checked with openssl")
struct IssuingTests {
    @Test("a chain with CRLs passes openssl's strict verification", arguments: KeyPair.Kind.allCases.filter { $0 != .sm2 })
    func chain(_ kind: KeyPair.Kind) throws {
        let openssl = try OpenSSLTool()
        let authority = try TestAuthority(kind)
        let good = try authority.leaf(try KeyPair.generate(.p256))
        let bad = try authority.leaf(try KeyPair.generate(.p256))
        try openssl.write(authority.root.certificate.pem, to: "root.pem")
        try openssl.write(authority.issuing.certificate.pem, to: "issuing.pem")
        try openssl.write(good.pem, to: "good.pem")
        try openssl.write(bad.pem, to: "bad.pem")
        let now = TestAuthority.now
        for (name, issuer, revoked) in [("root", authority.root, []), ("issuing", authority.issuing, [(bad.serial, now, 1)])] {
            let list = try issuer.issueRevocationList(revoked: revoked, number: 7, thisUpdate: now, nextUpdate: now + 86_400)
            try openssl.write(PEM.encode("X509 CRL", list.der), to: "\(name).crl")
        }
        let base = [
            "verify", "-x509_strict", "-crl_check_all", "-purpose", "sslclient", "-CAfile", "root.pem", "-untrusted", "issuing.pem",
        ]
        let lists = ["-CRLfile", "root.crl", "-CRLfile", "issuing.crl"]
        let accepted = try openssl.run(base + lists + ["good.pem"])
        #expect(accepted.status == 0, "\(accepted.output)")
        let refused = try openssl.run(base + lists + ["bad.pem"])
        #expect(refused.status != 0 && refused.output.contains("certificate revoked"))
        #expect(try openssl.run("crl", "-in", "issuing.crl", "-noout", "-text").output.contains("Key Compromise"))
    }

    @Test("openssl reads the serial, validity, names and extensions as they were meant")
    func fields() throws {
        let openssl = try OpenSSLTool()
        let authority = try TestAuthority(.p256)
        let key = try KeyPair.generate(.rsa2048)
        let certificate = try authority.leaf(
            key,
            extensions: [
                .subjectAlternativeNames(hosts: ["localhost"], addresses: [[127, 0, 0, 1]]), .revocationListURI("http://crl.example/a.crl"),
                try .policies(["1.3.6.1.4.1.32473.1.1"]), .text("X", as: .utf8, oid: "1.2.156.112570.11.210"),
            ])
        try openssl.write(certificate.pem, to: "leaf.pem")
        let text = try openssl.run("x509", "-in", "leaf.pem", "-noout", "-text", "-nameopt", "utf8").output
        for expected in [
            "Version: 3", "CN=持有人", "CN=测试签发 p-256", "DNS:localhost, IP Address:127.0.0.1", "URI:http://crl.example/a.crl",
            "Policy: 1.3.6.1.4.1.32473.1.1", "Digital Signature", "TLS Web Client Authentication", "1.2.156.112570.11.210",
        ] {
            #expect(text.contains(expected), "\(expected)")
        }
        let serial = try openssl.run("x509", "-in", "leaf.pem", "-noout", "-serial").output
        #expect(serial.lowercased().contains(certificate.serial.drop { $0 == 0 }.map { [$0].hex }.joined()))
    }

    @Test("dates from 2050 on are GeneralizedTime, earlier ones UTCTime (RFC 5280 §4.1.2.5)")
    func times() {
        #expect(Encoding.time(Date(timeIntervalSince1970: 2_524_607_999)) == [0x17, 13] + Array("491231235959Z".utf8))
        #expect(Encoding.time(Date(timeIntervalSince1970: 2_524_608_000)) == [0x18, 15] + Array("20500101000000Z".utf8))
        #expect(Encoding.time(Date(timeIntervalSince1970: 0)) == [0x17, 13] + Array("700101000000Z".utf8))
    }

    @Test("integers and named bits are minimal DER")
    func encodings() {
        #expect(Encoding.integer(0) == [2, 1, 0])
        #expect(Encoding.integer(127) == [2, 1, 127])
        #expect(Encoding.integer(128) == [2, 2, 0, 128])
        #expect(Encoding.integer(magnitude: [0, 0, 0x80]) == [2, 2, 0, 0x80])
        #expect(Encoding.namedBits([0]) == [3, 2, 7, 0x80])
        #expect(Encoding.namedBits([5, 6]) == [3, 2, 1, 0x06])
        #expect(Encoding.namedBits([Int]()) == [3, 1, 0])
    }

    @Test("serial numbers are positive and of 128 bits")
    func serials() {
        #expect(SerialNumber.random().count == 16)
        #expect(SerialNumber.random() != SerialNumber.random())
        #expect(SerialNumber.random { [UInt8](repeating: 0, count: $0) }.contains { $0 != 0 })
        #expect(Encoding.integer(magnitude: [UInt8](repeating: 0xff, count: 16)) == [2, 17, 0] + [UInt8](repeating: 0xff, count: 16))
    }

    @Test("a CA does not sign what outlives it, what ends before it starts, an extension twice, or with another's key")
    func refusals() throws {
        let authority = try TestAuthority(.p256)
        let key = try KeyPair.generate(.p256)
        let now = TestAuthority.now
        var template = CertificateTemplate(
            serial: [1], subject: try NameTemplate([]).encoded(), publicKeyInfo: key.publicKeyInfo, notBefore: now, notAfter: now + 1,
            extensions: [])
        #expect(throws: Never.self) { try authority.issuing.issue(template) }
        template.notAfter = authority.issuing.certificate.notAfter + 1
        #expect(throws: IssuingFailure.outlivesItsIssuer) { try authority.issuing.issue(template) }
        template.notAfter = now - 1
        #expect(throws: IssuingFailure.validityEndsBeforeItStarts) { try authority.issuing.issue(template) }
        template.notAfter = now
        template.extensions = [.keyUsage([.digitalSignature]), .keyUsage([.keyCertSign])]
        #expect(throws: IssuingFailure.extensionTwice) { try authority.issuing.issue(template) }
        template.extensions = []
        let wrong = IssuingAuthority(certificate: authority.issuing.certificate, key: key)
        #expect(throws: IssuingFailure.keyIsNotTheCertificates) { try wrong.issue(template) }
    }

    @Test("a sub-certificate carries our subject and extensions, and only the request's key")
    func subCertificate() throws {
        let openssl = try OpenSSLTool()
        try openssl.run(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem", "-out", "r.pem", "-subj",
            "/CN=somebody else", "-addext", "basicConstraints=critical,CA:TRUE")
        let request = try CertificateRequest(bytes: openssl.read("r.pem"))
        let authority = try TestAuthority(.p256)
        let certificate = try authority.issuing.issueSubCertificate(
            for: request, commonName: "周明", organization: "粤桥贸易有限公司", uscc: "91440000PDY00001XK", holder: "PT-000009",
            serial: SerialNumber.random(), notBefore: TestAuthority.now, notAfter: TestAuthority.now + 86_400, revocationListURI: nil)
        #expect(certificate.publicKeyInfo == request.publicKeyInfo)
        #expect(certificate.subject.values("2.5.4.97") == ["NTRCN-91440000PDY00001XK"])
        #expect(certificate.subject.values("2.5.4.5") == ["PT-000009"])
        #expect(certificate.subject.commonName == "周明")
        #expect(certificate.extensionValue("2.5.29.19") == nil)
    }
}
