import Directory
import Foundation
import Logging
import PKI
import Registry

/// From what is written to what it means.
extension ServerConfiguration {
    init(_ file: ConfigurationFile, _ folder: ConfigurationFolder) throws {
        let publicOrigin = try Origin(file.public_origin, key: "public_origin", folder)
        let certificateOrigin = try Origin(file.certificate_origin, key: "certificate_origin", folder)
        guard publicOrigin.host == certificateOrigin.host, publicOrigin.port != certificateOrigin.port else {
            // The hand-off cookie that joins the two belongs to the host (contract: Origins).
            throw folder.error("`certificate_origin` must be the public origin's host with another port")
        }
        self.publicOrigin = publicOrigin.description
        registry.publicHost = publicOrigin.host
        self.certificateOrigin = certificateOrigin.description
        listen.address = file.listen?.address ?? listen.address
        listen.publicPort = try Self.port(file.listen?.public_port, key: "listen.public_port", folder) ?? publicOrigin.port
        listen.certificatePort =
            try Self.port(file.listen?.certificate_port, key: "listen.certificate_port", folder) ?? certificateOrigin.port
        tlsCertificatePath = folder.resolve(file.tls.certificate)
        tlsKeyPath = folder.resolve(file.tls.key)
        databasePath = folder.resolve(file.database)
        trustListPath = folder.resolve(file.trust_list)
        sealingKey = try Self.sealingKey(file.sealing_key, folder)
        auditKeyPath = folder.resolve(file.audit.key_file)
        auditHeadPath = folder.resolve(file.audit.head_file)
        auditHeadInterval = file.audit.interval?.duration ?? auditHeadInterval
        try apply(file, folder)
    }

    private mutating func apply(_ file: ConfigurationFile, _ folder: ConfigurationFolder) throws {
        registry.sessionIdle = file.sessions?.idle?.duration ?? registry.sessionIdle
        registry.sessionLifetime = file.sessions?.lifetime?.duration ?? registry.sessionLifetime
        registry.revokedMasterEndsSubs = file.sessions?.revoked_master_ends_subs ?? registry.revokedMasterEndsSubs
        registry.administratorRoles = file.administration?.administrator_roles.map(Set.init) ?? registry.administratorRoles
        registry.passwordAdministration = file.administration?.password_sufficient ?? false
        registry.identifierPepper = try file.identifier_pepper.map { Array(try $0.value("identifier_pepper", in: folder).utf8) } ?? []
        registry.revocationListURI = file.platform_ca?.revocation_list_uri
        registry.allowsLoopbackHTTP = file.windows?.allow_loopback_http ?? false
        allowsPrivateWindows = file.windows?.allow_private_addresses ?? false
        windowAuthoritiesPath = file.windows?.tls_ca.map(folder.resolve)
        directory = try file.directory.map { try Self.directory($0, folder) }
        platformCA = try file.platform_ca.map { try Self.platformCA($0, folder) }
        throttling.attemptsPerAccount = file.throttling?.attempts_per_account ?? throttling.attemptsPerAccount
        throttling.attemptsPerAddress = file.throttling?.attempts_per_address ?? throttling.attemptsPerAddress
        throttling.period = file.throttling?.period?.duration ?? throttling.period
        if let level = file.log?.level {
            guard let known = Logger.Level(rawValue: level) else { throw folder.error("`log.level`: \(level) is not a level") }
            logLevel = known
        }
    }

    private static func directory(_ file: ConfigurationFile.DirectoryServer, _ folder: ConfigurationFolder) throws -> DirectorySync {
        var settings = DirectorySettings(
            url: file.url, base: file.base, bindDN: file.bind_dn, password: try file.password.value("directory.password", in: folder))
        settings.tlsAuthorityFile = file.tls_ca.map(folder.resolve)
        return DirectorySync(settings: settings, interval: file.interval?.duration ?? .seconds(300), roles: file.roles ?? [:])
    }

    private static func platformCA(_ file: ConfigurationFile.PlatformCA, _ folder: ConfigurationFolder) throws -> PlatformCA {
        PlatformCA(
            certificatePath: folder.resolve(file.certificate), keyPath: folder.resolve(file.key),
            keyPassword: try file.key_password?.value("platform_ca.key_password", in: folder),
            revocationListPath: folder.resolve(file.revocation_list), revocationListURI: file.revocation_list_uri,
            revocationListInterval: file.revocation_list_interval?.duration ?? .seconds(7 * 86400))
    }

    /// 32 bytes in hexadecimal digits or base64.
    private static func sealingKey(_ secret: Secret, _ folder: ConfigurationFolder) throws -> [UInt8] {
        let text = try secret.value("sealing_key", in: folder)
        guard let bytes = [UInt8](hex: text) ?? Data(base64Encoded: text).map(Array.init), bytes.count == 32 else {
            throw folder.error("`sealing_key` is not 32 bytes in hexadecimal digits or base64")
        }
        return bytes
    }

    private static func port(_ value: Int?, key: String, _ folder: ConfigurationFolder) throws -> Int? {
        guard let value else { return nil }
        guard (0...65535).contains(value) else { throw folder.error("`\(key)` is not a port") }
        return value
    }
}

/// An https origin (RFC 6454 §4): scheme, host, port and nothing else.
struct Origin: Equatable, CustomStringConvertible {
    let host: String
    let port: Int

    var description: String { port == 443 ? "https://\(host)" : "https://\(host):\(port)" }

    init(_ text: String, key: String, _ folder: ConfigurationFolder) throws {
        guard let url = URLComponents(string: text), url.scheme == "https", let host = url.host, !host.isEmpty, url.path.isEmpty,
            url.query == nil, url.fragment == nil, url.user == nil, url.password == nil
        else { throw folder.error("`\(key)` is not an origin such as https://login.example:8443, without a trailing slash") }
        self.host = host.lowercased()
        port = url.port ?? 443
    }
}
