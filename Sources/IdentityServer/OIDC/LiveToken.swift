import Foundation
import PKI
import Registry
import Tokens

/// An access token judged by what stands now, not only by what it says: signature and times, then revocation, family, session, window and
/// entry.
struct LiveToken: Sendable {
    let claims: AccessToken
    /// Nil for a client acting for itself.
    let session: Session?
    let entry: Entry?

    /// Nil when the token is not ours, over, or what it rests on has ended.
    static func find(_ text: String, issuer: String, services: Services) async throws -> LiveToken? {
        let rules = TokenRules(issuer: issuer, audience: .any, clockSkew: 0)
        guard let claims = try? services.keys.published.accessToken(text, rules: rules, at: services.now()) else { return nil }
        let registry = services.registry
        guard try await !registry.isAccessTokenRevoked(jti: claims.tokenID) else { return nil }
        guard let window = try await registry.window(claims.clientID), window.state == .active else { return nil }
        guard let familyID = TokenID(claims.tokenID).family else { return LiveToken(claims: claims, session: nil, entry: nil) }
        guard let (family, session) = try await registry.family(familyID), family.authorization.windowID == window.id else { return nil }
        do {
            return LiveToken(claims: claims, session: session, entry: try await registry.entry(of: session, to: window))
        } catch is Refusal {
            return nil
        }
    }
}
