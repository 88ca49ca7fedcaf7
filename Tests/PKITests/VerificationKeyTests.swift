import Testing

@testable import PKI

/// Each algorithm with its own key, and with everybody else's.
@Suite("Verification keys")
struct VerificationKeyTests {
    private func verdict(_ key: KeyPair, _ algorithm: SignatureAlgorithm, _ signature: [UInt8], message: String = "message") -> RefusalCode?
    {
        code { try VerificationKey(key.publicKeyInfo).verify(SignedBytes(message, algorithm, signature)) }
    }

    @Test("a signature verifies with its key; altered, cut, or over other bytes it does not", arguments: KeyPair.Kind.allCases)
    func own(_ kind: KeyPair.Kind) throws {
        let key = try TestAuthority.holderKey(kind)
        let algorithm = try #require(SignatureAlgorithm(kind.scheme))
        let signature = try key.sign(Array("message".utf8))
        #expect(verdict(key, algorithm, signature) == nil)
        #expect(verdict(key, algorithm, signature, message: "messagE") == .signatureInvalid)
        #expect(verdict(key, algorithm, signature.dropLast()) == .signatureInvalid)
        #expect(verdict(key, algorithm, signature + [0]) == .signatureInvalid)
        #expect(verdict(key, algorithm, []) == .signatureInvalid)
        var altered = signature
        altered[signature.count / 2] ^= 1
        #expect(verdict(key, algorithm, altered) == .signatureInvalid)
    }

