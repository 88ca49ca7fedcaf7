import Directory
import Foundation
import Logging
import PKI
import Registry

/// The server's one YAML file, checked and with its secrets read. Unknown keys are refused with their line; every secret may be
/// `{file: PATH}` or `{env: NAME}`; relative paths are relative to the file's folder. Keys: `docs/configuration.md`.
package struct ServerConfiguration: Sendable {
    /// Where the two origins listen; a port of 0 takes a free one (tests).
    package struct Listen: Sendable {
        package var address = "127.0.0.1"
        package var publicPort = 8443
        package var certificatePort = 8444
    }
    package struct DirectorySync: Sendable {
        package var settings: DirectorySettings
        package var interval: Duration
        /// Group DN to role.
        package var roles: [String: String]
    }
    package struct PlatformCA: Sendable {
        package var certificatePath: String
        package var keyPath: String
        package var keyPassword: String?
        /// Where its CRL is written, whenever something it issued is revoked and before the last one runs out.
        package var revocationListPath: String
        /// Goes into issued certificates' distribution points.
        package var revocationListURI: String?
        /// From thisUpdate to nextUpdate; a new list is written at half of it.
        package var revocationListInterval: Duration
    }
    package struct Throttling: Sendable {
        package var attemptsPerAccount = 10
        package var attemptsPerAddress = 100
        package var period: Duration = .seconds(300)
    }

    /// E.g. https://localhost:8443, no trailing slash; the OIDC issuer.
    package var publicOrigin = "https://localhost:8443"
    /// Same host, another port.
    package var certificateOrigin = "https://localhost:8444"
    package var listen = Listen()
    package var tlsCertificatePath = ""
    package var tlsKeyPath = ""
    package var databasePath = ""
    package var trustListPath = ""
    /// 32 bytes that signing keys are sealed with.
    package var sealingKey: [UInt8] = []
    package var auditKeyPath = ""
    package var auditHeadPath = ""
    package var auditHeadInterval: Duration = .seconds(60)
    package var registry = RegistrySettings()
    package var directory: DirectorySync?
    package var platformCA: PlatformCA?
    package var throttling = Throttling()
    /// May addresses that windows registered be private or loopback ones?
    package var allowsPrivateWindows = false
    /// PEM of TLS roots for calls to windows, beside the system's.
    package var windowAuthoritiesPath: String?
    package var logLevel: Logger.Level = .info

    package init() {}

    /// Reads and checks the file at `path`. Throws `ConfigurationError`.
    package static func load(path: String) throws -> ServerConfiguration {
        try ServerConfiguration(StrictYAML.load(ConfigurationFile.self, path: path), ConfigurationFolder(file: path))
    }
}
