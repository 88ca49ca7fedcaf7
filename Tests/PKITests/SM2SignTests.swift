import Foundation
import SwiftASN1
import Testing

@testable import PKI

/// `scripts/sm2-sign`, whose SM2 is gmssl's: an implementation that shares nothing with OpenSSL's. Python is that of `make test`.
@Suite("SM2 messages made by gmssl")
struct SM2SignTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../.."
    ).standardizedFileURL

    /// A holder's files beside the script.
    private struct Signer {
        let folder: URL
        let leaf: Certificate
        let key: KeyPair

        init(in openssl: borrowing OpenSSLTool) throws {
            folder = openssl.folder
            key = try TestAuthority.holderKey(.sm2)
            leaf = try TestAuthority(.sm2).leaf(key)
            try openssl.write(try key.pem(), to: "key.pem")
            try openssl.write(leaf.pem, to: "leaf.pem")
            try openssl.write(try TestAuthority(.sm2).issuing.certificate.pem, to: "chain.pem")
            try openssl.write(MessageBuilder.content, to: "content")
        }

        /// What the script prints, decoded; nil when it failed.
        func sign(_ options: [String], key: String = "key.pem") throws -> [UInt8]? {
            let process = Process()
            let output = Pipe()
            process.executableURL = SM2SignTests.root.appending(path: ".build/venv/bin/python")
            process.currentDirectoryURL = folder
            process.arguments =
                [
                    SM2SignTests.root.appending(path: "scripts/sm2-sign").path(), "--key", key,
                    "--certificate", "leaf.pem",
                ] + options + ["content"]
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { return nil }
            return Data(
                base64Encoded: String(decoding: text, as: UTF8.self).trimmingCharacters(
                    in: .whitespacesAndNewlines)
            ).map(Array.init)
        }
    }

    @Test(
        "each form is accepted, with the chain that goes along",
        arguments: [[], ["--raw"], ["--rfc5652"], ["--rfc5652", "--raw", "--attached"]],
        [[], ["--attributes"]])
    func accepted(_ options: [String], _ attributes: [String]) throws {
        let openssl = try OpenSSLTool()
        let signer = try Signer(in: openssl)
        let message = try #require(try signer.sign(options + attributes + ["--chain", "chain.pem"]))
        let found = try SignedMessage.verify(cms: message, content: MessageBuilder.content)
        #expect(found.certificate == signer.leaf)
        #expect(found.intermediates == [try TestAuthority(.sm2).issuing.certificate])
        #expect(
            code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content + [1]) }
                == .signatureInvalid)
    }

    @Test("another signer id is refused, unless it is the one handed in")
    func signerID() throws {
        let openssl = try OpenSSLTool()
        let message = try #require(try Signer(in: openssl).sign(["--signer-id", "other"]))
        #expect(
            code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content) }
                == .signatureInvalid)
        #expect(
            code {
                _ = try SignedMessage.verify(
                    cms: message, content: MessageBuilder.content, userSignerID: Array("other".utf8))
            } == nil)
    }

    @Test("keys are read from PKCS#8 and SEC 1; one that is not the certificate's signs nothing")
    func keys() throws {
        let openssl = try OpenSSLTool()
        let signer = try Signer(in: openssl)
        // PrivateKeyInfo holds the ECPrivateKey of SEC 1 in its OCTET STRING (RFC 5958 §2, RFC 5915 §3).
        let der = try #require(PEM.blocks("PRIVATE KEY", in: try signer.key.pem())?.first)
        var info = try DERSequence(.parse(der[...], "PrivateKeyInfo"), .sequence, "PrivateKeyInfo")
        _ = try (info.next(), info.next())
        try openssl.write(
            PEM.encode("EC PRIVATE KEY", Array(try info.next().octets("privateKey"))), to: "sec1.pem")
        let message = try #require(try signer.sign([], key: "sec1.pem"))
        #expect(
            code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content) } == nil)
        try openssl.write(try KeyPair.generate(.sm2).pem(), to: "other.pem")
        #expect(try signer.sign([], key: "other.pem") == nil)
    }
}