    @Test("one verification key serves many signatures from many threads")
    func shared() async throws {
        let key = try TestAuthority.holderKey(.sm2)
        let verification = try VerificationKey(key.publicKeyInfo)
        let algorithm = try #require(SignatureAlgorithm(.sm2))
        try await withThrowingTaskGroup { group in
            for number in 0..<64 {
                group.addTask {
                    let signature = try key.sign(Array("\(number)".utf8))
                    try verification.verify(SignedBytes("\(number)", algorithm, signature))
                    #expect(throws: Refusal.self) { try verification.verify(SignedBytes("other", algorithm, signature)) }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("no kind of key verifies another kind's algorithm", arguments: KeyPair.Kind.allCases, KeyPair.Kind.allCases)
    func crossed(_ kind: KeyPair.Kind, _ other: KeyPair.Kind) throws {
        let (key, stranger) = (try TestAuthority.holderKey(kind), try TestAuthority.holderKey(other))
        let signature = try key.sign(Array("message".utf8))
        let named = try #require(SignatureAlgorithm(other.scheme))
        if kind.scheme != other.scheme { #expect(verdict(key, named, signature) == .signatureInvalid, "another algorithm's name") }
        if kind != other {
            let own = try #require(SignatureAlgorithm(kind.scheme))
            #expect(verdict(stranger, own, signature) == .signatureInvalid, "another key")
        }
    }

    @Test("SM2 and ECDSA share the form of keys: the curve decides, never the algorithm's name")
    func curves() throws {
        let (sm2, p256) = (try TestAuthority.holderKey(.sm2), try TestAuthority.holderKey(.p256))
        let ecdsa = try #require(SignatureAlgorithm(.ecdsa(.sha256)))
        let withSM3 = try #require(SignatureAlgorithm(.sm2))
        #expect(verdict(sm2, ecdsa, try sm2.sign(Array("message".utf8))) == .signatureInvalid)
        #expect(verdict(p256, withSM3, try p256.sign(Array("message".utf8))) == .signatureInvalid)
        #expect(
            throws: Refusal(.signatureInvalid, "the signature does not verify with the issuer's key: the algorithm is not one of its key")
        ) {
            try VerificationKey(sm2.publicKeyInfo).verify(SignedBytes("message", ecdsa, [0x30, 0]))
        }
    }

    @Test("an SM2 signature counts with the signer's id it was made with, and no other is tried")
    func signerID() throws {
        let key = try TestAuthority.holderKey(.sm2)
        let algorithm = try #require(SignatureAlgorithm(.sm2))
        let ids = [AuthorityRules.defaultSignerID, Array("1234567812345679".utf8), Array("ALICE123@YAHOO.COM".utf8), []]
        for (made, id) in ids.enumerated() {
            let signature = try key.sign(Array("message".utf8), signerID: id)
            for (given, other) in ids.enumerated() {
                let verdict = code {
                    try VerificationKey(key.publicKeyInfo, signerID: other).verify(SignedBytes("message", algorithm, signature))
                }
                #expect(verdict == (made == given ? nil : .signatureInvalid))
            }
        }
    }

    @Test("parameters that an algorithm does not have are refused; NULL where it may stand is not")
    func parameters() throws {
        let null = Encoding.null
        for (kind, oid, isNullAllowed) in [
            (KeyPair.Kind.rsa2048, "1.2.840.113549.1.1.11", true), (.p256, "1.2.840.10045.4.3.2", false), (.ed25519, "1.3.101.112", false),
            (.sm2, "1.2.156.10197.1.501", true),
        ] {
            let key = try TestAuthority.holderKey(kind)
            let signature = try key.sign(Array("message".utf8))
            #expect(verdict(key, try SignatureAlgorithm(oid), signature) == nil)
            #expect(
                verdict(key, try SignatureAlgorithm(oid, parameters: null), signature) == (isNullAllowed ? nil : .algorithmNotPermitted))
            #expect(verdict(key, try SignatureAlgorithm(oid, parameters: Encoding.integer(1)), signature) == .algorithmNotPermitted)
        }
    }

    @Test("keys that are no point of their curve, hybrid, of a wrong length, or with parameters they do not have, are refused")
    func malformedKeys() throws {
        let point = Array(try TestAuthority.holderKey(.p256).publicKeyInfo.suffix(65))
        func key(_ parameters: [UInt8], _ point: [UInt8]) throws -> RefusalCode? {
            let algorithm = Encoding.sequence(try Encoding.objectIdentifier("1.2.840.10045.2.1"), parameters)
            return code { _ = try VerificationKey(Encoding.sequence(algorithm, Encoding.bitString(point))) }
        }
        let (p256, sm2) = (try Encoding.objectIdentifier("1.2.840.10045.3.1.7"), try Encoding.objectIdentifier("1.2.156.10197.1.301"))
        #expect(try key(p256, point) == nil)
        #expect(try key(p256, [2 + point[64] % 2] + point[1...32]) == nil, "compressed")
        #expect(try key(p256, [6 + point[64] % 2] + point[1...]) == .certificateMalformed, "hybrid")
        #expect(try key(p256, point.dropLast()) == .certificateMalformed)
        #expect(try key(p256, [0]) == .certificateMalformed, "infinity")
        #expect(try key(sm2, point) == .algorithmNotPermitted, "a point of another curve")
        #expect(try key(try Encoding.objectIdentifier("1.3.132.0.10"), point) == .algorithmNotPermitted, "secp256k1")
        #expect(try key([], point) == .algorithmNotPermitted)
        #expect(try key(Encoding.sequence(Encoding.integer(1)), point) == .algorithmNotPermitted, "explicit parameters")
    }

    @Test("Ed25519 keys have no parameters and 32 octets (RFC 8410 §3); Ed448 is not supported")
    func edwards() throws {
        let bytes = Array(try TestAuthority.holderKey(.ed25519).publicKeyInfo.suffix(32))
        func key(_ oid: String, _ parameters: [UInt8], _ bytes: [UInt8]) throws -> RefusalCode? {
            let algorithm = Encoding.sequence(try Encoding.objectIdentifier(oid), parameters)
            return code { _ = try VerificationKey(Encoding.sequence(algorithm, Encoding.bitString(bytes))) }
        }
        #expect(try key("1.3.101.112", [], bytes) == nil)
        #expect(try key("1.3.101.112", Encoding.null, bytes) == .certificateMalformed)
        #expect(try key("1.3.101.112", [], bytes + [0]) == .certificateMalformed)
        #expect(try key("1.3.101.113", [], bytes + [UInt8](repeating: 0, count: 25)) == .algorithmNotPermitted)
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "ed448")
        let certificate = try openssl.selfSigned([])
        #expect(certificate.signature.algorithm.description == "ED448")
        #expect(code { try VerificationKey(certificate.publicKeyInfo).verify(certificate.signature) } == .algorithmNotPermitted)
        let ours = try VerificationKey(TestAuthority.holderKey(.ed25519).publicKeyInfo)
        #expect(code { try ours.verify(certificate.signature) } == .algorithmNotPermitted)
    }
}
