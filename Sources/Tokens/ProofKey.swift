import Crypto
import Foundation

/// Proof Key for Code Exchange (RFC 7636), method S256; the only one there is here.
public enum ProofKey {
    /// 256 random bits as 43 characters: good for a `code_verifier` (RFC 7636 §4.1), a `state`, a `nonce` or a cookie value.
    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The `code_challenge` of a verifier (RFC 7636 §4.2).
    public static func challenge(for verifier: String) -> String { Base64URL.encode(Array(SHA256.hash(data: Data(verifier.utf8)))) }
}
