import SwiftASN1

/// AlgorithmIdentifier of a signature. Everything parses; only what `scheme` knows verifies.
struct SignatureAlgorithm: Sendable, Hashable, CustomStringConvertible {
    enum Parameters: Sendable, Hashable {
        case absent, null
        /// DER, not looked into.
        case other(ArraySlice<UInt8>)
    }

    let id: ObjectIdentifier
    let parameters: Parameters

    init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "AlgorithmIdentifier")
        id = try parts.next().objectIdentifier("algorithm")
        let node = parts.isAtEnd ? nil : try parts.next()
        try parts.finish()
        if let node, node.identifier == .null {
            guard try node.primitive(.null, "NULL").isEmpty else { throw Malformed("AlgorithmIdentifier: a NULL with content") }
            parameters = .null
        } else {
            parameters = node.map { .other($0.encodedBytes) } ?? .absent
        }
    }

    /// Parameters are absent, or NULL.
    var hasOrdinaryParameters: Bool { parameters == .absent || parameters == .null }

    /// What it means, if it is known and the floor lets it pass. Throws `algorithm_not_permitted`.
    func scheme(under floor: AlgorithmFloor) throws(Refusal) -> SignatureScheme {
        let scheme = try understood()
        if let weakness = scheme.weakness(under: floor) {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(self) is not permitted: \(weakness)")
        }
        return scheme
    }

    private func understood() throws(Refusal) -> SignatureScheme {
        guard id != Self.pss else { return .pss(try pssParameters()) }
        guard let scheme = Self.known[id]?.scheme else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(self) is not permitted")
        }
        guard parameters == .absent || parameters == .null && Self.mayHaveNull(scheme) else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(self) with parameters that it does not have")
        }
        return scheme
    }

    /// PKCS#1 v1.5: NULL, and absent is to be accepted (RFC 4055 §5); SM2: CAs write either. ECDSA (RFC 5758 §3.2), DSA (RFC 3279
    /// §2.2.2) and Ed25519 (RFC 8410 §3): absent.
    private static func mayHaveNull(_ scheme: SignatureScheme) -> Bool {
        switch scheme {
        case .rsa, .sm2: true
        case .pss, .ecdsa, .dsa, .ed25519: false
        }
    }

    /// They stand in every signature (RFC 4055 §3.1).
    private func pssParameters() throws(Refusal) -> PSSParameters {
        guard case .other(let der) = parameters else { throw Refusal(.algorithmNotPermitted, "RSASSA-PSS without parameters") }
        do throws(Malformed) { return try PSSParameters(der) } catch { throw Refusal(.algorithmNotPermitted, error.reason) }
    }

    /// The names of x509-limbo's `signature_algorithms`; the dotted OID for others.
    var description: String { id == Self.pss ? "RSASSA_PSS" : Self.known[id]?.name ?? id.description }
}

extension SignatureAlgorithm {
    static let pss = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 10)

    /// Those without parameters of their own. What has a name and no scheme is known and never permitted.
    private static let known: [ObjectIdentifier: (name: String, scheme: SignatureScheme?)] = [
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 4): ("RSA_WITH_MD5", nil),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 5): ("RSA_WITH_SHA1", .rsa(.sha1)),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 14): ("RSA_WITH_SHA224", nil),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11): ("RSA_WITH_SHA256", .rsa(.sha256)),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 12): ("RSA_WITH_SHA384", .rsa(.sha384)),
        ObjectIdentifier(1, 2, 840, 113549, 1, 1, 13): ("RSA_WITH_SHA512", .rsa(.sha512)),
        ObjectIdentifier(1, 2, 840, 10045, 4, 1): ("ECDSA_WITH_SHA1", .ecdsa(.sha1)),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 1): ("ECDSA_WITH_SHA224", nil),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 2): ("ECDSA_WITH_SHA256", .ecdsa(.sha256)),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 3): ("ECDSA_WITH_SHA384", .ecdsa(.sha384)),
        ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4): ("ECDSA_WITH_SHA512", .ecdsa(.sha512)),
        ObjectIdentifier(1, 2, 840, 10040, 4, 3): ("DSA_WITH_SHA1", .dsa(.sha1)),
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 3, 1): ("DSA_WITH_SHA224", nil),
        ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 3, 2): ("DSA_WITH_SHA256", .dsa(.sha256)),
        ObjectIdentifier(1, 3, 101, 112): ("ED25519", .ed25519),
        ObjectIdentifier(1, 3, 101, 113): ("ED448", nil),
        ObjectIdentifier(1, 2, 156, 10197, 1, 501): ("SM2_WITH_SM3", .sm2),
    ]
    private static let identifiers = Dictionary(
        known.compactMap { id, entry in entry.scheme.map { ($0, id) } }, uniquingKeysWith: { first, _ in first })

    /// The algorithm of a scheme as it is written, NULL where RFC 4055 §5 asks for it; nil for one that has no identifier (RSA with SM3)
    /// or parameters of its own (PSS).
    init?(_ scheme: SignatureScheme) {
        guard let id = Self.identifiers[scheme] else { return nil }
        self.id = id
        if case .rsa = scheme { parameters = .null } else { parameters = .absent }
    }
}
