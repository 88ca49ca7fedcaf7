import COpenSSL

/// How a signature is made and checked: what an AlgorithmIdentifier says once it is understood.
enum SignatureScheme: Sendable, Hashable {
    /// PKCS#1 v1.5 (RFC 8017 §8.2, RFC 4055 §5).
    case rsa(DigestAlgorithm)
    /// RSASSA-PSS (RFC 8017 §8.1, RFC 4055 §3).
    case pss(PSSParameters)
    /// RFC 5758 §3.2.
    case ecdsa(DigestAlgorithm)
    /// RFC 3279 §2.2.2, RFC 5758 §3.1.
    case dsa(DigestAlgorithm)
    /// RFC 8032 §5.1, RFC 8410.
    case ed25519
    /// SM2 over SM3 with the signer's id (GB/T 32918.2).
    case sm2

    /// The digest that goes with it: the one it computes, or for Ed25519 the one that messages use beside it (RFC 8419 §3.1).
    var digest: DigestAlgorithm {
        switch self {
        case .rsa(let digest), .ecdsa(let digest), .dsa(let digest): digest
        case .pss(let parameters): parameters.digest
        case .ed25519: .sha512
        case .sm2: .sm3
        }
    }

    /// Why the floor refuses it; nil when it may be used.
    func weakness(under floor: AlgorithmFloor) -> String? {
        if digest == .sha1, !floor.allowsSHA1 { return "SHA-1" }
        if case .dsa = self, !floor.allowsDSA { return "DSA" }
        return nil
    }

    /// What OpenSSL is asked for: Ed25519 hashes by itself.
    var shimDigest: hp_digest { self == .ed25519 ? HP_NO_DIGEST : digest.shim }
    /// The PSS salt's length; negative for everything else.
    var shimSaltLength: Int32 {
        if case .pss(let parameters) = self { Int32(parameters.saltLength) } else { -1 }
    }
}
