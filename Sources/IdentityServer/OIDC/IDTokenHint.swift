import Foundation
import Tokens

/// An ID token that comes back as a hint (RP-Initiated Logout §2, OpenID Connect Core §3.1.2.1): ours by its signature, maybe expired.
enum IDTokenHint {
    static func read(_ text: String, issuer: String, keys: KeySet, now: Date) -> IDToken? {
        try? keys.idToken(text, rules: TokenRules(issuer: issuer, audience: .any, acceptsExpired: true), at: now)
    }
}
