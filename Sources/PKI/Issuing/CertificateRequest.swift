import SwiftASN1

/// A PKCS#10 request (RFC 2986) whose own signature has been verified: whoever sent it holds the key.
///
///     CertificationRequest ::= SEQUENCE { certificationRequestInfo, signatureAlgorithm, signature BIT STRING }
///     CertificationRequestInfo ::= SEQUENCE { version INTEGER (0), subject Name, subjectPKInfo, attributes [0] IMPLICIT SET }
package struct CertificateRequest: Sendable {
    package let subject: DistinguishedName
    /// DER SubjectPublicKeyInfo: RSA of 2048 bits and more, P-256, P-384, P-521, Ed25519 or SM2.
    package let publicKeyInfo: [UInt8]

    /// Far longer than a request with an RSA-8192 key and a long name.
    static let maximumLength = 16 * 1024

    /// PEM or DER. An SM2 request is signed with the default signer id: it says no other.
    ///
    /// Throws `certificate_malformed`, `signature_invalid`, `algorithm_not_permitted` (weak keys, or signed with SHA-1).
    package init(bytes: [UInt8]) throws(Refusal) {
        let signature: SignedBytes
        do throws(Malformed) {
            let der = try Self.der(bytes)
            var request = try DERSequence(try ASN1Node.parse(der[...], "CertificationRequest"), .sequence, "CertificationRequest")
            let info = try request.next()
            let algorithm = try SignatureAlgorithm(try request.next())
            let (octets, unused) = try request.next().bits("signature")
            try request.finish()
            guard unused == 0 else { throw Malformed("signature: not whole octets") }
            signature = SignedBytes(signed: info.encodedBytes, algorithm: algorithm, signature: octets)

            var fields = try DERSequence(info, .sequence, "CertificationRequestInfo")
            guard try fields.next().count("version") == 0 else { throw Malformed("version is not 0") }
            subject = try DistinguishedName(node: try fields.next())
            let key = try fields.next()
            _ = try DERSequence(key, .sequence, "subjectPKInfo")
            publicKeyInfo = Array(key.encodedBytes)
            // Attributes ask for extensions, which are the CA's to decide: they are passed over. Some old software leaves them out.
            _ = fields.next(if: .context(0))
            try fields.finish()
        } catch {
            throw Refusal(.certificateMalformed, "certificate request: \(error.reason)")
        }
        try VerificationKey(publicKeyInfo).verify(signature)
    }

    private static func der(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        guard bytes.count <= maximumLength else { throw Malformed("more than \(maximumLength) bytes") }
        guard bytes.first != 0x30 else { return bytes }
        let text = String(decoding: bytes, as: UTF8.self)
        let blocks = (PEM.blocks("CERTIFICATE REQUEST", in: text) ?? []) + (PEM.blocks("NEW CERTIFICATE REQUEST", in: text) ?? [])
        guard blocks.count == 1 else { throw Malformed("neither DER nor exactly one CERTIFICATE REQUEST block") }
        return blocks[0]
    }
}
