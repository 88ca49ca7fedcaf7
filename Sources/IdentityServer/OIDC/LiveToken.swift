import Foundation
import PKI
import Registry
import Tokens

/// An access token judged by what stands now, not only by what it says: signature and times, then revocation, family, session, window and
/// entry.
struct LiveToken: Sendable {
    let claims: AccessToken
    /// Nil for a client acting for itself.
    let visit: Visit?

    /// Nil when the token is not ours, over, or what it rests on has ended.
    static func find(_ text: String, issuer: String, services: Services) async throws -> LiveToken? {
        let rules = TokenRules(issuer: issuer, audience: .any, clockSkew: 0)
        guard let claims = try? services.keys.published.accessToken(text, rules: rules, at: services.now()) else { return nil }
        guard let family = TokenID(claims.tokenID).family else { return try await ofClient(claims, services.registry) }
        do {
            let visit = try await services.registry.visit(family: family, accessToken: claims.tokenID)
            guard let visit, visit.window.clientID == claims.clientID else { return nil }
            return LiveToken(claims: claims, visit: visit)
        } catch is Refusal {
            return nil
        }
    }

    private static func ofClient(_ claims: AccessToken, _ registry: Registry) async throws -> LiveToken? {
        guard try await registry.window(claims.clientID)?.state == .active, try await !registry.isAccessTokenRevoked(jti: claims.tokenID)
        else { return nil }
        return LiveToken(claims: claims, visit: nil)
    }
}
