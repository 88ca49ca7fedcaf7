import SwiftASN1

/// AlgorithmIdentifier of a signature. Everything parses; only what is named here verifies.
struct SignatureAlgorithm: Sendable, Hashable, CustomStringConvertible {
    enum KeyKind: Sendable { case rsa, ellipticCurve }

    let id: ObjectIdentifier
    /// Parameters are absent, or NULL.
    let hasOrdinaryParameters: Bool
    let hasNull: Bool

    init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "AlgorithmIdentifier")
        id = try parts.next().objectIdentifier("algorithm")
        let parameters = parts.isAtEnd ? nil : try parts.next()
        try parts.finish()
        if let parameters, parameters.identifier == .null {
            guard try parameters.primitive(.null, "NULL").isEmpty else { throw Malformed("AlgorithmIdentifier: a NULL with content") }
            hasNull = true
        } else {
            hasNull = false
        }
        hasOrdinaryParameters = parameters == nil || hasNull
    }

    /// SHA-2 bits and kind of key; nil when the algorithm is not permitted.
    /// RSA PKCS#1 v1.5: NULL or absent parameters (RFC 4055 §5); ECDSA: absent (RFC 5758 §3.2).
    var permitted: (digestBits: Int32, key: KeyKind)? {
        guard let known = Self.known[id], hasOrdinaryParameters else { return nil }
        guard known.key == .rsa || !hasNull else { return nil }
        return (known.bits, known.key)
    }

    /// The names of x509-limbo's `signature_algorithms`; the dotted OID for others.
    var description: String { Self.known[id]?.name ?? id.description }

    private static let known: [ObjectIdentifier: (name: String, bits: Int32, key: KeyKind)] = [
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11): ("RSA_WITH_SHA256", 256, .rsa),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 12): ("RSA_WITH_SHA384", 384, .rsa),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 13): ("RSA_WITH_SHA512", 512, .rsa),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 2): ("ECDSA_WITH_SHA256", 256, .ellipticCurve),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 3): ("ECDSA_WITH_SHA384", 384, .ellipticCurve),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4): ("ECDSA_WITH_SHA512", 512, .ellipticCurve),
    ]
}
