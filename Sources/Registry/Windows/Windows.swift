import Foundation
import PKI

/// A department system that relies on us.
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
    /// What it registered beyond the ordinary.
    package var options = WindowOptions()

    /// A window as it is first registered: active, its `clientID` equal to `id`, with nothing but what is given.
    package init(id: String, name: String, protocol: Wire, authMethod: AuthMethod, grants: [String] = [], entry: Entry = .granted) {
        self.id = id
        self.name = name
        self.protocol = `protocol`
        self.clientID = id
        self.redirectURIs = []
        self.postLogoutRedirectURIs = []
        self.backchannelLogoutURIs = []
        self.frontchannelLogoutURIs = []
        self.serviceURLs = []
        self.authMethod = authMethod
        self.grants = grants
        self.entry = entry
        self.roles = []
        self.state = .active
    }
}

package struct Entry: Sendable, Equatable {
    package let parameters: [String: String]
    package let until: Date?
    package init(parameters: [String: String], until: Date?) {
        self.parameters = parameters
        self.until = until
    }
}
