import Testing

@testable import PKI

@Suite("RSASSA-PSS")
struct PSSTests {
    private func verdict(_ one: Certificate, _ floor: AlgorithmFloor = .standard) -> RefusalCode? {
        code { try VerificationKey(one.publicKeyInfo, floor: floor).verify(one.signature) }
    }

    private static func options(_ digest: String, salt: String, mask: String? = nil) -> [String] {
        ["-\(digest)", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)"]
            + (mask.map { ["-sigopt", "rsa_mgf1_md:\($0)"] } ?? [])
    }

    @Test(
        "certificates of openssl verify, with any salt that fits", arguments: ["sha256", "sha384", "sha512"],
        ["0", "20", "32", "64", "max"])
    func accepted(_ digest: String, _ salt: String) throws {
        let openssl = try OpenSSLTool()
        try openssl.write(try TestAuthority.holderKey(.rsa2048).pem(), to: "key.pem")
        let certificate = try openssl.selfSigned(Self.options(digest, salt: salt))
        #expect(certificate.signature.algorithm.description == "RSASSA_PSS")
        #expect(verdict(certificate) == nil)
    }

    @Test("MGF1 over another digest is not permitted; SHA-1 only under a lower floor")
    func digests() throws {
        let openssl = try OpenSSLTool()
        try openssl.write(try TestAuthority.holderKey(.rsa2048).pem(), to: "key.pem")
        #expect(verdict(try openssl.selfSigned(Self.options("sha256", salt: "32", mask: "sha512"))) == .algorithmNotPermitted)
        #expect(verdict(try openssl.selfSigned(Self.options("sha256", salt: "32", mask: "sha1")), .legacy) == .algorithmNotPermitted)
        let old = try openssl.selfSigned(Self.options("sha1", salt: "20"))
        #expect(verdict(old) == .algorithmNotPermitted)
        #expect(verdict(old, .legacy) == nil)
    }

