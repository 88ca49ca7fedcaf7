import Foundation
import Testing

@testable import PKI

@Suite("Issuing CRLs of every kind, and authorityInfoAccess")
struct RevocationListTemplateTests {
    private let now = TestAuthority.now

    @Test("a delta, partitioned, indirect list says what openssl reads and we read back")
    func kinds() throws {
        let pair = try TestAuthority(.p256)
        var template = RevocationListTemplate(
            entries: [
                .init(serial: [1], date: now, reason: 8),
                .init(serial: [2], date: now, reason: 1, certificateIssuer: pair.root.certificate.subject.der),
                .init(serial: [3], date: now),
            ], number: 9, thisUpdate: now, nextUpdate: now + 60)
        template.baseNumber = 7
        var point = IssuingPointTemplate()
        point.uris = ["http://crl.example/part.crl"]
        point.onlyUserCertificates = true
        point.onlyReasons = [1, 8]
        point.isIndirect = true
        template.extensions = [point.encoded]
        let list = try pair.issuing.issueRevocationList(template)
        #expect(list.number == 9 && list.baseNumber?.magnitude == [7] && list.hasCertificateIssuers)
        #expect(list.entry(for: [1])?.reason == 8 && list.entry(for: [2]) == nil)
        #expect(list.entry(for: [2], issuer: pair.root.certificate.subject)?.reason == 1)
        #expect(list.entry(for: [3], issuer: pair.root.certificate.subject)?.reason == nil)
        let openssl = try OpenSSLTool()
        try openssl.write(list.der, to: "list.crl")
        let text = try openssl.run("crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text").output
        for expected in [
            "X509v3 Delta CRL Indicator: critical", "X509v3 Issuing Distribution Point: critical", "URI:http://crl.example/part.crl",
            "Only User Certificates", "Indirect CRL", "Key Compromise, AA Compromise", "X509v3 Certificate Issuer: critical",
            "Remove From CRL",
        ] {
            #expect(text.contains(expected), "\(expected) in \(text)")
        }
        template.extensions.append(point.encoded)
        #expect(throws: IssuingFailure.extensionTwice) { try pair.issuing.issueRevocationList(template) }
    }

    @Test("authorityInfoAccess: the URIs of each method, bounded; other locations are left out")
    func access() throws {
        let pair = try TestAuthority(.p256)
        let key = try TestAuthority.holderKey(.p256)
        let leaf = try pair.leaf(
            key, extensions: [try .authorityAccess(ocsp: ["http://a.example/", "http://b.example/"], issuers: ["http://c.example/ca.cer"])])
        #expect(leaf.ocspURIs == ["http://a.example/", "http://b.example/"])
        #expect(leaf.issuerURIs == ["http://c.example/ca.cer"])
        #expect(try pair.leaf(key).ocspURIs.isEmpty)
        let long = "http://a.example/" + String(repeating: "x", count: 1024)
        let many = try pair.leaf(key, extensions: [try .authorityAccess(ocsp: [long] + (1...20).map { "http://a.example/\($0)" })])
        #expect(many.ocspURIs == (1...8).map { "http://a.example/\($0)" })
        let name = Encoding.tagged(4, pair.root.certificate.subject.der)
        let byName = CertificateExtension(
            oid: "1.3.6.1.5.5.7.1.1",
            value: Encoding.sequence(Encoding.sequence(try Encoding.objectIdentifier("1.3.6.1.5.5.7.48.1"), name)))
        #expect(try pair.leaf(key, extensions: [byName]).ocspURIs.isEmpty)
    }

    @Test("GeneralizedTime is written for every year, by century")
    func generalizedTimes() {
        #expect(Encoding.generalizedTime(Date(timeIntervalSince1970: 0)) == ListBuilder.generalizedTime("19700101000000Z"))
        #expect(Encoding.generalizedTime(Date(timeIntervalSince1970: 2_524_607_999)) == ListBuilder.generalizedTime("20491231235959Z"))
        #expect(Encoding.generalizedTime(Date(timeIntervalSince1970: 2_524_608_000)) == ListBuilder.generalizedTime("20500101000000Z"))
    }
}
