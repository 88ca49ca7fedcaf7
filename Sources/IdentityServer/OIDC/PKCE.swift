import Crypto
import Foundation
import PKI

/// Proof Key for Code Exchange, method S256 only (RFC 7636).
enum PKCE {
    /// BASE64URL(SHA-256) is 43 characters (§4.2).
    static func isChallenge(_ text: String) -> Bool { Base64URL.decode(text)?.count == 32 }

    /// 43 to 128 unreserved characters (§4.1).
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { isBase64URL($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "~") }
    }

    static func challenge(of verifier: String) -> String { Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) }

    /// §4.6, in constant time.
    static func fits(verifier: String, challenge expected: String) -> Bool {
        isVerifier(verifier) && constantTimeEquals(Array(challenge(of: verifier).utf8), Array(expected.utf8))
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
