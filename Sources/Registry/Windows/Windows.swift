import Foundation
import PKI

/// A department system that relies on us (owner: registry-a).
package struct Window: Sendable, Codable, Equatable {
    package enum Wire: String, Sendable, Codable, CaseIterable { case oidc, cas, forwardAuth = "forward-auth" }
    package enum Entry: String, Sendable, Codable, CaseIterable { case everyone, granted }
    package enum AuthMethod: String, Sendable, Codable, CaseIterable {
        case basic = "client_secret_basic", post = "client_secret_post", privateKeyJWT = "private_key_jwt", tls = "tls_client_auth", none
    }
    package enum State: String, Sendable, Codable { case active, suspended }
    package var id: String
    package var name: String
    package var `protocol`: Wire
    /// Equal to `id`.
    package var clientID: String
    package var redirectURIs: [String]
    package var postLogoutRedirectURIs: [String]
    package var backchannelLogoutURIs: [String]
    package var frontchannelLogoutURIs: [String]
    /// CAS services; for forward-auth the guarded sites' origins.
    package var serviceURLs: [String]
    package var authMethod: AuthMethod
    /// JWK Set (JSON) for private_key_jwt.
    package var jwks: String?
    package var grants: [String]
    package var entry: Entry
    /// Staff roles that may enter a granted window.
    package var roles: [String]
    package var state: State
}

package struct Entry: Sendable, Equatable {
    package let parameters: [String: String]
    package let until: Date?
    package init(parameters: [String: String], until: Date?) {
        self.parameters = parameters
        self.until = until
    }
}

extension Registry {
    // registry-a:
    package func windows() async throws -> [Window] { fatalError("stub") }
    package func window(_ id: String) async throws -> Window? { fatalError("stub") }
    /// Returns the client secret once, or nil for `none`, `private_key_jwt`, CAS and forward-auth.
    package func addWindow(_ window: Window, actor: Actor) async throws -> String? { fatalError("stub") }
    package func setState(_ state: Window.State, ofWindow id: String, actor: Actor) async throws { fatalError("stub") }
    package func rotateSecret(ofWindow id: String, actor: Actor) async throws -> String { fatalError("stub") }
    package func removeWindow(_ id: String, actor: Actor) async throws { fatalError("stub") }
    /// Constant-time; false for unknown windows too.
    package func secretMatches(_ secret: String, window id: String) async throws -> Bool { fatalError("stub") }

    // registry-b (LegalPersons/Entry.swift):
    /// May this session enter this window now, and with what? Throws `window_not_permitted` (also for a suspended window).
    package func entry(of session: Session, to window: Window) async throws -> Entry { fatalError("stub") }
    /// The workbench: every active window this session may enter.
    package func windows(openTo session: Session) async throws -> [Window] { fatalError("stub") }
}

/// What the authorization endpoint promised, until the code is redeemed; then what a family of tokens rests on.
package struct Authorization: Sendable, Codable, Equatable {
    package var windowID: String
    package var redirectURI: String
    package var scope: [String]
    package var nonce: String?
    /// S256 challenge (RFC 7636 §4.2).
    package var codeChallenge: String?
    package var sid: String
    package var accountID: String
    package init(windowID: String, redirectURI: String, scope: [String], nonce: String?, codeChallenge: String?, sid: String, accountID: String) {
        self.windowID = windowID
        self.redirectURI = redirectURI
        self.scope = scope
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.sid = sid
        self.accountID = accountID
    }
}

/// One winner each, whatever the concurrency (registry-a).
package enum Redemption<Value: Sendable>: Sendable {
    case granted(Value)
    /// Used before: the whole family has been ended.
    case reused
    case unknown
}

/// Tokens issued over one authorization: ends as one. `id` is part of each access token's `jti` ("FAMILY.RANDOM").
package struct TokenFamily: Sendable {
    package let id: String
    package let authorization: Authorization
    package init(id: String, authorization: Authorization) {
        self.id = id
        self.authorization = authorization
    }
}

extension Registry {
    /// 256 random bits, 60 s.
    package func issueCode(_ authorization: Authorization) async throws -> String { fatalError("stub") }
    /// Marks the code used and starts its family, if it was issued to this window with this redirect URI; the PKCE verifier is checked by
    /// `check` inside the transaction (throwing rolls back and leaves the code used).
    package func redeemCode(_ code: String, windowID: String, check: @escaping @Sendable (Authorization) throws -> Void) async throws -> Redemption<TokenFamily> { fatalError("stub") }
    package func issueRefreshToken(family: TokenFamily) async throws -> String { fatalError("stub") }
    /// Old out, new in, in one transaction.
    package func rotateRefreshToken(_ token: String, windowID: String) async throws -> Redemption<(family: TokenFamily, token: String)> { fatalError("stub") }
    /// Alive: not ended, its session alive, its window active.
    package func family(_ id: String) async throws -> (family: TokenFamily, session: Session)? { fatalError("stub") }
    package func endFamily(_ id: String, reason: String, actor: Actor) async throws { fatalError("stub") }
    /// By a refresh token presented for revocation (RFC 7009) by its window; silently nothing when it is not that window's.
    package func revokeRefreshToken(_ token: String, windowID: String) async throws { fatalError("stub") }
    package func revokeAccessToken(jti: String, expires: Date, actor: Actor) async throws { fatalError("stub") }
    package func isAccessTokenRevoked(jti: String) async throws -> Bool { fatalError("stub") }

    /// Token signing keys, sealed by the caller: kid, algorithm, sealed private key, public JWK (JSON), since when, until when kept.
    package func signingKeys() async throws -> [StoredSigningKey] { fatalError("stub") }
    package func addSigningKey(_ key: StoredSigningKey, actor: Actor) async throws { fatalError("stub") }
}

package struct StoredSigningKey: Sendable {
    package let kid: String
    package let algorithm: String
    package let sealed: [UInt8]
    package let publicJWK: String
    package let activeFrom: Date
    package let retired: Date?
    package init(kid: String, algorithm: String, sealed: [UInt8], publicJWK: String, activeFrom: Date, retired: Date?) {
        self.kid = kid
        self.algorithm = algorithm
        self.sealed = sealed
        self.publicJWK = publicJWK
        self.activeFrom = activeFrom
        self.retired = retired
    }
}
