import SwiftASN1

/// SubjectPublicKeyInfo, read as far as its kind and strength can be told (RFC 3279 §2.3, RFC 5480 §2.1, RFC 4055 §1.2, RFC 8410 §4).
enum PublicKey: Sendable {
    /// Big-endian, without leading zero.
    case rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>, use: RSAUse)
    case ellipticCurve(Curve, point: ArraySlice<UInt8>)
    /// 32 octets.
    case ed25519(ArraySlice<UInt8>)
    /// Parameters are nil when the key takes its issuer's (RFC 5280 §6.1.4 (e)).
    case dsa(DSAParameters?, value: ArraySlice<UInt8>)
    case unsupported(ObjectIdentifier)

    enum Curve: String, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
        /// GB/T 32918.5.
        case sm2 = "SM2"

        /// Octets of a coordinate.
        var coordinateLength: Int {
            switch self {
            case .p256, .sm2: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    /// What an RSA key may sign with (RFC 4055 §1.2): everything, or RSASSA-PSS alone, with these parameters if it names any.
    enum RSAUse: Sendable, Hashable { case any, pss(PSSParameters?) }

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
        case KindIdentifier.rsa: self = try Self.rsa(key, use: .any)
        case SignatureAlgorithm.pss:
            self = try Self.rsa(key, use: .pss(try parameters.map { node throws(Malformed) in try PSSParameters(node.encodedBytes) }))
        case KindIdentifier.ellipticCurve: self = try Self.ellipticCurve(parameters, key)
        case KindIdentifier.ed25519: self = try Self.edwards(parameters, key)
        case KindIdentifier.dsa:
            let value = try ASN1Node.parse(key, "DSAPublicKey").positive("DSAPublicKey")
            self = .dsa(try parameters.map { node throws(Malformed) in try DSAParameters(node) }, value: value)
        default: self = .unsupported(id)
        }
    }

    private enum KindIdentifier {
        static let rsa = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 1)
        static let ellipticCurve = ObjectIdentifier(1, 2, 840, 10045, 2, 1)
        static let ed25519 = ObjectIdentifier(1, 3, 101, 112)
        static let dsa = ObjectIdentifier(1, 2, 840, 10040, 4, 1)
    }
    private static let curves: [ObjectIdentifier: Curve] = [
        ObjectIdentifier(1, 2, 840, 10045, 3, 1, 7): .p256,
        ObjectIdentifier(1, 3, 132, 0, 34): .p384,
        ObjectIdentifier(1, 3, 132, 0, 35): .p521,
        ObjectIdentifier(1, 2, 156, 10197, 1, 301): .sm2,
    ]

    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
    private static func rsa(_ key: ArraySlice<UInt8>, use: RSAUse) throws(Malformed) -> PublicKey {
        var parts = try DERSequence(try ASN1Node.parse(key, "RSAPublicKey"), .sequence, "RSAPublicKey")
        let modulus = try parts.next().positive("modulus")
        let exponent = try parts.next().positive("publicExponent")
        try parts.finish()
        return .rsa(modulus: modulus, exponent: exponent, use: use)
    }

    /// Only named curves (RFC 5480 §2.1.1); the point uncompressed or compressed, never hybrid (§2.2).
    private static func ellipticCurve(_ parameters: ASN1Node?, _ point: ArraySlice<UInt8>) throws(Malformed) -> PublicKey {
        guard let parameters, parameters.identifier == .objectIdentifier else { return .unsupported(KindIdentifier.ellipticCurve) }
        let name = try parameters.objectIdentifier("namedCurve")
        guard let curve = curves[name] else { return .unsupported(name) }
        let length = curve.coordinateLength
        switch point.first {
        case 4 where point.count == 1 + 2 * length: break
        case 2 where point.count == 1 + length, 3 where point.count == 1 + length: break
        default: throw Malformed("subjectPublicKey: not a point of \(curve.rawValue) (RFC 5480 §2.2)")
        }
        return .ellipticCurve(curve, point: point)
    }

    /// RFC 8410 §3, §4: no parameters, 32 octets.
    private static func edwards(_ parameters: ASN1Node?, _ key: ArraySlice<UInt8>) throws(Malformed) -> PublicKey {
        guard parameters == nil else { throw Malformed("an Ed25519 key with parameters (RFC 8410 §3)") }
        guard key.count == 32 else { throw Malformed("an Ed25519 key of \(key.count) octets") }
        return .ed25519(key)
    }
}

extension PublicKey {
    /// A DSA key that takes its parameters from its issuer's key.
    var lacksParameters: Bool {
        if case .dsa(nil, _) = self { true } else { false }
    }

    /// What a DSA key hands down: DER Dss-Parms. Nil for every other key (RFC 5280 §6.1.4 (e)).
    var dsaParameters: DSAParameters? {
        if case .dsa(let parameters, _) = self { parameters } else { nil }
    }

    /// Why this key is too weak or of no known kind (key-strength floor); nil when it may be used.
    func weakness(under floor: AlgorithmFloor) -> String? {
        switch self {
        case .rsa(let modulus, let exponent, _): Self.rsaWeakness(modulus, exponent, floor)
        case .ellipticCurve, .ed25519: nil
        case .dsa(let parameters, _): floor.allowsDSA ? parameters?.weakness : "a DSA key"
        case .unsupported(let id): "a public key of kind \(id)"
        }
    }

    /// At most 8192 bits, as longer ones cost more than they protect (the limit of Go's and BoringSSL's verifiers); whole octets and an
    /// odd exponent of at least 3 and at most 64 bits (RFC 8017 §3.1, FIPS 186-5 §5.4).
    private static func rsaWeakness(_ modulus: ArraySlice<UInt8>, _ exponent: ArraySlice<UInt8>, _ floor: AlgorithmFloor) -> String? {
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= floor.minimumRSABits, bits <= 8192, bits.isMultiple(of: 8) else { return "an RSA key of \(bits) bits" }
        guard let last = exponent.last, last & 1 == 1, exponent.count <= 8, exponent.count > 1 || last >= 3 else {
            return "an RSA key with an unusable exponent"
        }
        return nil
    }
}

extension ASN1Node {
    /// The magnitude of an INTEGER that is not negative, big-endian, without leading zero.
    func positive(_ what: StaticString) throws(Malformed) -> ArraySlice<UInt8> {
        let content = try integer(what)
        guard let first = content.first, first & 0x80 == 0 else { throw Malformed("\(what): negative") }
        return content.drop { $0 == 0 }
    }
}
