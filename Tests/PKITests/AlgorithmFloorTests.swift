import Testing

@testable import PKI

/// What is too weak unless somebody asks for it: certificates of openssl.
@Suite("Algorithm floor")
struct AlgorithmFloorTests {
    private func verdict(_ one: Certificate, _ floor: AlgorithmFloor) -> RefusalCode? {
        code { try VerificationKey(one.publicKeyInfo, floor: floor).verify(one.signature) }
    }

    @Test("RSA of 1024 bits needs a lower floor; of 1000 bits no floor lets it pass")
    func rsa() throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
        let short = try openssl.selfSigned(["-sha256"])
        #expect(verdict(short, .standard) == .algorithmNotPermitted)
        #expect(verdict(short, .legacy) == nil)
        #expect(verdict(short, AlgorithmFloor(minimumRSABits: 1025)) == .algorithmNotPermitted)
        try openssl.makeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1000")
        #expect(verdict(try openssl.selfSigned(["-sha256"]), .legacy) == .algorithmNotPermitted)
    }

    @Test(
        "SHA-1 needs a lower floor, with RSA and ECDSA",
        arguments: [["RSA", "rsa_keygen_bits:2048", "RSA_WITH_SHA1"], ["EC", "ec_paramgen_curve:P-256", "ECDSA_WITH_SHA1"]])
    func sha1(_ kind: [String]) throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", kind[0], "-pkeyopt", kind[1])
        let certificate = try openssl.selfSigned(["-sha1"])
        #expect(certificate.signature.algorithm.description == kind[2])
        #expect(verdict(certificate, .standard) == .algorithmNotPermitted)
        #expect(verdict(certificate, .legacy) == nil)
    }

    @Test("MD5 and SHA-224 verify under no floor, by name", arguments: [["-md5", "RSA_WITH_MD5"], ["-sha224", "RSA_WITH_SHA224"]])
    func never(_ digest: [String]) throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
        let certificate = try openssl.selfSigned([digest[0]])
        #expect(certificate.signature.algorithm.description == digest[1])
        #expect(verdict(certificate, .legacy) == .algorithmNotPermitted)
    }

    @Test("DSA needs a lower floor", arguments: [["-sha1", "1024", "160"], ["-sha256", "2048", "256"]])
    func dsa(_ options: [String]) throws {
        let openssl = try OpenSSLTool()
        try openssl.run(
            "genpkey", "-genparam", "-algorithm", "DSA", "-out", "p.pem", "-pkeyopt", "dsa_paramgen_bits:\(options[1])", "-pkeyopt",
            "dsa_paramgen_q_bits:\(options[2])")
        try openssl.makeKey("-paramfile", "p.pem")
        let certificate = try openssl.selfSigned([options[0]])
        #expect(verdict(certificate, .standard) == .algorithmNotPermitted)
        #expect(verdict(certificate, AlgorithmFloor(allowsSHA1: true)) == .algorithmNotPermitted)
        #expect(verdict(certificate, .legacy) == nil)
        if options[0] == "-sha1" { #expect(verdict(certificate, AlgorithmFloor(allowsDSA: true)) == .algorithmNotPermitted) }
    }

    /// PKITS 4.1.5: the issuing CA's key says only y.
    @Test("a DSA key without parameters verifies with its issuer's alone (RFC 5280 §6.1.4)")
    func inheritance() throws {
        let inherited = try #require(PKITSTests.cases.first { $0.id == "pkits::signature-verification::4.1.5" })
        let own = try #require(PKITSTests.cases.first { $0.id == "pkits::signature-verification::4.1.4" })
        let leaf = try Certificate.list(pem: inherited.peerCertificate)[0]
        let list = inherited.list()
        let issuer = try #require((list.authorities).first { $0.subject == leaf.issuer })
        let above = try #require((list.authorities + list.anchors).first { $0.subject == issuer.issuer })
        #expect(try PublicKey(info: issuer.publicKeyInfo).lacksParameters)
        #expect(try PublicKey(info: issuer.publicKeyInfo).dsaParameters == nil)
        let parameters = try #require(try PublicKey(info: above.publicKeyInfo).dsaParameters)
        func verdict(_ parameters: DSAParameters?, _ floor: AlgorithmFloor) -> RefusalCode? {
            code { try VerificationKey(issuer.publicKeyInfo, inheriting: parameters, floor: floor).verify(leaf.signature) }
        }
        #expect(verdict(parameters, .legacy) == nil)
        #expect(verdict(nil, .legacy) == .algorithmNotPermitted)
        #expect(verdict(parameters, .standard) == .algorithmNotPermitted)
        let stranger = try Certificate.list(pem: own.peerCertificate)[0]
        #expect(
            code { try VerificationKey(issuer.publicKeyInfo, inheriting: parameters, floor: .legacy).verify(stranger.signature) }
                == .signatureInvalid)
        // Parameters of its own are never replaced.
        let other = try DSAParameters(
            try .parse(
                Encoding.sequence(
                    Encoding.integer(magnitude: Array(parameters.p)), Encoding.integer(magnitude: Array(parameters.q)), Encoding.integer(2))[
                        ...], "Dss-Parms"))
        #expect(code { try VerificationKey(above.publicKeyInfo, inheriting: other, floor: .legacy).verify(issuer.signature) } == nil)
        #expect(verdict(other, .legacy) == .signatureInvalid)
    }

    @Test("a floor of the settings counts for CAs and for what they signed")
    func settings() throws {
        let one = try #require(PKITSTests.cases.first { $0.id == "pkits::signature-verification::4.1.4" })
        let leaf = try Certificate.list(pem: one.peerCertificate)[0]
        func verdict(_ floor: AlgorithmFloor) -> String {
            var settings = one.settings
            settings.floor = floor
            return TrustGraph(one.list(), at: one.time, settings: settings).examine(leaf, request: one.request(), at: one.time).verdict.told
        }
        #expect(verdict(.legacy) == "ACCEPT")
        #expect(verdict(.standard) == "algorithm_not_permitted")
    }

    @Test("every name of x509-limbo that we verify is the name of its algorithm")
    func names() throws {
        let schemes: [(SignatureScheme, String)] = [
            (.rsa(.sha1), "RSA_WITH_SHA1"), (.rsa(.sha256), "RSA_WITH_SHA256"), (.rsa(.sha384), "RSA_WITH_SHA384"),
            (.rsa(.sha512), "RSA_WITH_SHA512"), (.ecdsa(.sha1), "ECDSA_WITH_SHA1"), (.ecdsa(.sha256), "ECDSA_WITH_SHA256"),
            (.ecdsa(.sha384), "ECDSA_WITH_SHA384"), (.ecdsa(.sha512), "ECDSA_WITH_SHA512"), (.dsa(.sha1), "DSA_WITH_SHA1"),
            (.dsa(.sha256), "DSA_WITH_SHA256"), (.ed25519, "ED25519"),
        ]
        for (scheme, name) in schemes { #expect(SignatureAlgorithm(scheme)?.description == name) }
        #expect(try SignatureAlgorithm("1.2.840.113549.1.1.10").description == "RSASSA_PSS")
        #expect(SignatureAlgorithm(.rsa(.sm3)) == nil && SignatureAlgorithm(.ecdsa(.sm3)) == nil)
    }
}
