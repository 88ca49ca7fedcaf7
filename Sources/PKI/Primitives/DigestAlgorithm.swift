import COpenSSL
import SwiftASN1

/// The digests that signatures are made with: SHA-2 (RFC 5754 §2), SM3 (GB/T 32905), and SHA-1 where the floor allows it.
enum DigestAlgorithm: Sendable, Hashable {
    case sha1, sha256, sha384, sha512, sm3

    private static let known: [ObjectIdentifier: DigestAlgorithm] = [
        ObjectIdentifier(1, 3, 14, 3, 2, 26): .sha1,
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1): .sha256,
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2): .sha384,
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3): .sha512,
        ObjectIdentifier(1, 2, 156, 10197, 1, 401): .sm3,
    ]

    init?(_ identifier: ObjectIdentifier) {
        guard let known = Self.known[identifier] else { return nil }
        self = known
    }

    /// The algorithm of an AlgorithmIdentifier; parameters are absent or NULL, which mean the same (RFC 5754 §2, RFC 4055 §2.1).
    static func identifier(_ node: ASN1Node) throws(Malformed) -> ObjectIdentifier {
        let algorithm = try SignatureAlgorithm(node)
        guard algorithm.hasOrdinaryParameters else { throw Malformed("digest algorithm \(algorithm.id) with parameters") }
        return algorithm.id
    }

    func digest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: Digest.sha1(bytes)
        case .sha256: Digest.sha256(bytes)
        case .sha384: Digest.sha384(bytes)
        case .sha512: Digest.sha512(bytes)
        case .sm3: Digest.sm3(bytes)
        }
    }

    /// Its number in the C shim.
    var shim: hp_digest {
        switch self {
        case .sha1: HP_SHA1
        case .sha256: HP_SHA256
        case .sha384: HP_SHA384
        case .sha512: HP_SHA512
        case .sm3: HP_SM3
        }
    }
}
