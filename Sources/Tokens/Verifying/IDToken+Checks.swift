import Crypto
import Foundation

extension IDToken {
    /// OpenID Connect Core §3.1.3.7 (11): the `nonce` of the authorization request, exactly.
    public func check(nonce expected: String) throws(TokenError) {
        guard let nonce, nonce.utf8.elementsEqual(expected.utf8) else {
            throw TokenError(.nonceMismatch, "not the nonce of this authorization request")
        }
    }

    /// OpenID Connect Core §3.1.3.7 (13): the person logged in at most `maxAge` seconds ago.
    public func check(maxAge: Int64, at now: Date, clockSkew: Int64 = 30) throws(TokenError) {
        guard NumericDate(now).seconds - authentication.authTime.seconds <= maxAge + clockSkew else {
            throw TokenError(.authenticationTooOld, "more than \(maxAge) s")
        }
    }

    /// OpenID Connect Core §3.1.3.8: where `at_hash` is present, this is the access token that came with it.
    public func check(accessToken: String) throws(TokenError) {
        guard let accessTokenHash else { return }
        guard accessTokenHash == Self.accessTokenHash(of: accessToken) else {
            throw TokenError(.accessTokenHashMismatch, "`at_hash` is of another access token")
        }
    }

    /// OpenID Connect Core §12.2: a refreshed ID token has the `sub`, `auth_time` and session of the first, and its nonce or none.
    public func check(continues original: IDToken) throws(TokenError) {
        guard registered.subject == original.registered.subject, authentication.authTime == original.authentication.authTime,
            authentication.sid == original.authentication.sid, nonce == nil || nonce == original.nonce
        else { throw TokenError(.loginMismatch, "`sub`, `auth_time`, `sid` or `nonce` is of another login") }
    }

    /// The value of `at_hash` (OpenID Connect Core §3.1.3.6): the left half of the SHA-256 of the access token, base64url.
    public static func accessTokenHash(of accessToken: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Data(accessToken.utf8)).prefix(16)))
    }
}
