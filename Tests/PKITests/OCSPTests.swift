import Foundation
import Testing

@testable import PKI

@Suite("OCSP: what a response says")
struct OCSPTests {
    private let pair: TestAuthority
    private let leaf: Certificate
    private let now = TestAuthority.now
    private let nonce = [UInt8](repeating: 7, count: 32)
    private var ca: IssuingAuthority { pair.issuing }

    init() throws {
        pair = try TestAuthority(.p256)
        leaf = try pair.leaf(try TestAuthority.holderKey(.p256))
    }

    private func template(_ status: OCSPTemplate.Status = .good) -> OCSPTemplate {
        OCSPTemplate(
            answers: [.init(about: leaf, status, thisUpdate: now - 60, nextUpdate: now + 3600)], producedAt: now - 60, nonce: nonce)
    }

    /// A responder's certificate by `issuer`, for its own or another key.
    private func responder(
        by issuer: IssuingAuthority? = nil, key: KeyPair? = nil, extensions: [CertificateExtension]? = nil, from: Date? = nil,
        until: Date? = nil
    ) throws -> IssuingAuthority {
        let key = try key ?? KeyPair.generate(.p256)
        let certificate = try (issuer ?? ca).issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.3", value: "OCSP 应答")]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: from ?? now - 3600, notAfter: until ?? now + 86_400,
                extensions: try extensions ?? [.keyUsage([.digitalSignature]), .ocspSigning(), .ocspNoCheck]))
        return IssuingAuthority(certificate: certificate, key: key)
    }

    private func status(
        _ template: OCSPTemplate, signedBy responder: IssuingAuthority? = nil, of certificate: Certificate? = nil, nonce: [UInt8]?? = nil,
        at time: Date? = nil, limits: OCSPRules = .init(), responderFault: ((Certificate) -> String?)? = nil
    ) throws -> OCSPStatus {
        var template = template
        if let responder, template.certificates.isEmpty { template.certificates = [responder.certificate] }
        let response = try OCSPResponse(der: ca.issueOCSPResponse(template, signedBy: responder))
        let (asked, sent, time) = (certificate ?? leaf, nonce ?? self.nonce, time ?? now)
        guard let responderFault else {
            return response.status(
                of: asked, issuer: ca.certificate, rules: AuthorityRules(), nonce: sent, at: time, limits: limits)
        }
        return response.status(
            of: asked, issuer: ca.certificate, rules: AuthorityRules(), nonce: sent, at: time, limits: limits,
            responderFault: responderFault)
    }

    private func why(_ status: OCSPStatus) -> String? { if case .unavailable(let why) = status { why } else { nil } }

    @Test("good, revoked and unknown, signed by the CA itself, named by name or by key")
    func statuses() throws {
        for isByKey in [false, true] {
            var good = template()
            good.isByKey = isByKey
            #expect(try status(good) == .good(until: now + 3600))
            var revoked = template(.revoked(since: now - 90, reason: 1))
            revoked.isByKey = isByKey
            #expect(try status(revoked) == .revoked(since: now - 90, reason: 1))
        }
        #expect(try status(template(.revoked(since: now - 90, reason: nil))) == .revoked(since: now - 90, reason: nil))
        #expect(why(try status(template(.unknown))) == "the OCSP responder does not know the certificate")
    }

    @Test("an answer by any known digest counts, for this certificate alone", arguments: OCSPDigest.allCases)
    func otherCertificates(_ digest: OCSPDigest) throws {
        var right = template()
        right.answers[0].digest = digest
        #expect(try status(right) == .good(until: now + 3600))
        let other = try pair.leaf(try TestAuthority.holderKey(.p256))
        #expect(why(try status(right, of: other))?.contains("answers 0 times") == true)
        // The same serial number under another key, and by another issuer's name.
        var wrongKey = right
        wrongKey.answers[0].issuerKey = pair.root.certificate.publicKeyInfo
        #expect(why(try status(wrongKey))?.contains("answers 0 times") == true)
        let foreign = try pair.root.issue(
            CertificateTemplate(
                serial: leaf.serial, subject: leaf.subject.der, publicKeyInfo: leaf.publicKeyInfo, notBefore: now - 60, notAfter: now + 60,
                extensions: []))
        var wrongName = right
        wrongName.answers[0].certificate = foreign
        #expect(why(try status(wrongName))?.contains("answers 0 times") == true)
        #expect(why(try status(right, of: foreign))?.contains("another issuer") == true)
    }

    @Test("of several answers the certificate's own is told; two for one certificate tell nothing")
    func several() throws {
        let other = try pair.leaf(try TestAuthority.holderKey(.p256))
        var two = template()
        two.answers.insert(.init(about: other, .revoked(since: now, reason: 1), thisUpdate: now, nextUpdate: now + 60), at: 0)
        #expect(try status(two) == .good(until: now + 3600))
        two.answers.append(.init(about: leaf, .revoked(since: now, reason: 1), thisUpdate: now, nextUpdate: now + 60))
        #expect(why(try status(two))?.contains("answers 2 times") == true)
        two.answers = []
        #expect(why(try status(two))?.contains("answers 0 times") == true)
    }

    @Test("a delegated responder counts, by name or key, with the CA's chain beside it")
    func delegated() throws {
        let responder = try responder()
        for isByKey in [false, true] {
            var one = template()
            one.isByKey = isByKey
            one.certificates = [ca.certificate, responder.certificate]
            #expect(try status(one, signedBy: responder) == .good(until: now + 3600))
        }
    }

    @Test("SM2 with SM3, under the signer id of the CA's entry and no other")
    func sm2() throws {
        let pair = try TestAuthority(.sm2)
        let leaf = try pair.leaf(try TestAuthority.holderKey(.sm2))
        var template = OCSPTemplate(answers: [.init(about: leaf, .good, thisUpdate: now, nextUpdate: now + 60)], producedAt: now)
        template.answers[0].digest = .sm3
        let response = try OCSPResponse(der: pair.issuing.issueOCSPResponse(template))
        func status(_ rules: AuthorityRules) -> OCSPStatus {
            response.status(of: leaf, issuer: pair.issuing.certificate, rules: rules, nonce: nil, at: now)
        }
        #expect(status(AuthorityRules()) == .good(until: now + 60))
        var other = AuthorityRules()
        other.signerID = Array("another".utf8)
        #expect(why(status(other))?.contains("does not verify") == true)
        let list = try pair.issuing.issueRevocationList(
            revoked: [(leaf.serial, now, 1)], number: 1, thisUpdate: now, nextUpdate: now + 60)
        let key = AuthorityKey(subjectOf: pair.issuing.certificate)
        for (rules, code) in [(AuthorityRules(), nil), (other, RefusalCode.signatureInvalid)] {
            let signer = Authority(key, publicKeyInfo: pair.issuing.certificate.publicKeyInfo, rules: rules, floor: .standard)
            #expect(list.signatureFault(by: signer)?.code == code)
        }
    }

    @Test("a responder that the CA did not delegate to is refused, each for its reason")
    func wrongResponders() throws {
        func fault(_ responder: IssuingAuthority) throws -> String? { why(try status(template(), signedBy: responder)) }
        let signing = CertificateExtension.keyUsage([.digitalSignature])
        #expect(try fault(responder(extensions: [signing, .ocspNoCheck]))?.contains("id-kp-OCSPSigning") == true)
        #expect(
            try fault(responder(extensions: [signing, .extendedKeyUsage([.clientAuth]), .ocspNoCheck]))?.contains("id-kp-OCSPSigning")
                == true)
        let any = CertificateExtension(oid: "2.5.29.37", value: Encoding.sequence(try Encoding.objectIdentifier("2.5.29.37.0")))
        #expect(try fault(responder(extensions: [signing, any, .ocspNoCheck]))?.contains("id-kp-OCSPSigning") == true)
        #expect(
            try fault(responder(extensions: [.keyUsage([.keyEncipherment]), .ocspSigning(), .ocspNoCheck]))?.contains("keyUsage") == true)
        #expect(try fault(responder(from: now + 1))?.contains("not valid now") == true)
        #expect(try fault(responder(until: now - 1))?.contains("not valid now") == true)
        #expect(try fault(responder(by: pair.root))?.contains("of another CA") == true)
        let critical = CertificateExtension(oid: "1.2.3.4", critical: true, value: Encoding.null)
        #expect(try fault(responder(extensions: [signing, .ocspSigning(), .ocspNoCheck, critical]))?.contains("1.2.3.4") == true)
        // The CA's name, but not its key: another CA of the same name issued the responder.
        let impostor = try IssuingAuthority.selfSigned(
            subject: NameTemplate([.init(oid: "2.5.4.6", value: "CN"), .init(oid: "2.5.4.3", value: "测试签发 p-256")]),
            key: try KeyPair.generate(.p256), serial: [1], notBefore: now - 7200, notAfter: now + 90_000,
            extensions: [.certificateAuthority(pathLength: nil)])
        #expect(impostor.certificate.subject == ca.certificate.subject)
        #expect(try fault(responder(by: impostor))?.contains("does not verify") == true)
        #expect(try fault(impostor)?.contains("does not verify") == true || fault(impostor)?.contains("id-kp") == true)
    }

    @Test("the signature must be that of the responder named, whose certificate is there")
    func signatures() throws {
        let (named, other) = (try responder(), try responder())
        var one = template()
        one.certificates = [other.certificate]
        one.isByKey = true
        #expect(why(try status(one, signedBy: named))?.contains("neither the CA nor in the response") == true)
        // A certificate of the CA for that name, whose key did not sign.
        one.isByKey = false
        #expect(why(try status(one, signedBy: named))?.contains("does not verify") == true)
        var der = try ca.issueOCSPResponse(template())
        der[der.count - 1] ^= 1
        let altered = try OCSPResponse(der: der).status(
            of: leaf, issuer: ca.certificate, rules: AuthorityRules(), nonce: nonce, at: now)
        #expect(why(altered)?.contains("does not verify") == true)
    }

    @Test("without id-pkix-ocsp-nocheck somebody must say that the responder is good")
    func responderStatus() throws {
        let responder = try responder(extensions: [.keyUsage([.digitalSignature]), .ocspSigning()])
        #expect(why(try status(template(), signedBy: responder))?.contains("nothing tells whether") == true)
        #expect(why(try status(template(), signedBy: responder) { _ in "revoked at noon" }) == "revoked at noon")
        #expect(
            try status(template(), signedBy: responder) { $0 == responder.certificate ? nil : "another" } == .good(until: now + 3600))
        // Not asked of the CA itself, nor of an exempt one; a nocheck that is no NULL exempts nobody.
        #expect(try status(template()) { _ in "asked" } == .good(until: now + 3600))
        #expect(try status(template(), signedBy: self.responder()) { _ in "asked" } == .good(until: now + 3600))
        let odd = CertificateExtension(oid: "1.3.6.1.5.5.7.48.1.5", value: Encoding.integer(1))
        #expect(why(try status(template(), signedBy: self.responder(extensions: [.ocspSigning(), odd])) { _ in "asked" }) == "asked")
    }

    @Test("another nonce is refused; a missing one only when the answer is old; one that was not asked for does not matter")
    func nonces() throws {
        var one = template()
        one.nonce = [UInt8](repeating: 8, count: 32)
        #expect(why(try status(one))?.contains("another nonce") == true)
        one.nonce = Array(nonce.dropLast())
        #expect(why(try status(one))?.contains("another nonce") == true)
        #expect(try status(template(), nonce: .some(nil)) == .good(until: now + 3600))
        one.nonce = nil
        #expect(try status(one) == .good(until: now + 3600))
        one.answers[0].thisUpdate = now - 86_401
        #expect(why(try status(one))?.contains("does not repeat the nonce") == true)
        #expect(try status(one, nonce: .some(nil)) == .good(until: now + 3600))
        one.nonce = nonce
        #expect(try status(one) == .good(until: now + 3600))
    }

    @Test("times: not in the future beyond the skew, not past nextUpdate, without it at most an hour old")
    func times() throws {
        var one = template()
        one.answers[0].thisUpdate = now + 300
        #expect(try status(one) == .good(until: now + 3600))
        one.answers[0].thisUpdate = now + 301
        #expect(why(try status(one))?.contains("in the future") == true)
        one = template()
        one.producedAt = now + 301
        #expect(why(try status(one))?.contains("in the future") == true)
        one = template()
        #expect(try status(one, at: now + 3600) == .good(until: now + 3600))
        #expect(why(try status(one, at: now + 3601))?.contains("expired") == true)
        one.answers[0].nextUpdate = now - 120
        #expect(why(try status(one))?.contains("expired") == true)
        one.answers[0].nextUpdate = nil
        #expect(try status(one) == .good(until: now - 60 + 3600))
        #expect(why(try status(one, at: now - 60 + 3601))?.contains("expired") == true)
        var limits = OCSPRules()
        limits.maximumAgeWithoutEnd = 30
        #expect(why(try status(one, limits: limits))?.contains("expired") == true)
        // A nextUpdate before its thisUpdate.
        one.answers[0].thisUpdate = now + 100
        one.answers[0].nextUpdate = now + 50
        #expect(why(try status(one))?.contains("expired") == true)
    }

    @Test("critical extensions that are not understood make the response or the answer tell nothing")
    func extensions() throws {
        let unknown = CertificateExtension(oid: "1.2.3.4", value: Encoding.null)
        let critical = CertificateExtension(oid: "1.2.3.4", critical: true, value: Encoding.null)
        var one = template()
        one.extensions = [unknown]
        one.answers[0].extensions = [unknown]
        #expect(try status(one) == .good(until: now + 3600))
        one.extensions = [critical]
        #expect(why(try status(one))?.contains("1.2.3.4") == true)
        one.extensions = []
        one.answers[0].extensions = [critical]
        #expect(why(try status(one))?.contains("1.2.3.4") == true)
    }

    @Test("a request is refused with a nonce of another length")
    func requestNonce() throws {
        #expect(throws: Refusal.self) { try OCSPRequest(about: leaf, issuer: ca.certificate, nonce: [1]) }
        #expect(throws: Refusal.self) { try OCSPRequest(about: leaf, issuer: ca.certificate, nonce: [UInt8](repeating: 0, count: 33)) }
        #expect(try OCSPRequest(about: leaf, issuer: ca.certificate, nonce: nil).nonce == nil)
    }
}
