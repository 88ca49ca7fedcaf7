import Foundation

/// A key pair held in OpenSSL; private bytes leave only as encrypted or explicitly exported PEM. (owner: pki-issue)
package final class KeyPair: Sendable {
    package enum Kind: String, Sendable, Codable { case rsa2048 = "rsa-2048", rsa3072 = "rsa-3072", p256 = "p-256", p384 = "p-384" }
    package static func generate(_ kind: Kind) throws -> KeyPair { fatalError("stub") }
    /// PKCS#8 PEM, unencrypted or (with a password) encrypted.
    package init(pem: String, password: String? = nil) throws { fatalError("stub") }
    package func pem() throws -> String { fatalError("stub") }
    /// DER SubjectPublicKeyInfo.
    package var publicKeyInfo: [UInt8] { fatalError("stub") }
}

/// A PKCS#10 request (RFC 2986) whose own signature has been verified.
package struct CertificateRequest: Sendable {
    package let subject: DistinguishedName
    package let publicKeyInfo: [UInt8]
    /// PEM or DER. Throws `certificate_malformed`, `signature_invalid`, `algorithm_not_permitted` (weak keys).
    package init(bytes: [UInt8]) throws(Refusal) { fatalError("stub") }
}

/// A CA that can sign: the platform CA in the server, every CA in the demo federation.
package struct IssuingAuthority: Sendable {
    package let certificate: Certificate
    package let key: KeyPair
    package init(certificate: Certificate, key: KeyPair) {
        self.certificate = certificate
        self.key = key
    }
    /// A sub-certificate for a colleague: subject and extensions are ours, only the public key is the request's.
    /// The identity extension is what the platform CA's own profile reads back (see `ca/`): USCC and a holder id.
    package func issueSubCertificate(
        for request: CertificateRequest, commonName: String, organization: String, uscc: String, holder: String,
        serial: [UInt8], notBefore: Date, notAfter: Date, revocationListURI: String?
    ) throws -> Certificate { fatalError("stub") }
    /// A full CRL (RFC 5280 §5) over these serials. Reason: CRLReason codes of §5.3.1 (6 = certificateHold).
    package func issueRevocationList(
        revoked: [(serial: [UInt8], date: Date, reason: Int)], number: Int, thisUpdate: Date, nextUpdate: Date
    ) throws -> CertificateList { fatalError("stub") }
}
