import SwiftASN1

/// SubjectPublicKeyInfo, read as far as its kind and strength can be told (RFC 3279 §2.3, RFC 5480 §2.1).
enum PublicKey: Sendable {
    /// Big-endian, without leading zero.
    case rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>)
    case ellipticCurve(Curve, point: ArraySlice<UInt8>)
    /// A kind that is known to be strong enough for a holder, though no signature of it is verified here.
    case holderOnly(String)
    case unsupported(ObjectIdentifier)

    enum Curve: String, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
    }

    /// The same, with the fault kept: a certificate parses whatever its key is.
    static func reading(_ info: [UInt8]) -> Result<PublicKey, Malformed> {
        do throws(Malformed) { return .success(try PublicKey(info: info)) } catch { return .failure(error) }
    }

    init(info: [UInt8]) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(info[...], "SubjectPublicKeyInfo"), .sequence, "SubjectPublicKeyInfo")
        var algorithm = try DERSequence(try parts.next(), .sequence, "AlgorithmIdentifier")
        let id = try algorithm.next().objectIdentifier("algorithm")
        let parameters = algorithm.isAtEnd ? nil : try algorithm.next()
        try algorithm.finish()
        let (key, unused) = try parts.next().bits("subjectPublicKey")
        try parts.finish()
        guard unused == 0 else { throw Malformed("subjectPublicKey: not whole octets") }
        switch id {
        case Self.rsaEncryption: self = try Self.rsa(key)
        case Self.ecPublicKey: self = try Self.ellipticCurve(parameters, key)
        case Self.ed25519 where key.count == 32: self = .holderOnly("Ed25519")
        default: self = .unsupported(id)
        }
    }

    private static let rsaEncryption = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 1)
    private static let ecPublicKey = ObjectIdentifier(1, 2, 840, 10045, 2, 1)
    private static let ed25519 = ObjectIdentifier(1, 3, 101, 112)
    private static let p256 = ObjectIdentifier(1, 2, 840, 10045, 3, 1, 7)
    private static let p384 = ObjectIdentifier(1, 3, 132, 0, 34)
    private static let p521 = ObjectIdentifier(1, 3, 132, 0, 35)
    private static let sm2 = ObjectIdentifier(1, 2, 156, 10197, 1, 301)

    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
    private static func rsa(_ key: ArraySlice<UInt8>) throws(Malformed) -> PublicKey {
        var parts = try DERSequence(try ASN1Node.parse(key, "RSAPublicKey"), .sequence, "RSAPublicKey")
        let modulus = try parts.next().integer("modulus")
        let exponent = try parts.next().integer("publicExponent")
        try parts.finish()
        guard let first = modulus.first, first & 0x80 == 0, let other = exponent.first, other & 0x80 == 0 else {
            throw Malformed("RSAPublicKey: negative")
        }
        return .rsa(modulus: modulus.drop { $0 == 0 }, exponent: exponent.drop { $0 == 0 })
    }

    /// Only named curves (RFC 5480 §2.1.1).
    private static func ellipticCurve(_ parameters: ASN1Node?, _ point: ArraySlice<UInt8>) throws(Malformed) -> PublicKey {
        guard let parameters, parameters.identifier == .objectIdentifier else { return .unsupported(ecPublicKey) }
        switch try parameters.objectIdentifier("namedCurve") {
        case p256: return .ellipticCurve(.p256, point: point)
        case p384: return .ellipticCurve(.p384, point: point)
        case p521: return .holderOnly("P-521")
        case sm2: return .holderOnly("SM2")
        case let other: return .unsupported(other)
        }
    }

    /// Why this key is too weak or of no known kind (key-strength floor); nil when it may be used.
    var weakness: String? {
        switch self {
        case .rsa(let modulus, let exponent): Self.rsaWeakness(modulus, exponent)
        case .ellipticCurve, .holderOnly: nil
        case .unsupported(let id): "a public key of kind \(id)"
        }
    }

    /// At least 2048 bits (NIST SP 800-131A rev. 2 §3); at most 8192, as longer ones cost more than they protect (the limit of Go's
    /// and BoringSSL's verifiers); whole octets and an odd exponent of at least 3 and at most 64 bits (RFC 8017 §3.1, FIPS 186-5 §5.4).
    private static func rsaWeakness(_ modulus: ArraySlice<UInt8>, _ exponent: ArraySlice<UInt8>) -> String? {
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= 2048, bits <= 8192, bits.isMultiple(of: 8) else { return "an RSA key of \(bits) bits" }
        guard let last = exponent.last, last & 1 == 1, exponent.count <= 8, exponent.count > 1 || last >= 3 else {
            return "an RSA key with an unusable exponent"
        }
        return nil
    }
}
