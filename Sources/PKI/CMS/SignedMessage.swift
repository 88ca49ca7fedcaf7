import SwiftASN1

/// Verifying a challenge's signature: CMS SignedData (RFC 5652 §5), attached or detached, exactly one SignerInfo.
///
/// What SM2 messages write in their own way (GB/T 35275's content types, algorithms without a digest, raw r ‖ s) is normalised by
/// `MessageContentType`, `SignatureAlgorithm.agreed` and `SM2Signature`, and verified once, by the same rules.
package enum SignedMessage {
    /// Who signed, as the message itself says: the signature over exactly `content` is verified, the certificate is NOT yet validated.
    package struct Signer: Sendable {
        package let certificate: Certificate
        /// The other certificates in the message, for path building.
        package let intermediates: [Certificate]
    }

    /// Throws `certificate_malformed` (not SignedData, not exactly one signer, no signer certificate, trailing bytes, over 64 KiB),
    /// `signature_invalid`, `algorithm_not_permitted`. `userSignerID` is the id that users sign with by SM2.
    package static func verify(
        cms der: [UInt8], content: [UInt8], userSignerID: [UInt8] = AuthorityRules.defaultSignerID
    ) throws(Refusal) -> Signer {
        let message: SignedData
        do throws(Malformed) { message = try SignedData(der: der) } catch { throw Refusal(.certificateMalformed, "CMS: \(error.reason)") }
        guard MessageContentType(message.contentType) == .data else {
            throw Refusal(.certificateMalformed, "CMS: content of type \(message.contentType), not id-data (RFC 5652 §4)")
        }
        let certificate = try signerCertificate(of: message)
        let signed = try signedBytes(of: message, content: content)
        try VerificationKey(certificate.publicKeyInfo, signerID: userSignerID).verify(signed)
        return Signer(certificate: certificate, intermediates: message.certificates.filter { $0 != certificate })
    }

    private static func signerCertificate(of message: SignedData) throws(Refusal) -> Certificate {
        let named = message.certificates.filter(message.signer.names)
        guard named.count == 1 else {
            throw Refusal(.certificateMalformed, "CMS: \(named.count) of the message's certificates are the signer's, not exactly one")
        }
        return named[0]
    }

    /// What the signature must be over, after everything that binds it to `content` has been checked (RFC 5652 §5.4, §5.6).
    private static func signedBytes(of message: SignedData, content: [UInt8]) throws(Refusal) -> SignedBytes {
        let signer = message.signer
        guard let digest = DigestAlgorithm(signer.digestAlgorithm) else {
            throw Refusal(.algorithmNotPermitted, "digest algorithm \(signer.digestAlgorithm) is not permitted")
        }
        let algorithm = try signer.signatureAlgorithm.agreed(with: digest)
        let signature = try algorithm.scheme(under: .standard) == .sm2 ? SM2Signature.sequence(signer.signature) : signer.signature
        guard message.digestAlgorithms.contains(signer.digestAlgorithm) else {
            throw Refusal(.certificateMalformed, "CMS: digestAlgorithms does not hold the signer's digest (RFC 5652 §5.1)")
        }
        guard message.content.map({ $0 == content }) ?? true else {
            throw Refusal(.signatureInvalid, "the message carries other content than was to be signed")
        }
        guard let attributes = signer.signedAttributes else {
            return SignedBytes(signed: content[...], algorithm: algorithm, signature: signature[...])
        }
        guard attributes.contentType == message.contentType else {
            throw Refusal(.signatureInvalid, "the signed content type is not the message's (RFC 5652 §11.1)")
        }
        guard constantTimeEquals(attributes.messageDigest, digest.digest(content)) else {
            throw Refusal(.signatureInvalid, "the signed digest is not that of the content to be signed (RFC 5652 §5.6)")
        }
        return SignedBytes(signed: attributes.signed[...], algorithm: algorithm, signature: signature[...])
    }
}

extension SignedBytes {
    init(signed: ArraySlice<UInt8>, algorithm: SignatureAlgorithm, signature: ArraySlice<UInt8>) {
        self.signed = signed
        self.algorithm = algorithm
        self.signature = signature
    }
}
