import Foundation
import Hummingbird
import Logging
import PKI
import Registry
import Tokens

/// Everything a handler may use; made once here, handed to each controller. (owner: http)
package struct Services: Sendable {
    package let configuration: ServerConfiguration
    package let registry: Registry
    /// The compiled graph in force, swapped atomically.
    package let trust: TrustStore
    /// The current signing key and the published set. (owner: oidc)
    package let keys: KeyStore
    package let pages: Pages
    /// Issues sub-certificates; nil when none is configured.
    package let platform: PlatformAuthority?
    package let now: CurrentTime
    package let logger: Logger
    let crossSite: CrossSiteGuard

    package init(
        configuration: ServerConfiguration, registry: Registry, trust: TrustStore, keys: KeyStore, platform: PlatformAuthority? = nil,
        now: @escaping CurrentTime = { Date() }, logger: Logger
    ) throws {
        self.configuration = configuration
        self.registry = registry
        self.trust = trust
        self.keys = keys
        self.platform = platform
        self.now = now
        self.logger = logger
        crossSite = CrossSiteGuard(publicOrigin: configuration.publicOrigin, secret: configuration.sealingKey)
        pages = try Pages(publicOrigin: configuration.publicOrigin, crossSite: crossSite)
    }
}

/// Holds the trust list, graph and authority book in force; reloads when the files change (polled every half second) and
/// ends sessions whose path is refused by the new graph. (owner: http)
package final class TrustStore: Sendable {
    package var graph: TrustGraph { fatalError("stub") }
    package init() {}
}