    @Test("the salt must be as long as the parameters say")
    func saltLength() throws {
        let openssl = try OpenSSLTool()
        try openssl.write(try TestAuthority.holderKey(.rsa2048).pem(), to: "key.pem")
        let certificate = try openssl.selfSigned(Self.options("sha256", salt: "32"))
        let signature = certificate.signature
        func verdict(_ salt: Int) throws -> RefusalCode? {
            let algorithm = try SignatureAlgorithm(Self.oid, parameters: Self.parameters(salt: Encoding.integer(salt)))
            let bytes = SignedBytes(signed: signature.signed, algorithm: algorithm, signature: signature.signature)
            return code { try VerificationKey(certificate.publicKeyInfo).verify(bytes) }
        }
        #expect(try verdict(32) == nil)
        for other in [0, 31, 33, 222, 223, 1024] { #expect(try verdict(other) == .signatureInvalid, "\(other)") }
        for other in [1025, 70_000] { #expect(try verdict(other) == .algorithmNotPermitted, "\(other)") }
        #expect(try verdict(1) == .signatureInvalid)
    }

    @Test("a key for PSS alone verifies no PKCS#1 v1.5, and keeps its own parameters (RFC 4055 §1.2, §3.3)")
    func restrictedKeys() throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
        let free = try openssl.selfSigned(Self.options("sha384", salt: "48"))
        #expect(verdict(free) == nil)
        let algorithm = try #require(SignatureAlgorithm(.rsa(.sha256)))
        let other = SignedBytes(signed: free.signature.signed, algorithm: algorithm, signature: free.signature.signature)
        #expect(code { try VerificationKey(free.publicKeyInfo).verify(other) } == .signatureInvalid)

        try openssl.makeKey(
            "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt",
            "rsa_pss_keygen_mgf1_md:sha256", "-pkeyopt", "rsa_pss_keygen_saltlen:32")
        let restricted = try openssl.selfSigned(Self.options("sha256", salt: "48"))
        #expect(verdict(restricted) == nil, "a longer salt is allowed")
        let allowed = try PSSParameters(Self.parameters(salt: Encoding.integer(32))[...])
        #expect(allowed.fault(of: PSSParameters(digest: .sha256, saltLength: 31)) != nil)
        #expect(allowed.fault(of: PSSParameters(digest: .sha384, saltLength: 32)) != nil)
        #expect(allowed.fault(of: PSSParameters(digest: .sha256, saltLength: 32)) == nil)
        // The same key and signature under a name that says a shorter salt: refused before anything is computed.
        let shorter = try SignatureAlgorithm(Self.oid, parameters: Self.parameters(salt: Encoding.integer(16)))
        let short = SignedBytes(signed: restricted.signature.signed, algorithm: shorter, signature: restricted.signature.signature)
        #expect(throws: Refusal.self) { try VerificationKey(restricted.publicKeyInfo).verify(short) }
    }

    private static let oid = "1.2.840.113549.1.1.10"
    private static func digest(_ oid: String) -> [UInt8] { (try? Encoding.sequence(Encoding.objectIdentifier(oid), Encoding.null)) ?? [] }
    private static let sha256 = digest("2.16.840.1.101.3.4.2.1")
    private static let sha1 = digest("1.3.14.3.2.26")
    private static func mask(_ digest: [UInt8], _ oid: String = "1.2.840.113549.1.1.8") -> [UInt8] {
        (try? Encoding.sequence(Encoding.objectIdentifier(oid), digest)) ?? []
    }

    private static func parameters(
        hash: [UInt8]? = sha256, mask: [UInt8]? = mask(sha256), salt: [UInt8]? = Encoding.integer(32), trailer: [UInt8]? = nil,
        more: [UInt8] = []
    ) -> [UInt8] {
        Encoding.sequence(
            hash.map { Encoding.tagged(0, $0) } ?? [], mask.map { Encoding.tagged(1, $0) } ?? [], salt.map { Encoding.tagged(2, $0) } ?? [],
            trailer.map { Encoding.tagged(3, $0) } ?? [], more)
    }

    @Test("parameters are read strictly")
    func strict() throws {
        #expect(try PSSParameters(Self.parameters()[...]) == PSSParameters(digest: .sha256, saltLength: 32))
        #expect(try PSSParameters([0x30, 0]) == PSSParameters(digest: .sha1, saltLength: 20), "the DEFAULTs")
        #expect(try PSSParameters(Self.parameters(salt: nil)[...]).saltLength == 20)
        let wrong: [(String, [UInt8])] = [
            ("trailer 1, the DEFAULT", Self.parameters(trailer: Encoding.integer(1))),
            ("trailer 2", Self.parameters(trailer: Encoding.integer(2))),
            ("a salt of 20, the DEFAULT", Self.parameters(salt: Encoding.integer(20))),
            ("a negative salt", Self.parameters(salt: [2, 1, 0xFF])),
            ("a salt in too many octets", Self.parameters(salt: [2, 2, 0, 32])),
            ("a salt that is no INTEGER", Self.parameters(salt: Encoding.octetString([32]))),
            ("SHA-1 written out", Self.parameters(hash: Self.sha1, mask: nil)), ("MGF1 missing", Self.parameters(mask: nil)),
            ("a digest missing", Self.parameters(hash: nil)), ("another mask", Self.parameters(mask: Self.mask(Self.sha256, Self.oid))),
            ("MGF1 without digest", Self.parameters(mask: Self.mask([]))),
            ("SM3", Self.parameters(hash: Self.digest("1.2.156.10197.1.401"))),
            ("MD5", Self.parameters(hash: Self.digest("1.2.840.113549.2.5"))), ("something behind", Self.parameters(more: Encoding.null)),
            ("bytes behind", Self.parameters() + [0]), ("no SEQUENCE", Encoding.null), ("nothing", []),
        ]
        for (what, der) in wrong { #expect(throws: Malformed.self, "\(what)") { try PSSParameters(der[...]) } }
        let key = try VerificationKey(TestAuthority.holderKey(.rsa2048).publicKeyInfo)
        for parameters in [[], Encoding.null, Self.parameters(trailer: Encoding.integer(1))] {
            let algorithm = try SignatureAlgorithm(Self.oid, parameters: parameters)
            #expect(code { try key.verify(SignedBytes("message", algorithm, [1])) } == .algorithmNotPermitted)
        }
    }
}
