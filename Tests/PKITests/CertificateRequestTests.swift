import Testing

@testable import PKI

@Suite("Certificate requests")
struct CertificateRequestTests {
    private func request(_ options: [String], form: String = "PEM") throws -> [UInt8] {
        let openssl = try OpenSSLTool()
        let result = try openssl.run(
            ["req", "-new", "-nodes", "-keyout", "k.pem", "-out", "r", "-outform", form, "-subj", "/C=CN/CN=holder", "-newkey"] + options)
        try #require(result.status == 0, "\(result.output)")
        return try openssl.read("r")
    }

    @Test(
        "requests of openssl are read, PEM or DER",
        arguments: [
            ["rsa:2048"], ["rsa:3072"], ["rsa:2048", "-sigopt", "rsa_padding_mode:pss"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-521", "-sha512"], ["ed25519"],
        ],
        ["PEM", "DER"])
    func accepted(_ options: [String], _ form: String) throws {
        let read = try CertificateRequest(bytes: request(options, form: form))
        #expect(read.subject.commonName == "holder")
        #expect(read.publicKeyInfo.first == 0x30)
    }

    @Test(
        "weak and unsupported keys and digests are not permitted",
        arguments: [["rsa:1024"], ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], ["ed448"], ["rsa:2048", "-sha1"]])
    func weak(_ options: [String]) throws {
        let bytes = try request(options)
        #expect(code { _ = try CertificateRequest(bytes: bytes) } == .algorithmNotPermitted)
    }

    @Test("an SM2 request counts with the default signer id alone")
    func signerID() throws {
        let openssl = try OpenSSLTool()
        try openssl.makeKey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2")
        func verdict(_ id: String) throws -> RefusalCode? {
            let options = ["-sm3", "-sigopt", "distid:\(id)", "-key", "key.pem", "-subj", "/CN=holder", "-out", "r"]
            let result = try openssl.run(["req", "-new"] + options)
            try #require(result.status == 0, "\(result.output)")
            let bytes = try openssl.read("r")
            return code { _ = try CertificateRequest(bytes: bytes) }
        }
        #expect(try verdict("1234567812345678") == nil)
        #expect(try verdict("1234567812345679") == .signatureInvalid)
        #expect(try verdict("x") == .signatureInvalid)
    }

    @Test("a request whose signature was not made by its key is refused")
    func proofOfPossession() throws {
        var bytes = try request(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], form: "DER")
        let name = try #require(bytes.firstIndex(of: UInt8(ascii: "h")))
        bytes[name] = UInt8(ascii: "H")
        #expect(code { _ = try CertificateRequest(bytes: bytes) } == .signatureInvalid)
    }

    @Test("what is no single request is malformed")
    func malformed() throws {
        let der = try request(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], form: "DER")
        let pem = try request(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        func read(_ bytes: [UInt8]) -> RefusalCode? { code { _ = try CertificateRequest(bytes: bytes) } }
        #expect(der.indices.allSatisfy { read(Array(der.prefix($0))) == .certificateMalformed })
        for bytes in [der + [0], pem + pem, Array("hello".utf8), [], [UInt8](repeating: 0x30, count: 20_000)] {
            #expect(read(bytes) == .certificateMalformed)
        }
    }
}
