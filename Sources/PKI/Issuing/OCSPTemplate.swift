import Foundation

/// What an OCSP response is to say (RFC 6960 §4.2.1); who signs is told to `IssuingAuthority.issueOCSPResponse`.
package struct OCSPTemplate: Sendable {
    package enum Status: Sendable {
        case good
        /// CRLReason (RFC 5280 §5.3.1); nil: left out.
        case revoked(since: Date, reason: UInt8?)
        case unknown
    }

    package struct Answer: Sendable {
        package var certificate: Certificate
        /// The key that is hashed as the issuer's (DER SubjectPublicKeyInfo); nil: the CA's.
        package var issuerKey: [UInt8]?
        package var digest = OCSPDigest.sha1
        package var status: Status
        package var thisUpdate: Date
        package var nextUpdate: Date?
        package var extensions: [CertificateExtension] = []

        package init(about certificate: Certificate, _ status: Status, thisUpdate: Date, nextUpdate: Date?) {
            self.certificate = certificate
            self.status = status
            self.thisUpdate = thisUpdate
            self.nextUpdate = nextUpdate
        }
    }

    package var answers: [Answer]
    package var producedAt: Date
    package var nonce: [UInt8]?
    package var extensions: [CertificateExtension] = []
    /// ResponderID byKey instead of byName.
    package var isByKey = false
    /// In certs: the responder's own.
    package var certificates: [Certificate] = []

    package init(answers: [Answer], producedAt: Date, nonce: [UInt8]? = nil) {
        self.answers = answers
        self.producedAt = producedAt
        self.nonce = nonce
    }

    /// ResponseData.
    func encoded(issuerKey: [UInt8], responder: Certificate) throws -> [UInt8] {
        let identifier =
            isByKey
            ? Encoding.tagged(2, Encoding.octetString(Digest.sha1(try OCSPCertID.keyBits(responder.publicKeyInfo))))
            : Encoding.tagged(1, responder.subject.der)
        let all = (nonce.map { [.ocspNonce($0)] } ?? []) + extensions
        return Encoding.sequence(
            identifier, Encoding.generalizedTime(producedAt),
            Encoding.sequence(of: try answers.map { try $0.encoded(issuerKey: issuerKey) }),
            try Self.tagged(all))
    }

    /// [1] EXPLICIT Extensions OPTIONAL
    fileprivate static func tagged(_ extensions: [CertificateExtension]) throws -> [UInt8] {
        extensions.isEmpty ? [] : Encoding.tagged(1, Encoding.sequence(of: try extensions.map { try $0.encoded() }))
    }
}

extension OCSPTemplate.Answer {
    /// SingleResponse.
    fileprivate func encoded(issuerKey: [UInt8]) throws -> [UInt8] {
        let id = try OCSPCertID(of: certificate, issuerKey: self.issuerKey ?? issuerKey, by: digest)
        return Encoding.sequence(
            try id.encoded(), encodedStatus, Encoding.generalizedTime(thisUpdate),
            nextUpdate.map { Encoding.tagged(0, Encoding.generalizedTime($0)) } ?? [], try OCSPTemplate.tagged(extensions))
    }

    private var encodedStatus: [UInt8] {
        switch status {
        case .good: Encoding.tagged(0, contents: [])
        case .revoked(let since, let reason):
            Encoding.tagged(
                1, Encoding.generalizedTime(since), reason.map { Encoding.tagged(0, Encoding.enumerated($0)) } ?? [])
        case .unknown: Encoding.tagged(2, contents: [])
        }
    }
}

extension IssuingAuthority {
    /// An OCSP response about this CA's certificates, signed by `responder`, or by the CA itself.
    package func issueOCSPResponse(_ template: OCSPTemplate, signedBy responder: IssuingAuthority? = nil) throws -> [UInt8] {
        let signer = responder ?? self
        let data = try template.encoded(issuerKey: certificate.publicKeyInfo, responder: signer.certificate)
        let certificates = template.certificates.map(\.der)
        let basic = Encoding.sequence(
            data, try signer.key.signatureAlgorithm, Encoding.bitString(try signer.key.sign(data)),
            certificates.isEmpty ? [] : Encoding.tagged(0, Encoding.sequence(of: certificates)))
        let type = try Encoding.objectIdentifier(ObjectIdentifier.ocspBasic.description)
        return Encoding.sequence(
            Encoding.enumerated(0), Encoding.tagged(0, Encoding.sequence(type, Encoding.octetString(basic))))
    }

    /// A response that only says why there is no answer (OCSPResponseStatus, RFC 6960 §4.2.1): 3 is tryLater, 6 unauthorized.
    package static func refusingOCSPResponse(status: UInt8) -> [UInt8] { Encoding.sequence(Encoding.enumerated(status)) }
}

extension CertificateExtension {
    /// extKeyUsage of a delegated responder (RFC 6960 §4.2.2.2).
    package static func ocspSigning() throws -> CertificateExtension {
        let purpose = try Encoding.objectIdentifier(ObjectIdentifier.ocspSigning.description)
        return CertificateExtension(oid: "2.5.29.37", value: Encoding.sequence(purpose))
    }
    /// RFC 6960 §4.2.2.2.1: the responder's certificate is not asked about as long as it is valid.
    package static var ocspNoCheck: CertificateExtension {
        CertificateExtension(oid: ObjectIdentifier.ocspNoCheck.description, value: Encoding.null)
    }
    /// authorityInfoAccess (RFC 5280 §4.2.2.1) with URIs.
    package static func authorityAccess(ocsp: [String], issuers: [String] = []) throws -> CertificateExtension {
        func descriptions(_ method: String, _ uris: [String]) throws -> [[UInt8]] {
            try uris.map { Encoding.sequence(try Encoding.objectIdentifier(method), Encoding.tagged(6, contents: $0.utf8)) }
        }
        let all = try descriptions("1.3.6.1.5.5.7.48.1", ocsp) + descriptions("1.3.6.1.5.5.7.48.2", issuers)
        return CertificateExtension(oid: "1.3.6.1.5.5.7.1.1", value: Encoding.sequence(of: all))
    }
}

extension Encoding {
    /// GeneralizedTime whatever the year, as OCSP has it (RFC 6960 §4.2.2.1); whole seconds.
    static func generalizedTime(_ date: Date) -> [UInt8] {
        let encoded = time(date)
        guard encoded.first == 0x17 else { return encoded }
        let century: [UInt8] = encoded[2] >= UInt8(ascii: "5") ? Array("19".utf8) : Array("20".utf8)
        return [0x18, 15] + century + encoded[2...]
    }
}
