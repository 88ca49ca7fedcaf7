// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are the keys of the file.

/// The YAML file as it is written; every key is in `docs/configuration.md`. `ServerConfiguration` is what it means.
struct ConfigurationFile: Codable {
    struct Listen: Codable {
        var address: String?
        var public_port: Int?
        var certificate_port: Int?
    }
    struct TLS: Codable {
        var certificate: String
        var key: String
    }
    struct AuditLog: Codable {
        var key_file: String
        var head_file: String
        var interval: TimeSpan?
    }
    struct Sessions: Codable {
        var idle: TimeSpan?
        var lifetime: TimeSpan?
        var revoked_master_ends_subs: Bool?
    }
    struct DirectoryServer: Codable {
        var url: String
        var base: String
        var bind_dn: String
        var password: Secret
        var tls_ca: String?
        var interval: TimeSpan?
        var roles: [String: String]?
    }
    struct Administration: Codable {
        var administrator_roles: [String]?
        var password_sufficient: Bool?
    }
    struct Windows: Codable {
        var allow_loopback_http: Bool?
        var allow_private_addresses: Bool?
        var tls_ca: String?
    }
    struct PlatformCA: Codable {
        var certificate: String
        var key: String
        var key_password: Secret?
        var revocation_list: String
        var revocation_list_uri: String?
        var revocation_list_interval: TimeSpan?
    }
    struct Throttling: Codable {
        var attempts_per_account: Int?
        var attempts_per_address: Int?
        var period: TimeSpan?
    }
    struct Log: Codable {
        var level: String?
    }

    var public_origin: String
    var certificate_origin: String
    var listen: Listen?
    var tls: TLS
    var database: String
    var trust_list: String
    var sealing_key: Secret
    var identifier_pepper: Secret?
    var audit: AuditLog
    var sessions: Sessions?
    var directory: DirectoryServer?
    var administration: Administration?
    var windows: Windows?
    var platform_ca: PlatformCA?
    var throttling: Throttling?
    var log: Log?
}
