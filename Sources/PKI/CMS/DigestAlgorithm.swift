import SwiftASN1

/// The digests a message may be signed with (RFC 5754 §2); SM3 (GB/T 32905) comes with SM2.
enum DigestAlgorithm {
    case sha256, sha384, sha512

    private static let known: [ObjectIdentifier: DigestAlgorithm] = [
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1): .sha256,
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2): .sha384,
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3): .sha512,
    ]

    init?(_ identifier: ObjectIdentifier) {
        guard let known = Self.known[identifier] else { return nil }
        self = known
    }

    /// The algorithm of an AlgorithmIdentifier; parameters are absent or NULL (RFC 5754 §2).
    static func identifier(_ node: ASN1Node) throws(Malformed) -> ObjectIdentifier {
        let algorithm = try SignatureAlgorithm(node)
        guard algorithm.hasOrdinaryParameters else { throw Malformed("digest algorithm \(algorithm.id) with parameters") }
        return algorithm.id
    }

    func digest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Digest.sha256(bytes)
        case .sha384: Digest.sha384(bytes)
        case .sha512: Digest.sha512(bytes)
        }
    }

    /// RSA PKCS#1 v1.5 with this digest (RFC 4055 §5).
    private var withRSA: ObjectIdentifier {
        switch self {
        case .sha256: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11)
        case .sha384: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 12)
        case .sha512: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 13)
        }
    }
    /// ECDSA with this digest (RFC 5758 §3.2).
    private var withECDSA: ObjectIdentifier {
        switch self {
        case .sha256: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 2)
        case .sha384: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 3)
        case .sha512: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4)
        }
    }

    private static let rsaEncryption = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 1)

    /// The full signature algorithm: `rsaEncryption` says no digest (RFC 3370 §3.2) and takes this one; one that names a digest must
    /// name this one. Nil when they disagree or the algorithm is not permitted.
    func agreed(with signature: SignatureAlgorithm) -> SignatureAlgorithm? {
        guard signature.hasOrdinaryParameters else { return nil }
        if signature.id == Self.rsaEncryption { return SignatureAlgorithm(id: withRSA) }
        return signature.id == withRSA || signature.id == withECDSA ? signature : nil
    }
}

extension SignatureAlgorithm {
    /// Without parameters.
    init(id: ObjectIdentifier) {
        self.id = id
        hasOrdinaryParameters = true
        hasNull = false
    }
}
