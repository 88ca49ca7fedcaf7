import Foundation
import Testing

@testable import PKI

/// Messages signed by Debian's `openssl cms`, as holders of keys would.
@Suite("Signed messages made by openssl")
struct SignedMessageOpenSSLTests {
    static let content = Array("hallpass-login\nhttps://localhost:8443\nnonce\n".utf8)

    private func prepare(_ openssl: borrowing OpenSSLTool, _ kind: KeyPair.Kind) throws -> (authority: TestAuthority, leaf: Certificate) {
        let authority = try TestAuthority(kind)
        let key = try TestAuthority.holderKey(kind)
        let leaf = try authority.leaf(key)
        try openssl.write(try key.pem(), to: "key.pem")
        try openssl.write(leaf.pem, to: "leaf.pem")
        try openssl.write(authority.issuing.certificate.pem, to: "chain.pem")
        try openssl.write(Self.content, to: "content")
        return (authority, leaf)
    }

    /// What Debian's openssl signs CMS with: not Ed25519, and SM2 only without the id.
    static let kinds = KeyPair.Kind.allCases.filter { $0 != .ed25519 && $0 != .sm2 }

    @Test(
        "every ordinary way of signing is accepted",
        arguments: kinds,
        [
            [], ["-nodetach"], ["-noattr"], ["-noattr", "-nodetach"], ["-keyid"], ["-nosmimecap"], ["-md", "sha384"], ["-md", "sha512"],
            ["-cades"],
        ])
    func accepted(_ kind: KeyPair.Kind, _ options: [String]) throws {
        let openssl = try OpenSSLTool()
        let (authority, leaf) = try prepare(openssl, kind)
        try sign(openssl, options + ["-certfile", "chain.pem"])
        let signer = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content)
        #expect(signer.certificate == leaf)
        #expect(signer.intermediates == [authority.issuing.certificate])
    }

    @Test(
        "other content is refused, attached or detached, with or without attributes",
        arguments: [[], ["-nodetach"], ["-noattr"], ["-noattr", "-nodetach"]])
    func otherContent(_ options: [String]) throws {
        let openssl = try OpenSSLTool()
        _ = try prepare(openssl, .p256)
        try sign(openssl, options)
        let message = try openssl.read("cms")
        for other in [[], Self.content.dropLast(), Self.content + [10]] {
            #expect(code { _ = try SignedMessage.verify(cms: message, content: Array(other)) } == .signatureInvalid)
        }
    }

    private static let pssOptions = ["-keyopt", "rsa_padding_mode:pss"]

    @Test(
        "RSASSA-PSS is accepted (RFC 4056)",
        arguments: [[], ["-md", "sha384"], ["-keyopt", "rsa_pss_saltlen:32"], ["-noattr"], ["-nodetach", "-md", "sha512"]])
    func pss(_ options: [String]) throws {
        let openssl = try OpenSSLTool()
        _ = try prepare(openssl, .rsa2048)
        try sign(openssl, Self.pssOptions + options)
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content) } == nil)
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content + [1]) } == .signatureInvalid)
    }

    @Test(
        "SHA-1 is not permitted, with PKCS#1 v1.5 or PSS",
        arguments: [["-md", "sha1"], ["-md", "sha1"] + pssOptions, pssOptions + ["-keyopt", "rsa_mgf1_md:sha1"]])
    func notPermitted(_ options: [String]) throws {
        let openssl = try OpenSSLTool()
        _ = try prepare(openssl, .rsa2048)
        try sign(openssl, options)
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content) } == .algorithmNotPermitted)
    }

    @Test("a message without certificates, with two signers, or streamed as BER is malformed")
    func malformed() throws {
        let openssl = try OpenSSLTool()
        let (authority, _) = try prepare(openssl, .p256)
        try sign(openssl, ["-nocerts"])
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content) } == .certificateMalformed)
        try sign(openssl, ["-stream", "-nodetach"])
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content) } == .certificateMalformed)
        let second = try KeyPair.generate(.p256)
        try openssl.write(try second.pem(), to: "second.key")
        try openssl.write(try authority.leaf(second).pem, to: "second.pem")
        try sign(openssl, ["-signer", "second.pem", "-inkey", "second.key"])
        #expect(code { _ = try SignedMessage.verify(cms: openssl.read("cms"), content: Self.content) } == .certificateMalformed)
    }

    private func sign(_ openssl: borrowing OpenSSLTool, _ options: [String]) throws {
        let all =
            ["cms", "-sign", "-binary", "-outform", "DER", "-in", "content", "-out", "cms", "-signer", "leaf.pem", "-inkey", "key.pem"]
            + options
        let result = try openssl.run(all)
        try #require(result.status == 0, "\(result.output)")
    }
}

/// The code that `body` is refused with; nil when it is not.
func code(_ body: () throws -> Void) -> RefusalCode? {
    do {
        try body()
        return nil
    } catch let refusal as Refusal {
        return refusal.code
    } catch {
        Issue.record(error)
        return nil
    }
}
