/// One signature check and nothing else, with the issuer's key made ready: what a whole verdict is measured against.
package struct SignatureCheck: Sendable {
    private let key: VerificationKey

    /// Throws what a CA with an unusable key is refused with.
    package init(issuer: Certificate) throws(Refusal) { key = try VerificationKey(issuer.publicKeyInfo) }

    /// Throws `algorithm_not_permitted` or `signature_invalid`.
    package func check(_ certificate: Certificate) throws(Refusal) { try key.verify(certificate.signature) }
}
