import COpenSSL

/// A CA's public key, ready to verify. Made once for each key of the graph: making it costs a third of a verification.
final class VerificationKey: Sendable {
    /// An EVP_PKEY is not changed after it is made, and its reference count is atomic: OpenSSL lets threads verify with it at once.
    private nonisolated(unsafe) let key: OpaquePointer
    private let kind: SignatureAlgorithm.KeyKind

    /// Throws `algorithm_not_permitted` for a key that is too weak, of an unknown kind, or that OpenSSL does not take,
    /// `certificate_malformed` for one that cannot be read.
    init(_ info: [UInt8]) throws(Refusal) {
        let parsed: PublicKey
        do throws(Malformed) { parsed = try PublicKey(info: info) } catch { throw Refusal(.certificateMalformed, error.reason) }
        if let weakness = parsed.weakness { throw Refusal(.algorithmNotPermitted, "the CA has \(weakness)") }
        let made: OpaquePointer?
        switch parsed {
        case .rsa(let modulus, let exponent):
            kind = .rsa
            let (modulus, exponent) = (Array(modulus), Array(exponent))
            made = hp_rsa_public_key(modulus, modulus.count, exponent, exponent.count)
        case .ellipticCurve(let curve, let point):
            kind = .ellipticCurve
            let point = Array(point)
            made = hp_ec_public_key(curve.rawValue, point, point.count)
        case .holderOnly(let name): throw Refusal(.algorithmNotPermitted, "signatures of \(name) keys are not supported")
        case .unsupported(let id): throw Refusal(.algorithmNotPermitted, "a public key of kind \(id)")
        }
        guard let made else { throw Refusal(.algorithmNotPermitted, "a public key that is not on its curve or otherwise unusable") }
        key = made
    }

    deinit { EVP_PKEY_free(key) }

    /// Throws `algorithm_not_permitted` or `signature_invalid`.
    func verify(_ bytes: SignedBytes) throws(Refusal) {
        guard let algorithm = bytes.algorithm.permitted else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(bytes.algorithm) is not permitted")
        }
        let isRight =
            algorithm.key == kind
            && bytes.signature.withUnsafeBufferPointer { signature in
                bytes.signed.withUnsafeBufferPointer { signed in
                    hp_verify(key, algorithm.digestBits, signature.baseAddress, signature.count, signed.baseAddress, signed.count) == 1
                }
            }
        guard isRight else { throw Refusal(.signatureInvalid, "the signature does not verify with the issuer's key") }
    }
}
