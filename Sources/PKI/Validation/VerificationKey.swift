/// A CA's public key, ready to verify. Made once for each key of the graph: making one can cost a third of a verification.
final class VerificationKey: Sendable {
    private let holder: Holder
    private let kind: Kind
    private let floor: AlgorithmFloor

    /// Whose code verifies: swift-crypto's where it is faster, OpenSSL's for everything else.
    private enum Holder: Sendable { case p256(P256Key), openSSL(OpenSSLKey) }

    /// Which schemes the key goes with.
    private enum Kind: Sendable {
        case rsa(PublicKey.RSAUse)
        case ellipticCurve, sm2, ed25519, dsa
    }

    /// `signerID` is the id of SM2 signatures by this key; `parameters` those that a DSA key without its own takes from its issuer's key.
    ///
    /// Throws `algorithm_not_permitted` for a key that is too weak, of an unknown kind, or that OpenSSL does not take,
    /// `certificate_malformed` for one that cannot be read.
    convenience init(
        _ info: [UInt8], inheriting parameters: DSAParameters? = nil, signerID: [UInt8] = AuthorityRules.defaultSignerID,
        floor: AlgorithmFloor = .standard
    ) throws(Refusal) {
        let parsed: PublicKey
        do throws(Malformed) { parsed = try PublicKey(info: info) } catch { throw Refusal(.certificateMalformed, error.reason) }
        try self.init(parsed, inheriting: parameters, signerID: signerID, floor: floor)
    }

    init(_ parsed: PublicKey, inheriting parameters: DSAParameters?, signerID: [UInt8], floor: AlgorithmFloor) throws(Refusal) {
        if let weakness = parsed.weakness(under: floor) ?? (parsed.lacksParameters ? parameters?.weakness : nil) {
            throw Refusal(.algorithmNotPermitted, "the CA has \(weakness)")
        }
        (kind, holder) = try Self.make(parsed, parameters, signerID)
        self.floor = floor
    }

    private static func make(_ parsed: PublicKey, _ parameters: DSAParameters?, _ signerID: [UInt8]) throws(Refusal) -> (Kind, Holder) {
        let kind: Kind
        let made: OpaquePointer?
        switch parsed {
        case .ellipticCurve(.p256, let point):
            guard let key = P256Key(point: point) else { throw unusable }
            return (.ellipticCurve, .p256(key))
        case .ellipticCurve(let curve, let point):
            (kind, made) = (curve == .sm2 ? .sm2 : .ellipticCurve, OpenSSLKey.ellipticCurve(curve, point: point))
        case .rsa(let modulus, let exponent, let use): (kind, made) = (.rsa(use), OpenSSLKey.rsa(modulus: modulus, exponent: exponent))
        case .ed25519(let bytes): (kind, made) = (.ed25519, OpenSSLKey.ed25519(bytes))
        case .dsa(let own, let value):
            guard let parameters = own ?? parameters else {
                throw Refusal(.algorithmNotPermitted, "a DSA key without parameters, under a key that has none either")
            }
            (kind, made) = (.dsa, OpenSSLKey.dsa(parameters, value: value))
        case .unsupported(let id): throw Refusal(.algorithmNotPermitted, "a public key of kind \(id)")
        }
        guard let key = OpenSSLKey(made, signerID: signerID) else { throw unusable }
        return (kind, .openSSL(key))
    }

    private static let unusable = Refusal(.algorithmNotPermitted, "a public key that is not on its curve or otherwise unusable")

    /// Throws `algorithm_not_permitted` or `signature_invalid`.
    func verify(_ bytes: SignedBytes) throws(Refusal) {
        let scheme = try bytes.algorithm.scheme(under: floor)
        if let fault = fault(of: scheme) {
            throw Refusal(.signatureInvalid, "the signature does not verify with the issuer's key: \(fault)")
        }
        let isRight =
            switch holder {
            case .p256(let key): key.verifies(bytes.signature, over: bytes.signed, digest: scheme.digest)
            case .openSSL(let key): key.verifies(bytes.signature, over: bytes.signed, by: scheme)
            }
        guard isRight else { throw Refusal(.signatureInvalid, "the signature does not verify with the issuer's key") }
    }

    /// Why a signature of this scheme is none of this key, whatever its bytes; nil when it may be one. ECDSA and SM2 share the form of
    /// keys and signatures: the curve decides, never the identifier of the algorithm.
    private func fault(of scheme: SignatureScheme) -> String? {
        switch (scheme, kind) {
        case (.rsa, .rsa(.any)), (.pss, .rsa(.any)), (.pss, .rsa(.pss(nil))), (.ecdsa, .ellipticCurve), (.dsa, .dsa), (.ed25519, .ed25519),
            (.sm2, .sm2):
            nil
        case (.pss(let parameters), .rsa(.pss(let allowed?))): allowed.fault(of: parameters)
        case (.rsa, .rsa(.pss)): "a PKCS#1 v1.5 signature by a key for RSASSA-PSS alone (RFC 4055 §1.2)"
        default: "the algorithm is not one of its key"
        }
    }
}
