import Foundation
import Testing

@testable import PKI

/// `openssl ocsp` as the responder to our requests, and as the verifier of our responses.
@Suite("OCSP, compared with openssl", .serialized)
final class OCSPOpenSSLTests {
    private let openssl: OpenSSLTool
    private let pair: TestAuthority
    private let responder: IssuingAuthority
    private let good: Certificate
    private let revoked: Certificate
    private let unknown: Certificate
    /// Of this moment: openssl's responder takes the time from the clock.
    private let now = Date().wholeSeconds

    init() throws {
        openssl = try OpenSSLTool()
        pair = try TestAuthority(.p256)
        let holder = try TestAuthority.holderKey(.p256)
        (good, revoked, unknown) = (try pair.leaf(holder), try pair.leaf(holder), try pair.leaf(holder))
        let key = try KeyPair.generate(.p256)
        let certificate = try pair.issuing.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.3", value: "responder")]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: TestAuthority.now - 3600, notAfter: TestAuthority.now + 86_400,
                extensions: [.keyUsage([.digitalSignature]), try .ocspSigning(), .ocspNoCheck]))
        responder = IssuingAuthority(certificate: certificate, key: key)
        try openssl.write(pair.root.certificate.pem, to: "root.pem")
        try openssl.write(pair.issuing.certificate.pem, to: "ca.pem")
        try openssl.write(pair.issuing.key.pem(), to: "ca.key")
        try openssl.write(certificate.pem, to: "responder.pem")
        try openssl.write(key.pem(), to: "responder.key")
        for (name, one) in [("good", good), ("revoked", revoked), ("unknown", unknown)] { try openssl.write(one.pem, to: "\(name).pem") }
        func serial(_ one: Certificate) -> String { Array(one.serial.drop { $0 == 0 }).hex.uppercased() }
        try openssl.write(
            "V\t300101000000Z\t\t\(serial(good))\tunknown\t/CN=good\n"
                + "R\t300101000000Z\t260102030405Z,keyCompromise\t\(serial(revoked))\tunknown\t/CN=revoked\n", to: "index.txt")
    }

    /// What openssl's responder answers to our request, as we read it.
    private func ask(
        _ certificate: Certificate, digest: OCSPDigest = .sha1, nonce: [UInt8]?, signer: String = "responder", _ more: String...
    ) throws -> OCSPStatus {
        let request = try OCSPRequest(about: certificate, issuer: pair.issuing.certificate, digest: digest, nonce: nonce)
        try openssl.write(request.der, to: "request.der")
        let run = try openssl.run(
            [
                "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "\(signer).pem", "-rkey", "\(signer).key", "-reqin",
                "request.der",
                "-respout", "response.der", "-ndays", "1",
            ] + more)
        #expect(run.status == 0, "\(run.output)")
        return try OCSPResponse(der: openssl.read("response.der"))
            .status(of: certificate, issuer: pair.issuing.certificate, rules: AuthorityRules(), nonce: nonce, at: now)
    }

    private func isGood(_ status: OCSPStatus) -> Bool { if case .good(let until) = status { until > now } else { false } }

    @Test(
        "openssl's responder answers our requests, delegated or as the CA, by name or key, in every digest", arguments: ["responder", "ca"])
    func theirResponses(signer: String) throws {
        for (digest, more) in [(OCSPDigest.sha1, []), (.sha256, ["-resp_key_id"]), (.sha384, []), (.sha512, [])] {
            let nonce = SecureRandom.system(32)
            let arguments = more.first
            func asked(_ certificate: Certificate, _ nonce: [UInt8]?) throws -> OCSPStatus {
                try arguments.map { try ask(certificate, digest: digest, nonce: nonce, signer: signer, $0) }
                    ?? ask(certificate, digest: digest, nonce: nonce, signer: signer)
            }
            #expect(isGood(try asked(good, nonce)))
            #expect(isGood(try asked(good, nil)))
            // 2026-01-02 03:04:05
            #expect(try asked(revoked, nonce) == .revoked(since: Date(timeIntervalSince1970: 1_767_323_045), reason: 1))
            #expect(try asked(unknown, nonce) == .unavailable("the OCSP responder does not know the certificate"))
        }
    }

    @Test("openssl reads our request as we mean it")
    func request() throws {
        let request = try OCSPRequest(
            about: good, issuer: pair.issuing.certificate, digest: .sha256, nonce: [UInt8](repeating: 0xAB, count: 32))
        try openssl.write(request.der, to: "request.der")
        let text = try openssl.run("ocsp", "-reqin", "request.der", "-req_text").output
        let name = Digest.sha256(pair.issuing.certificate.subject.der).hex.uppercased()
        #expect(text.contains("Hash Algorithm: sha256") && text.contains(name), "\(text)")
        #expect(text.contains("OCSP Nonce") && text.contains("0420" + String(repeating: "AB", count: 32)))
    }

    /// openssl's verdict on a response of ours.
    private func verified(_ template: OCSPTemplate, about name: String, signedBy signer: IssuingAuthority?, digest: String = "-sha1")
        throws -> OpenSSLTool.Result
    {
        try openssl.write(pair.issuing.issueOCSPResponse(template, signedBy: signer), to: "ours.der")
        return try openssl.run(
            "ocsp", "-respin", "ours.der", "-CAfile", "root.pem", "-verify_other", "ca.pem", "-issuer", "ca.pem", digest, "-cert",
            "\(name).pem")
    }

    @Test("openssl verifies our responses, good, revoked and unknown, delegated or by the CA", arguments: [false, true])
    func ourResponses(isDelegated: Bool) throws {
        let statuses: [(String, Certificate, OCSPTemplate.Status, String)] = [
            ("good", good, .good, "good.pem: good"), ("revoked", revoked, .revoked(since: now - 60, reason: 1), "revoked.pem: revoked"),
            ("unknown", unknown, .unknown, "unknown.pem: unknown"),
        ]
        for (name, certificate, status, told) in statuses {
            for (digest, isByKey) in [(OCSPDigest.sha1, false), (.sha256, true)] {
                var template = OCSPTemplate(
                    answers: [.init(about: certificate, status, thisUpdate: now - 60, nextUpdate: now + 3600)], producedAt: now)
                template.answers[0].digest = digest
                template.isByKey = isByKey
                template.certificates = isDelegated ? [responder.certificate] : []
                let result = try verified(
                    template, about: name, signedBy: isDelegated ? responder : nil, digest: digest == .sha1 ? "-sha1" : "-sha256")
                #expect(result.output.contains("Response verify OK") && result.output.contains(told), "\(result.output)")
            }
        }
    }

    @Test("what openssl refuses, we refuse: a responder without the purpose, and one by another CA")
    func bothRefuse() throws {
        func other(_ issuer: IssuingAuthority, _ extensions: [CertificateExtension]) throws -> IssuingAuthority {
            let certificate = try issuer.issue(
                CertificateTemplate(
                    serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.3", value: "other")]).encoded(),
                    publicKeyInfo: responder.key.publicKeyInfo, notBefore: TestAuthority.now - 60, notAfter: TestAuthority.now + 60_000,
                    extensions: extensions))
            return IssuingAuthority(certificate: certificate, key: responder.key)
        }
        let signing = CertificateExtension.keyUsage([.digitalSignature])
        for signer in [try other(pair.issuing, [signing]), try other(pair.root, [signing, try .ocspSigning(), .ocspNoCheck])] {
            var template = OCSPTemplate(answers: [.init(about: good, .good, thisUpdate: now, nextUpdate: now + 60)], producedAt: now)
            template.certificates = [signer.certificate]
            #expect(try !verified(template, about: "good", signedBy: signer).output.contains("Response verify OK"))
            let ours = try OCSPResponse(der: openssl.read("ours.der"))
                .status(of: good, issuer: pair.issuing.certificate, rules: AuthorityRules(), nonce: nil, at: now)
            #expect(!isGood(ours))
        }
    }
}
