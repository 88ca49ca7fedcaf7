import SwiftASN1

/// RSASSA-PSS-params (RFC 4055 §3.1), of a signature or as the restriction of a key.
///
///     RSASSA-PSS-params ::= SEQUENCE {
///       hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1Identifier,
///       maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///       saltLength       [2] INTEGER          DEFAULT 20,
///       trailerField     [3] INTEGER          DEFAULT 1 }
///
/// The mask generation is MGF1 over the same digest: another one protects nothing and nobody issues it. The trailer is 1, which as
/// the DEFAULT is never written out.
struct PSSParameters: Sendable, Hashable {
    let digest: DigestAlgorithm
    let saltLength: Int

    /// What the longest modulus leaves room for: a key's own limit is lower and checked with the signature (RFC 8017 §9.1.2, step 3).
    private static let maximumSaltLength = 1024
    private static let maskGeneration1 = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 8)

    init(digest: DigestAlgorithm, saltLength: Int) {
        self.digest = digest
        self.saltLength = saltLength
    }

    init(_ der: ArraySlice<UInt8>) throws(Malformed) {
        var fields = try DERSequence(try ASN1Node.parse(der, "RSASSA-PSS-params"), .sequence, "RSASSA-PSS-params")
        let hash = try Self.explicit(fields.next(if: .context(0)), 0)
        let mask = try Self.explicit(fields.next(if: .context(1)), 1)
        let salt = try Self.explicit(fields.next(if: .context(2)), 2)
        guard fields.next(if: .context(3)) == nil else { throw Malformed("RSASSA-PSS-params: a trailerField, which is 1 by DEFAULT") }
        try fields.finish()
        digest = try Self.digest(hash)
        guard try Self.maskDigest(mask) == digest else { throw Malformed("RSASSA-PSS-params: MGF1 over another digest") }
        saltLength = try Self.saltLength(salt)
    }

    private static func explicit(_ node: ASN1Node?, _ number: UInt) throws(Malformed) -> ASN1Node? {
        guard let node else { return nil }
        var wrapper = try DERSequence(node, .context(number), "RSASSA-PSS-params")
        let value = try wrapper.next()
        try wrapper.finish()
        return value
    }

    private static func digest(_ node: ASN1Node?) throws(Malformed) -> DigestAlgorithm {
        guard let node else { return .sha1 }
        let id = try DigestAlgorithm.identifier(node)
        guard let digest = DigestAlgorithm(id), digest != .sm3 else { throw Malformed("RSASSA-PSS-params: digest \(id)") }
        guard digest != .sha1 else { throw Malformed("RSASSA-PSS-params: the DEFAULT digest written out") }
        return digest
    }

    /// MaskGenAlgorithm ::= AlgorithmIdentifier { id-mgf1, HashAlgorithm }
    private static func maskDigest(_ node: ASN1Node?) throws(Malformed) -> DigestAlgorithm {
        guard let node else { return .sha1 }
        var fields = try DERSequence(node, .sequence, "MaskGenAlgorithm")
        guard try fields.next().objectIdentifier("MaskGenAlgorithm") == maskGeneration1 else {
            throw Malformed("MaskGenAlgorithm: not MGF1")
        }
        let digest = try digest(try fields.next())
        try fields.finish()
        return digest
    }

    private static func saltLength(_ node: ASN1Node?) throws(Malformed) -> Int {
        guard let node else { return 20 }
        let length = try node.count("saltLength")
        guard length != 20 else { throw Malformed("saltLength: the DEFAULT written out") }
        guard length <= maximumSaltLength else { throw Malformed("saltLength: \(length) octets") }
        return length
    }

    /// Why a signature with `other` is not one that a key restricted to these may make (RFC 4055 §3.3); nil when it is.
    func fault(of other: PSSParameters) -> String? {
        guard other.digest == digest else { return "an RSASSA-PSS signature with a digest that its key does not allow" }
        guard other.saltLength >= saltLength else { return "an RSASSA-PSS signature with a salt shorter than its key allows" }
        return nil
    }
}
