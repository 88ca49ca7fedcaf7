import SwiftASN1

/// Asks a responder about one certificate (RFC 6960 §4.1), unsigned.
///
///     OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { requestList SEQUENCE OF SEQUENCE { reqCert CertID },
///                                                      requestExtensions [2] EXPLICIT Extensions OPTIONAL } }
package struct OCSPRequest: Sendable {
    package let der: [UInt8]
    package let nonce: [UInt8]?

    /// The length that RFC 8954 §2.1 asks of clients.
    package static let nonceLength = 32

    /// `nonce`: `nonceLength` random bytes; nil for a request that caches may answer (RFC 5019). Throws `certificate_malformed`.
    package init(about certificate: Certificate, issuer: Certificate, digest: OCSPDigest = .sha1, nonce: [UInt8]?) throws(Refusal) {
        guard nonce?.count ?? Self.nonceLength == Self.nonceLength else {
            throw Refusal(.certificateMalformed, "an OCSP nonce of \(nonce?.count ?? 0) bytes (RFC 8954 §2.1)")
        }
        do {
            let name = try OCSPCertID(of: certificate, issuerKey: issuer.publicKeyInfo, by: digest)
            let extensions = try nonce.map { Encoding.tagged(2, Encoding.sequence(try CertificateExtension.ocspNonce($0).encoded())) } ?? []
            der = Encoding.sequence(Encoding.sequence(Encoding.sequence(Encoding.sequence(try name.encoded())), extensions))
            self.nonce = nonce
        } catch {
            throw Refusal(.certificateMalformed, "OCSP request: \((error as? Malformed)?.reason ?? "\(error)")")
        }
    }
}

extension CertificateExtension {
    /// RFC 8954 §2.1: Nonce ::= OCTET STRING
    static func ocspNonce(_ nonce: [UInt8]) -> CertificateExtension {
        CertificateExtension(oid: ObjectIdentifier.ocspNonce.description, value: Encoding.octetString(nonce))
    }
}
