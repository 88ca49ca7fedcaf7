import COpenSSL
import Synchronization

/// A CA's public key, ready to verify. Made once for each key of the graph: making it costs a third of a verification.
final class VerificationKey: Sendable {
    /// An EVP_PKEY is not changed after it is made, and its reference count is atomic: OpenSSL lets threads verify with it at once.
    private nonisolated(unsafe) let key: OpaquePointer
    private let kind: Kind
    private let floor: AlgorithmFloor
    private let signerID: [UInt8]
    private let verifiers = Mutex<[SignatureScheme: Verifier]>([:])

    /// Few CAs use more than one scheme; salt lengths are chosen by whoever writes a certificate, so what is kept is bounded.
    private static let maximumVerifiers = 4

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
        let made: OpaquePointer?
        switch parsed {
        case .rsa(let modulus, let exponent, let use):
            kind = .rsa(use)
            made = Self.withNumbers([modulus, exponent]) { hp_rsa_public_key($0[0], $0[1]) }
        case .ellipticCurve(let curve, let point):
            kind = curve == .sm2 ? .sm2 : .ellipticCurve
            let point = Array(point)
            made = hp_ec_public_key(curve == .sm2 ? "SM2" : "EC", curve.rawValue, point, point.count)
        case .ed25519(let bytes):
            kind = .ed25519
            let bytes = Array(bytes)
            made = hp_ed25519_public_key(bytes, bytes.count)
        case .dsa(let own, let value):
            guard let parameters = own ?? parameters else {
                throw Refusal(.algorithmNotPermitted, "a DSA key without parameters, under a key that has none either")
            }
            kind = .dsa
            made = Self.withNumbers([parameters.p, parameters.q, parameters.g, value]) { hp_dsa_public_key($0[0], $0[1], $0[2], $0[3]) }
        case .unsupported(let id): throw Refusal(.algorithmNotPermitted, "a public key of kind \(id)")
        }
        guard let made else { throw Refusal(.algorithmNotPermitted, "a public key that is not on its curve or otherwise unusable") }
        key = made
        self.floor = floor
        self.signerID = signerID
    }

    deinit { EVP_PKEY_free(key) }

    /// Throws `algorithm_not_permitted` or `signature_invalid`.
    func verify(_ bytes: SignedBytes) throws(Refusal) {
        let scheme = try bytes.algorithm.scheme(under: floor)
        if let fault = fault(of: scheme) {
            throw Refusal(.signatureInvalid, "the signature does not verify with the issuer's key: \(fault)")
        }
        guard let verifier = verifier(scheme), verifier.verifies(bytes.signature, over: bytes.signed) else {
            throw Refusal(.signatureInvalid, "the signature does not verify with the issuer's key")
        }
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

    private func verifier(_ scheme: SignatureScheme) -> Verifier? {
        verifiers.withLock { verifiers in
            if let known = verifiers[scheme] { return known }
            let made = Verifier(key, scheme, signerID: scheme == .sm2 ? signerID : [])
            if verifiers.count < Self.maximumVerifiers { verifiers[scheme] = made }
            return made
        }
    }

    private static func withNumbers(_ numbers: [ArraySlice<UInt8>], _ body: ([hp_number]) -> OpaquePointer?) -> OpaquePointer? {
        let bytes = numbers.flatMap(\.self)
        return bytes.withUnsafeBufferPointer { buffer in
            var position = 0
            return body(
                numbers.map { number in
                    defer { position += number.count }
                    return hp_number(bytes: buffer.baseAddress.map { $0 + position }, length: number.count)
                })
        }
    }
}

/// OpenSSL's context for one key and scheme, initialised once and copied for each signature.
private final class Verifier: Sendable {
    /// Only ever read: `hp_verify` copies it, and what it refers to has atomic reference counts.
    private nonisolated(unsafe) let context: OpaquePointer

    init?(_ key: OpaquePointer, _ scheme: SignatureScheme, signerID: [UInt8]) {
        guard let made = hp_verifier(key, scheme.shimDigest, scheme.shimSaltLength, signerID, signerID.count) else { return nil }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    func verifies(_ signature: ArraySlice<UInt8>, over signed: ArraySlice<UInt8>) -> Bool {
        signature.withUnsafeBufferPointer { signature in
            signed.withUnsafeBufferPointer { signed in
                hp_verify(context, signature.baseAddress, signature.count, signed.baseAddress, signed.count) == 1
            }
        }
    }
}
