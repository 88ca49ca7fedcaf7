import Foundation
import SwiftASN1
import Testing

@testable import PKI

/// Paths over SM2 and other keys, and certificates and lists of SM2 CAs in openssl's eyes.
@Suite("SM2 chains")
struct SM2ChainTests {
    private static let now = TestAuthority.now
    private static let day = TestAuthority.day

    private func certificate(
        _ name: String, _ key: KeyPair, by issuer: IssuingAuthority, extensions: [CertificateExtension]
    ) throws -> Certificate {
        try issuer.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.3", value: name)]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: Self.now - Self.day, notAfter: Self.now + 30 * Self.day, extensions: extensions
            ))
    }

    private func list(_ issuer: IssuingAuthority, revoked: [Certificate] = []) throws -> CertificateList {
        try issuer.issueRevocationList(
            revoked: revoked.map { ($0.serial, Self.now - 60, 1) }, number: 1, thisUpdate: Self.now - 60, nextUpdate: Self.now + Self.day)
    }

    @Test(
        "paths mix SM2, P-256 and Ed25519 at will, with their lists", arguments: [KeyPair.Kind.sm2, .p256, .ed25519],
        [KeyPair.Kind.sm2, .p256])
    func mixed(_ rootKind: KeyPair.Kind, _ issuingKind: KeyPair.Kind) throws {
        let root = try TestAuthority(rootKind).root
        let issuingKey = try TestAuthority.holderKey(issuingKind)
        let issuing = IssuingAuthority(
            certificate: try certificate(
                "issuing", issuingKey, by: root, extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign, .cRLSign])]),
            key: issuingKey)
        let signing: [CertificateExtension] = [.keyUsage([.digitalSignature])]
        for kind in [KeyPair.Kind.sm2, .p256, .rsa2048] {
            let key = try TestAuthority.holderKey(kind)
            let (good, bad) = (
                try certificate("good", key, by: issuing, extensions: signing),
                try certificate("bad", key, by: issuing, extensions: signing)
            )
            let lists = [try list(root), try list(issuing, revoked: [bad])]
            let graph = TrustGraph(
                TrustList(anchors: [root.certificate], authorities: [issuing.certificate], revocationLists: lists), at: Self.now)
            #expect(try graph.validate(good, at: Self.now).certificates.count == 3)
            #expect(code { _ = try graph.validate(bad, at: Self.now) } == .certificateRevoked)
        }
    }

    @Test("a CA's signer id counts for its certificates and lists; another id refuses them")
    func signerIDOfAuthority() throws {
        let issuing = try TestAuthority(.sm2).issuing
        let root = try TestAuthority(.sm2).root
        let leaf = try TestAuthority(.sm2).leaf(TestAuthority.holderKey(.sm2))
        func verdict(_ id: [UInt8]) throws -> RefusalCode? {
            var rules = AuthorityRules()
            rules.signerID = id
            var trust = TrustList(
                anchors: [root.certificate], authorities: [issuing.certificate], revocationLists: [try list(root), try list(issuing)])
            trust.rules[AuthorityKey(subjectOf: issuing.certificate)] = rules
            let graph = TrustGraph(trust, at: Self.now)
            return code { _ = try graph.validate(leaf, at: Self.now) }
        }
        #expect(try verdict(AuthorityRules.defaultSignerID) == nil)
        #expect(try verdict(Array("1234567812345679".utf8)) == .signatureInvalid)
        #expect(try verdict([]) == .signatureInvalid)
    }

    private static func signedBytes(of list: CertificateList) throws -> SignedBytes {
        var parts = try DERSequence(try ASN1Node.parse(try list.der[...], "CertificateList"), .sequence, "CertificateList")
        let (tbs, algorithm) = (try parts.next(), try parts.next())
        return try SignedBytes(tbs: tbs, inner: algorithm, outer: algorithm, value: try parts.next())
    }

    @Test("openssl reads what an SM2 CA issues and verifies its signatures with the id")
    func openssl() throws {
        let openssl = try OpenSSLTool()
        let authority = try TestAuthority(.sm2)
        let leaf = try authority.leaf(TestAuthority.holderKey(.sm2))
        try openssl.write(leaf.pem, to: "leaf.pem")
        let text = try openssl.run("x509", "-in", "leaf.pem", "-noout", "-text").output
        #expect(text.contains("SM2-with-SM3") && text.contains("ASN1 OID: SM2"))
        let revocationList = try list(authority.issuing)
        try openssl.write(PEM.encode("X509 CRL", revocationList.der), to: "crl.pem")
        #expect(try openssl.run("crl", "-in", "crl.pem", "-noout", "-text").output.contains("SM2-with-SM3"))
        try openssl.write(PEM.encode("PUBLIC KEY", authority.issuing.key.publicKeyInfo), to: "ca.pem")
        for signed in [leaf.signature, try Self.signedBytes(of: revocationList)] {
            try openssl.write(Array(signed.signed), to: "m")
            try openssl.write(Array(signed.signature), to: "s")
            func status(_ id: String) throws -> Int32 {
                try openssl.run("dgst", "-sm3", "-sigopt", "distid:\(id)", "-verify", "ca.pem", "-signature", "s", "m").status
            }
            #expect(try status("1234567812345678") == 0)
            #expect(try status("1234567812345679") != 0)
        }
    }

    @Test("certificates that openssl signed with SM2 verify with their id", arguments: ["1234567812345678", "other"])
    func opensslCertificates(_ id: String) throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2")
        let certificate = try openssl.selfSigned(["-sm3", "-sigopt", "distid:\(id)"])
        #expect(certificate.signature.algorithm.description == "SM2_WITH_SM3")
        #expect(code { try VerificationKey(certificate.publicKeyInfo, signerID: Array(id.utf8)).verify(certificate.signature) } == nil)
        #expect(code { try VerificationKey(certificate.publicKeyInfo, signerID: [1]).verify(certificate.signature) } == .signatureInvalid)
        // Certificates carry the SEQUENCE alone.
        let parts = try [UInt8](certificate.signature.signature).rawSM2()
        let raw = SignedBytes(signed: certificate.signature.signed, algorithm: certificate.signature.algorithm, signature: parts[...])
        #expect(code { try VerificationKey(certificate.publicKeyInfo, signerID: Array(id.utf8)).verify(raw) } == .signatureInvalid)
    }

    @Test("the encryption certificate of a pair does not log in; the signing one does, by digitalSignature or nonRepudiation")
    func encryptionCertificate() throws {
        let authority = try TestAuthority(.sm2)
        let key = try TestAuthority.holderKey(.sm2)
        let trust = TrustList(
            anchors: [authority.root.certificate], authorities: [authority.issuing.certificate],
            revocationLists: [try list(authority.root), try list(authority.issuing)])
        let graph = TrustGraph(trust, at: Self.now)
        func leaf(_ usage: [KeyUsageBit]?) throws -> Certificate {
            try certificate("pair", key, by: authority.issuing, extensions: usage.map { [.keyUsage($0)] } ?? [])
        }
        func verdict(_ usage: [KeyUsageBit]?) throws -> RefusalCode? {
            let leaf = try leaf(usage)
            return code { _ = try graph.validate(leaf, at: Self.now) }
        }
        #expect(try verdict([.keyEncipherment, .dataEncipherment, .keyAgreement]) == .purposeNotPermitted)
        #expect(try verdict([.keyAgreement]) == .purposeNotPermitted)
        #expect(try verdict([.keyAgreement, .digitalSignature]) == nil)
        #expect(try verdict([.digitalSignature]) == nil)
        #expect(try verdict([.nonRepudiation]) == nil)
        #expect(try verdict(nil) == nil, "no keyUsage: any usage")
        // Only a login asks.
        let encryption = try leaf([.keyEncipherment])
        #expect(graph.examine(encryption, request: ValidationRequest(purpose: .client), at: Self.now).verdict.told == "ACCEPT")
    }
}

private struct NotASequence: Error {}

extension [UInt8] {
    /// r ‖ s of a SEQUENCE { r, s }.
    func rawSM2() throws -> [UInt8] {
        guard count > 8, self[0] == 0x30, self[2] == 2 else { throw NotASequence() }
        let r = self[4..<4 + Int(self[3])]
        let s = self[(6 + Int(self[3]))...]
        func padded(_ number: ArraySlice<UInt8>) -> [UInt8] {
            let digits = number.drop { $0 == 0 }
            return [UInt8](repeating: 0, count: 32 - digits.count) + digits
        }
        return padded(r) + padded(s)
    }
}
