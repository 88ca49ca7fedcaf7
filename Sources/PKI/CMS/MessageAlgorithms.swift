/// What messages say of their algorithms, beside what certificates say of theirs.
extension SignatureAlgorithm {
    /// A key's algorithm that says no digest: the message's is meant (RFC 3370 §3.2).
    private static let rsaEncryption = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 1)
    /// SM2's signature algorithm without its digest, as GB/T 35275 writes it.
    private static let sm2Signature = ObjectIdentifier(1, 2, 156, 10197, 1, 301, 1)

    /// The full algorithm of a signature beside a message digest by `digest`: one that names no digest takes this one, one that does must
    /// name this one (RFC 5754 §3, RFC 4056 §3, RFC 8419 §3.1). Throws `algorithm_not_permitted`.
    func agreed(with digest: DigestAlgorithm) throws(Refusal) -> SignatureAlgorithm {
        let full = try isWithoutDigest ? completed(with: digest) : self
        let scheme = try full.scheme(under: .standard)
        guard scheme.digest == digest else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(self) is not permitted with this digest")
        }
        return full
    }

    private var isWithoutDigest: Bool { hasOrdinaryParameters && (id == Self.rsaEncryption || id == Self.sm2Signature) }

    private func completed(with digest: DigestAlgorithm) throws(Refusal) -> SignatureAlgorithm {
        guard let full = SignatureAlgorithm(id == Self.sm2Signature ? .sm2 : .rsa(digest)) else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(self) is not permitted with this digest")
        }
        return full
    }
}

/// The content types of SignedData and of what is signed. GB/T 35275 (SM2 messages) has its own identifiers for PKCS #7's structures,
/// which are CMS' too as far as they are used here: they are the same from here on.
enum MessageContentType {
    case data, signedData

    private static let known: [ObjectIdentifier: MessageContentType] = [
        ObjectIdentifier(1, 2, 840, 113549, 1, 7, 1): .data,
        ObjectIdentifier(1, 2, 840, 113549, 1, 7, 2): .signedData,
        ObjectIdentifier(1, 2, 156, 10197, 6, 1, 4, 2, 1): .data,
        ObjectIdentifier(1, 2, 156, 10197, 6, 1, 4, 2, 2): .signedData,
    ]

    init?(_ identifier: ObjectIdentifier) {
        guard let known = Self.known[identifier] else { return nil }
        self = known
    }
}
