import Foundation

// The public API is designed by its owner (tokens); what IdentityServer needs from it:

/// A P-256 signing key for ES256 (RFC 7518 §3.4).
public struct SigningKey: Sendable {
    public static func generate() -> SigningKey { fatalError("stub") }
    /// 32-byte raw scalar, for sealing at rest.
    public init(rawRepresentation: [UInt8]) throws { fatalError("stub") }
    public var rawRepresentation: [UInt8] { fatalError("stub") }
    /// RFC 7638 thumbprint, base64url.
    public var kid: String { fatalError("stub") }
    /// The public JWK as JSON object text: kty, crv, x, y, use=sig, alg, kid.
    public var publicJWK: String { fatalError("stub") }
    /// A compact JWS (RFC 7515 §7.1) over the claims' JSON. `type` is the `typ` header ("JWT", "at+jwt").
    public func sign(_ claims: some Encodable, type: String) throws -> String { fatalError("stub") }
}
