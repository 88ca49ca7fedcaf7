import Crypto
import Foundation

/// A P-256 signing key for ES256 (RFC 7518 §3.4).
public struct SigningKey: Sendable {
    private let key: P256.Signing.PrivateKey
    /// The public half, as verifiers see it.
    public let verificationKey: VerificationKey

    public static func generate() -> SigningKey { SigningKey(P256.Signing.PrivateKey()) }

    /// From the 32-byte raw scalar; throws `key_malformed` for anything else, zero and values beyond the group order included.
    public init(rawRepresentation: [UInt8]) throws(TokenError) {
        do {
            self.init(try P256.Signing.PrivateKey(rawRepresentation: rawRepresentation))
        } catch {
            throw TokenError(.keyMalformed, "not a P-256 private key of 32 bytes")
        }
    }

    private init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        self.verificationKey = VerificationKey(key.publicKey)
    }

    /// 32-byte raw scalar, for sealing at rest.
    public var rawRepresentation: [UInt8] { Array(key.rawRepresentation) }

    /// RFC 7638 thumbprint, base64url.
    public var kid: String { verificationKey.kid }

    /// The public JWK as JSON object text: kty, crv, x, y, use=sig, alg, kid.
    public var publicJWK: String { verificationKey.jwk }

    /// A compact JWS (RFC 7515 §7.1) over the claims' JSON. `type` is the `typ` header ("JWT", "at+jwt").
    public func sign(_ claims: some Encodable, type: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try sign(payload: encoder.encode(claims), type: type)
    }

    /// A compact JWS over these very bytes. The header names algorithm, type and key, nothing else.
    ///
    /// `type` is letters, digits, `+`, `-`, `.` and `/` only (a media type, RFC 7515 §4.1.9), else `type_mismatch`.
    public func sign(payload: some Collection<UInt8>, type: String) throws -> String {
        guard type.utf8.allSatisfy(Self.isTypeCharacter) else { throw TokenError(.typeMismatch, "`typ` is not a media type") }
        let header = #"{"alg":"ES256","typ":"\#(type)","kid":"\#(kid)"}"#
        let input = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload)
        let signature = try key.signature(for: Data(input.utf8))
        return input + "." + Base64URL.encode(signature.rawRepresentation)
    }

    private static func isTypeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): true
        default: false
        }
    }
}
