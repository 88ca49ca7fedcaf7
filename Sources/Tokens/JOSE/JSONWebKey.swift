import Crypto

/// One member of a JWK Set as it stands in JSON (RFC 7517 §4); only what decides whether it can verify ES256 is read.
struct JSONWebKey: Decodable {
    let kty: String
    let crv: String?
    let x: String?
    let y: String?
    let use: String?
    let keyOperations: [String]?
    let alg: String?
    let kid: String?
    let hasPrivatePart: Bool

    private enum Member: String, CodingKey {
        case kty, crv, x, y, use, alg, kid, d
        case keyOperations = "key_ops"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        kty = try members.decode(String.self, forKey: .kty)
        crv = try members.decodeIfPresent(String.self, forKey: .crv)
        x = try members.decodeIfPresent(String.self, forKey: .x)
        y = try members.decodeIfPresent(String.self, forKey: .y)
        use = try members.decodeIfPresent(String.self, forKey: .use)
        keyOperations = try members.decodeIfPresent([String].self, forKey: .keyOperations)
        alg = try members.decodeIfPresent(String.self, forKey: .alg)
        kid = try members.decodeIfPresent(String.self, forKey: .kid)
        hasPrivatePart = members.contains(.d)
    }

    /// The key, if it is one that ES256 tokens may be verified with; nil for keys of other kinds and purposes, which RFC 7517 §5 says to
    /// pass over. Throws `key_malformed` for one that claims to be ours and is not: off the curve, a wrong length, a private key.
    func verificationKey() throws(TokenError) -> VerificationKey? {
        guard kty == "EC", crv == "P-256", use ?? "sig" == "sig", alg ?? "ES256" == "ES256" else { return nil }
        guard keyOperations?.contains("verify") ?? true else { return nil }
        guard let kid, !kid.isEmpty, kid.utf8.count <= 256 else { return nil }
        guard !hasPrivatePart else { throw TokenError(.keyMalformed, "a private key is published") }
        // RFC 7518 §6.2.1.2: each coordinate is the full 32 octets.
        guard let x = Base64URL.decode((x ?? "").utf8), let y = Base64URL.decode((y ?? "").utf8), x.count == 32, y.count == 32,
            let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
        else { throw TokenError(.keyMalformed, "`x` and `y` are not a point of P-256") }
        return VerificationKey(key, kid: kid)
    }
}
