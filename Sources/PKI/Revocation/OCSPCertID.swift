import SwiftASN1

/// The digests by which a CertID names an issuer (RFC 6960 §4.1.1). They identify, they protect nothing: SHA-1 is what every responder
/// knows (RFC 5019 §2.1.1 has no other).
package enum OCSPDigest: String, Sendable, CaseIterable {
    case sha1 = "1.3.14.3.2.26"
    case sha256 = "2.16.840.1.101.3.4.2.1"
    case sha384 = "2.16.840.1.101.3.4.2.2"
    case sha512 = "2.16.840.1.101.3.4.2.3"
    case sm3 = "1.2.156.10197.1.401"

    func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        switch self {
        case .sha1: Digest.sha1(bytes)
        case .sha256: Digest.sha256(bytes)
        case .sha384: Digest.sha384(bytes)
        case .sha512: Digest.sha512(bytes)
        case .sm3: Digest.sm3(bytes)
        }
    }
}

/// CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }
package struct OCSPCertID: Sendable, Hashable {
    /// Nil for one that is not known: such a CertID is nobody's.
    let digest: OCSPDigest?
    let nameHash: [UInt8]
    let keyHash: [UInt8]
    /// Content octets of the INTEGER.
    let serial: [UInt8]

    /// Names `certificate`, whose issuer has this key (DER SubjectPublicKeyInfo). The name is hashed as it stands in the certificate.
    init(of certificate: Certificate, issuerKey publicKeyInfo: [UInt8], by digest: OCSPDigest) throws(Malformed) {
        self.digest = digest
        nameHash = digest.digest(certificate.issuer.der)
        keyHash = digest.digest(try Self.keyBits(publicKeyInfo))
        serial = certificate.serial
    }

    init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "CertID")
        var algorithm = try DERSequence(try parts.next(), .sequence, "hashAlgorithm")
        let id = try algorithm.next().objectIdentifier("hashAlgorithm")
        if let null = algorithm.next(if: .null) {
            guard try null.primitive(.null, "NULL").isEmpty else { throw Malformed("hashAlgorithm: a NULL with content") }
        }
        try algorithm.finish()
        digest = OCSPDigest(rawValue: id.description)
        nameHash = Array(try parts.next().octets("issuerNameHash"))
        keyHash = Array(try parts.next().octets("issuerKeyHash"))
        serial = Array(try parts.next().integer("serialNumber"))
        try parts.finish()
    }

    func encoded() throws -> [UInt8] {
        let algorithm = try digest.map { Encoding.sequence(try Encoding.objectIdentifier($0.rawValue), Encoding.null) } ?? []
        return Encoding.sequence(
            algorithm, Encoding.octetString(nameHash), Encoding.octetString(keyHash), Encoding.integer(content: serial))
    }

    /// The bits of subjectPublicKey, without tag, length and count of unused bits: what key hashes are of.
    static func keyBits(_ publicKeyInfo: [UInt8]) throws(Malformed) -> ArraySlice<UInt8> {
        var parts = try DERSequence(try ASN1Node.parse(publicKeyInfo[...], "SubjectPublicKeyInfo"), .sequence, "SubjectPublicKeyInfo")
        _ = try parts.next()
        return try parts.next().bits("subjectPublicKey").octets
    }
}

extension Encoding {
    /// An INTEGER with these content octets, taken from another one.
    static func integer(content: [UInt8]) -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendPrimitiveNode(identifier: .integer) { $0.append(contentsOf: content) }
        return serializer.serializedBytes
    }
}

extension ObjectIdentifier {
    /// id-pkix-ocsp-basic, -nonce and -nocheck (RFC 6960 §4.2.1, §4.4.1, §4.2.2.2.1).
    static let ocspBasic = Self(1, 3, 6, 1, 5, 5, 7, 48, 1, 1)
    static let ocspNonce = Self(1, 3, 6, 1, 5, 5, 7, 48, 1, 2)
    static let ocspNoCheck = Self(1, 3, 6, 1, 5, 5, 7, 48, 1, 5)
    static let ocspSigning = Self(1, 3, 6, 1, 5, 5, 7, 3, 9)
}
