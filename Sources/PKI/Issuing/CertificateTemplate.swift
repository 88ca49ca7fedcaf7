import Foundation

/// What a certificate is to say (RFC 5280 §4.1.2); the issuer, its key and the signature algorithm come from the CA that signs.
package struct CertificateTemplate: Sendable {
    /// Positive, big-endian.
    package var serial: [UInt8]
    /// DER Name.
    package var subject: [UInt8]
    /// DER SubjectPublicKeyInfo.
    package var publicKeyInfo: [UInt8]
    package var notBefore: Date
    package var notAfter: Date
    /// In this order; the key identifiers are added by the CA.
    package var extensions: [CertificateExtension]

    package init(
        serial: [UInt8], subject: [UInt8], publicKeyInfo: [UInt8], notBefore: Date, notAfter: Date, extensions: [CertificateExtension]
    ) {
        self.serial = serial
        self.subject = subject
        self.publicKeyInfo = publicKeyInfo
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.extensions = extensions
    }

    /// The DER certificate signed by `key` in the name of `issuer` (DER Name); `issuerKeyIdentifier` as RFC 5280 §4.2.1.1 asks.
    func signed(by key: KeyPair, issuer: [UInt8], issuerKeyIdentifier: [UInt8]) throws -> [UInt8] {
        guard notBefore <= notAfter else { throw IssuingFailure.validityEndsBeforeItStarts }
        let own = try PublicKeyIdentifier.of(publicKeyInfo: publicKeyInfo)
        let all = extensions + [.subjectKeyIdentifier(own), .authorityKeyIdentifier(issuerKeyIdentifier)]
        guard Set(all.map(\.oid)).count == all.count else { throw IssuingFailure.extensionTwice }
        let version3 = Encoding.tagged(0, Encoding.integer(2))
        return try key.signedStructure { algorithm in
            Encoding.sequence(
                version3, Encoding.integer(magnitude: serial), algorithm, issuer,
                Encoding.sequence(Encoding.time(notBefore), Encoding.time(notAfter)), subject, publicKeyInfo,
                Encoding.tagged(3, Encoding.sequence(of: try all.map { try $0.encoded() })))
        }
    }
}

/// Why a CA would not sign.
package enum IssuingFailure: Error, Equatable, CustomStringConvertible {
    case validityEndsBeforeItStarts
    case outlivesItsIssuer
    case extensionTwice
    case keyIsNotTheCertificates
    /// A constraint on what lies below, which says nothing or nothing that could be checked.
    case constraint(String)

    package var description: String {
        switch self {
        case .validityEndsBeforeItStarts: "the validity would end before it starts"
        case .outlivesItsIssuer: "the certificate would be valid longer than the CA that issues it"
        case .extensionTwice: "an extension stands twice (RFC 5280 §4.2)"
        case .keyIsNotTheCertificates: "the CA's key does not belong to its certificate"
        case .constraint(let why): why
        }
    }
}

extension KeyPair {
    /// DER AlgorithmIdentifier of `sign`: NULL parameters for RSA (RFC 4055 §5), none for the others (RFC 5758 §3.2, RFC 8410 §3).
    var signatureAlgorithm: [UInt8] {
        get throws {
            guard let algorithm = SignatureAlgorithm(kind.scheme) else { throw Failure.unsupported }
            let parameters = algorithm.parameters == .null ? Encoding.null : []
            return Encoding.sequence(try Encoding.objectIdentifier(algorithm.id.description), parameters)
        }
    }

    /// SEQUENCE { what `body` gives, AlgorithmIdentifier, BIT STRING signature }: the shape of certificates, CRLs and requests.
    func signedStructure(_ body: (_ algorithm: [UInt8]) throws -> [UInt8]) throws -> [UInt8] {
        let algorithm = try signatureAlgorithm
        let content = try body(algorithm)
        return Encoding.sequence(content, algorithm, Encoding.bitString(try sign(content)))
    }
}
