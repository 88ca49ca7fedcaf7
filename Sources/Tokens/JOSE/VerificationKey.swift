import Crypto
import Foundation

/// A P-256 public key that verifies ES256 signatures, under the `kid` it is published with.
public struct VerificationKey: Sendable {
    public let kid: String
    /// The public JWK as JSON object text: kty, crv, x, y, use=sig, alg, kid (RFC 7517 §4, RFC 7518 §6.2).
    public let jwk: String
    private let key: P256.Signing.PublicKey

    init(_ key: P256.Signing.PublicKey) {
        let (x, y) = Self.coordinates(of: key)
        self.init(key, kid: Self.thumbprint(x: x, y: y), x: x, y: y)
    }

    init(_ key: P256.Signing.PublicKey, kid: String) {
        let (x, y) = Self.coordinates(of: key)
        self.init(key, kid: kid, x: x, y: y)
    }

    private init(_ key: P256.Signing.PublicKey, kid: String, x: String, y: String) {
        self.key = key
        self.kid = kid
        self.jwk = #"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)","use":"sig","alg":"ES256","kid":\#(JSONText.string(kid))}"#
    }

    /// RFC 7638 thumbprint of the key, base64url; our own keys have it for their `kid`.
    public var thumbprint: String {
        let (x, y) = Self.coordinates(of: key)
        return Self.thumbprint(x: x, y: y)
    }

    /// `signature` is r‖s, 32 bytes each (RFC 7518 §3.4); no other length or encoding counts.
    func isValid(signature: [UInt8], over input: [UInt8]) -> Bool {
        guard signature.count == 64, let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return key.isValidSignature(signature, for: input)
    }

    private static func coordinates(of key: P256.Signing.PublicKey) -> (x: String, y: String) {
        let raw = key.rawRepresentation
        return (Base64URL.encode(raw.prefix(32)), Base64URL.encode(raw.suffix(32)))
    }

    /// RFC 7638 §3: the required members in lexicographic order, without white space.
    private static func thumbprint(x: String, y: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Data(#"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#.utf8))))
    }
}

enum JSONText {
    /// A JSON string literal; the characters that need an escape get one (RFC 8259 §7).
    static func string(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\u{0}"..."\u{1F}": literal += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
