import Testing

@testable import PKI

@Suite("Key pairs")
struct KeyPairTests {
    @Test("a key survives PEM, plain and encrypted, and openssl reads it", arguments: KeyPair.Kind.allCases)
    func pem(_ kind: KeyPair.Kind) throws {
        let openssl = try OpenSSLTool()
        let key = try KeyPair.generate(kind)
        #expect(key.kind == kind)
        #expect(try KeyPair(pem: try key.pem()).publicKeyInfo == key.publicKeyInfo)
        let encrypted = try key.pem(encryptedWith: "密码 1")
        #expect(encrypted.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        #expect(try KeyPair(pem: encrypted, password: "密码 1").kind == kind)
        #expect(throws: KeyPair.Failure.unreadable) { try KeyPair(pem: encrypted, password: "other") }
        #expect(throws: KeyPair.Failure.unreadable) { try KeyPair(pem: encrypted) }
        try openssl.write(try key.pem(), to: "k.pem")
        #expect(try openssl.run("pkey", "-in", "k.pem", "-noout", "-check").status == 0)
    }

    @Test("text that is no key, and keys that are not supported, are refused")
    func refused() throws {
        let openssl = try OpenSSLTool()
        #expect(throws: KeyPair.Failure.unreadable) { try KeyPair(pem: "") }
        #expect(throws: KeyPair.Failure.unreadable) { try KeyPair(pem: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n") }
        for options in [
            ["rsa", "-pkeyopt", "rsa_keygen_bits:1024"], ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], ["ed448"],
            ["rsa", "-pkeyopt", "rsa_keygen_bits:2560"],
        ] {
            try openssl.run(["genpkey", "-out", "k.pem", "-algorithm"] + options)
            let text = String(decoding: try openssl.read("k.pem"), as: UTF8.self)
            #expect(throws: KeyPair.Failure.unsupported) { try KeyPair(pem: text) }
        }
    }

    @Test("openssl verifies our signatures", arguments: KeyPair.Kind.allCases)
    func signatures(_ kind: KeyPair.Kind) throws {
        let openssl = try OpenSSLTool()
        let key = try KeyPair.generate(kind)
        try openssl.write(try key.pem(), to: "k.pem")
        try openssl.write("message", to: "m")
        try openssl.write(try key.sign(Array("message".utf8)), to: "s")
        let arguments: [String] =
            switch kind {
            case .ed25519: ["pkeyutl", "-verify", "-inkey", "k.pem", "-rawin", "-in", "m", "-sigfile", "s"]
            case .sm2: ["dgst", "-sm3", "-sigopt", "distid:1234567812345678", "-prverify", "k.pem", "-signature", "s", "m"]
            case .p384: ["dgst", "-sha384", "-prverify", "k.pem", "-signature", "s", "m"]
            case .p521: ["dgst", "-sha512", "-prverify", "k.pem", "-signature", "s", "m"]
            case .rsa2048, .rsa3072, .rsa4096, .p256: ["dgst", "-sha256", "-prverify", "k.pem", "-signature", "s", "m"]
            }
        #expect(try openssl.run(arguments).status == 0)
        #expect(key.verifies(try openssl.read("s"), over: Array("message".utf8)))
        #expect(!key.verifies(try openssl.read("s"), over: Array("messagE".utf8)))
        try openssl.write("messagE", to: "m")
        #expect(try openssl.run(arguments).status != 0)
    }

    @Test("openssl's SM2 signatures verify here, with the id they were made with")
    func sm2() throws {
        let openssl = try OpenSSLTool()
        let key = try KeyPair.generate(.sm2)
        try openssl.write(try key.pem(), to: "k.pem")
        try openssl.write("message", to: "m")
        for id in ["1234567812345678", "other"] {
            try openssl.run("dgst", "-sm3", "-sigopt", "distid:\(id)", "-sign", "k.pem", "-out", "s", "m")
            let signature = try openssl.read("s")
            #expect(key.verifies(signature, over: Array("message".utf8), signerID: Array(id.utf8)))
            #expect(!key.verifies(signature, over: Array("message".utf8), signerID: Array("another".utf8)))
        }
    }

    @Test(
        "PKCS#12 opens with its password alone and holds key, certificate and chain",
        arguments: [KeyPair.Kind.rsa2048, .p256, .p521, .ed25519])
    func pkcs12(_ kind: KeyPair.Kind) throws {
        let openssl = try OpenSSLTool()
        let authority = try TestAuthority(kind)
        let key = try KeyPair.generate(kind)
        let chain = [authority.issuing.certificate, authority.root.certificate]
        let bag = try key.pkcs12(certificate: try authority.leaf(key), chain: chain, name: "陈思远", password: "right")
        try openssl.write(bag, to: "b.p12")
        let opened = try openssl.run("pkcs12", "-in", "b.p12", "-passin", "pass:right", "-nodes")
        #expect(opened.status == 0)
        #expect(opened.output.split(separator: "BEGIN CERTIFICATE", omittingEmptySubsequences: false).count == 4)
        #expect(opened.output.contains("BEGIN PRIVATE KEY"))
        #expect(try openssl.run("pkcs12", "-in", "b.p12", "-passin", "pass:wrong", "-nodes").status != 0)
        // A certificate that is not the key's is refused by OpenSSL.
        #expect(throws: (any Error).self) { try key.pkcs12(certificate: authority.root.certificate, chain: [], name: "x", password: "y") }
    }

    @Test("no PKCS#12 is made of an SM2 key")
    func pkcs12OfSM2() throws {
        let key = try KeyPair.generate(.sm2)
        let certificate = try TestAuthority(.sm2).leaf(key)
        #expect(throws: KeyPair.Failure.unsupported) { try key.pkcs12(certificate: certificate, chain: [], name: "x", password: "y") }
    }
}
