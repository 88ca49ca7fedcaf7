import Foundation
import SwiftASN1

/// A CA that can sign: the platform CA in the server, every CA in the demo federation.
package struct IssuingAuthority: Sendable {
    package let certificate: Certificate
    package let key: KeyPair
    package init(certificate: Certificate, key: KeyPair) {
        self.certificate = certificate
        self.key = key
    }

    /// A self-signed root; `extensions` say that it is a CA.
    package static func selfSigned(
        subject: NameTemplate, key: KeyPair, serial: [UInt8], notBefore: Date, notAfter: Date, extensions: [CertificateExtension]
    ) throws -> IssuingAuthority {
        let name = try subject.encoded()
        let template = CertificateTemplate(
            serial: serial, subject: name, publicKeyInfo: key.publicKeyInfo, notBefore: notBefore, notAfter: notAfter,
            extensions: extensions)
        let identifier = try PublicKeyIdentifier.of(publicKeyInfo: key.publicKeyInfo)
        let der = try template.signed(by: key, issuer: name, issuerKeyIdentifier: identifier)
        return IssuingAuthority(certificate: try Certificate(der: der), key: key)
    }

    /// Signs a certificate of any kind: leaf, intermediate CA, cross-certificate. Throws `IssuingFailure`.
    package func issue(_ template: CertificateTemplate) throws -> Certificate {
        guard key.publicKeyInfo == certificate.publicKeyInfo else { throw IssuingFailure.keyIsNotTheCertificates }
        guard template.notAfter <= certificate.notAfter else { throw IssuingFailure.outlivesItsIssuer }
        let der = try template.signed(by: key, issuer: certificate.subject.der, issuerKeyIdentifier: try keyIdentifier)
        return try Certificate(der: der)
    }

    /// A sub-certificate for a colleague: subject and extensions are ours, only the public key is the request's.
    ///
    /// The legal person stands in the subject as `organizationIdentifier` = `NTRCN-<USCC>` (ETSI EN 319 412-1 §5.1.4), the holder as
    /// `serialNumber`: what the platform CA's profile in the trust list reads back.
    package func issueSubCertificate(
        for request: CertificateRequest, commonName: String, organization: String, uscc: String, holder: String,
        serial: [UInt8], notBefore: Date, notAfter: Date, revocationListURI: String?
    ) throws -> Certificate {
        let subject = NameTemplate([
            .init(oid: "2.5.4.6", value: "CN"), .init(oid: "2.5.4.10", value: organization),
            .init(oid: "2.5.4.97", value: "NTRCN-\(uscc)"), .init(oid: "2.5.4.5", value: holder), .init(oid: "2.5.4.3", value: commonName),
        ])
        let extensions: [CertificateExtension] =
            [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth])]
            + (revocationListURI.map { [.revocationListURI($0)] } ?? [])
        return try issue(
            CertificateTemplate(
                serial: serial, subject: try subject.encoded(), publicKeyInfo: request.publicKeyInfo, notBefore: notBefore,
                notAfter: notAfter, extensions: extensions))
    }

    /// A full CRL (RFC 5280 §5) over these serials. Reason: CRLReason codes of §5.3.1 (6 = certificateHold).
    package func issueRevocationList(
        revoked: [(serial: [UInt8], date: Date, reason: Int)], number: Int, thisUpdate: Date, nextUpdate: Date
    ) throws -> CertificateList {
        try issueRevocationList(
            RevocationListTemplate(
                entries: revoked.map { .init(serial: $0.serial, date: $0.date, reason: $0.reason) }, number: number, thisUpdate: thisUpdate,
                nextUpdate: nextUpdate))
    }

    /// The CA's own subject key identifier, computed when its certificate has none.
    var keyIdentifier: [UInt8] {
        get throws {
            guard let value = certificate.extensionValue("2.5.29.14") else {
                return try PublicKeyIdentifier.of(publicKeyInfo: certificate.publicKeyInfo)
            }
            return Array(try ASN1OctetString(derEncoded: value).bytes)
        }
    }
}
