import SwiftASN1

@testable import PKI

/// Bytes, an algorithm and a signature put together by hand.
extension SignedBytes {
    init(_ message: String, _ algorithm: SignatureAlgorithm, _ signature: [UInt8]) {
        self.init(signed: Array(message.utf8)[...], algorithm: algorithm, signature: signature[...])
    }
}

extension SignatureAlgorithm {
    /// From a dotted OID and the DER of its parameters.
    init(_ oid: String, parameters: [UInt8] = []) throws {
        let der = Encoding.sequence(try Encoding.objectIdentifier(oid), parameters)
        self = try SignatureAlgorithm(try ASN1Node.parse(der[...], "AlgorithmIdentifier"))
    }
}

/// Certificates and keys that `openssl` makes.
extension OpenSSLTool {
    /// A new key in `key.pem` from genpkey's options.
    func makeKey(_ options: String...) throws {
        let made = try run(["genpkey", "-out", "key.pem"] + options)
        guard made.status == 0 else { throw Failed(output: made.output) }
    }

    /// A self-signed certificate of `key.pem`, signed as `req`'s options say.
    func selfSigned(_ options: [String]) throws -> Certificate {
        let made = try run(["req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=x", "-outform", "DER", "-out", "c.der"] + options)
        guard made.status == 0 else { throw Failed(output: made.output) }
        return try Certificate(der: read("c.der"))
    }

    struct Failed: Error { let output: String }
}
