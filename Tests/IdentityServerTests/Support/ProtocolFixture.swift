import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PKI
import Registry
import Synchronization
import Tokens

@testable import IdentityServer

/// A clock that stands still until a test moves it.
final class HeldClock: Sendable {
    private let moment = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    var now: Date { moment.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

/// The real server's routes over a real registry on a database of its own, with two legal persons, their masters, and windows.
final class ProtocolFixture: Sendable {
    static let issuer = "https://id.example:8443"
    static let uscc = "91440000PDY00001XK"

    let folder: URL
    let clock = HeldClock()
    let registry: Registry
    let services: Services
    let secrets: [String: String]

    /// The windows: `tax` (basic, everyone, refresh), `land` (post, everyone), `spa` (public), `permits` (basic, granted),
    /// `batch` (client_credentials), `archive` and `museum` (forward-auth, granted and everyone).
    init(prepare: @Sendable (Registry) async throws -> Void = { _ in }) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-protocols-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let clock = self.clock
        registry = Registry(
            storage: try Storage(path: folder.appending(path: "hallpass.sqlite").path), settings: RegistrySettings(),
            authorities: AuthorityBook(),
            auditSigner: try AuditSigner(keyFile: folder.appending(path: "audit.key").path, headFile: folder.appending(path: "heads").path),
            now: { clock.now })
        secrets = try await Self.register(in: registry)
        try await prepare(registry)
        var configuration = ServerConfiguration()
        configuration.publicOrigin = Self.issuer
        configuration.certificateOrigin = "https://id.example:8444"
        configuration.sealingKey = Array(repeating: 7, count: 32)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        services = try Services(
            configuration: configuration, registry: registry, trust: TrustStore(TrustGraph(TrustList(anchors: []), at: clock.now)),
            keys: try await KeyStore.open(registry: registry, sealingKey: configuration.sealingKey), now: { clock.now }, logger: logger)
    }

    deinit {
        try? registry.storage.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func register(in registry: Registry) async throws -> [String: String] {
        func oidc(_ id: String, _ method: Window.AuthMethod, _ entry: Window.Entry, _ grants: [String]) -> Window {
            var window = Window(id: id, name: id, protocol: .oidc, authMethod: method, grants: grants, entry: entry)
            if grants.contains("authorization_code") {
                window.redirectURIs = ["https://\(id).example/callback", "https://\(id).example/other?tenant=1"]
                window.postLogoutRedirectURIs = ["https://\(id).example/bye"]
            }
            return window
        }
        func guarded(_ id: String, _ entry: Window.Entry) -> Window {
            var window = Window(id: id, name: id, protocol: .forwardAuth, authMethod: .none, grants: [], entry: entry)
            window.serviceURLs = ["https://\(id).example:8446"]
            return window
        }
        let windows = [
            oidc("tax", .basic, .everyone, ["authorization_code", "refresh_token"]),
            oidc("land", .post, .everyone, ["authorization_code", "refresh_token"]),
            oidc("spa", .none, .everyone, ["authorization_code"]),
            oidc("permits", .basic, .granted, ["authorization_code", "refresh_token"]),
            oidc("batch", .basic, .everyone, ["client_credentials"]),
            guarded("archive", .granted), guarded("museum", .everyone),
        ]
        var secrets: [String: String] = [:]
        for window in windows { secrets[window.id] = try await registry.addWindow(window, actor: .system) }
        return secrets
    }

    func run(_ test: @escaping @Sendable (Browser) async throws -> Void) async throws {
        let app = Application(router: HallpassServer.publicRouter(services), logger: services.logger)
        try await app.test(.router) { client in try await test(Browser(client: client, fixture: self)) }
    }

    // MARK: People

    /// A holder of a certificate, as a first login would leave them.
    @discardableResult
    func person(_ id: String, kind: CertificateKind = .master, uscc: String = ProtocolFixture.uscc, name: String = "深圳某某公司 张三") async throws
        -> String
    {
        let moment = clock.now
        try await registry.storage.write { transaction in
            try transaction.execute(
                "INSERT INTO legal_persons (uscc, name, standing, added) VALUES (?, '深圳某某公司', 'active', 0) ON CONFLICT DO NOTHING",
                [.text(uscc)])
            try transaction.execute(
                "INSERT INTO accounts (id, kind, name, uscc, standing, created) VALUES (?, ?, ?, ?, 'active', 0)",
                [.text(id), .text(kind.rawValue), .text(name), kind == .personal ? .null : .text(uscc)])
            try transaction.execute(
                """
                INSERT INTO certificates (id, account_id, fingerprint, issuer, issuer_name, serial, subject_name, not_after, standing,
                    standing_changed, issued_here, bound) VALUES (?, ?, ?, 'CN=CA', 'CN=CA', ?, 'CN=x', ?, 'active', 0, 0, 0)
                """,
                [
                    .text("certificate-\(id)"), .text(id), .text(Digest.sha256(Array(id.utf8)).hex), .blob([1]),
                    .time(moment.addingTimeInterval(365 * 86400)),
                ])
        }
        return id
    }

    /// Opens a session as a login would; the cookie's value.
    func logIn(_ id: String, goodUntil: Date? = nil, replacing: String? = nil) async throws -> String {
        let login = Login(
            accountID: id, acr: Assurance.certificate, amr: ["pop", "swk"], authTime: clock.now,
            path: [Digest.sha256(Array(id.utf8)).hex], certificateID: "certificate-\(id)", goodUntil: goodUntil)
        return try await registry.openSession(login, replacing: replacing, address: "192.0.2.1").cookie
    }

    func execute(_ sql: String, _ arguments: [SQLValue] = []) async throws {
        _ = try await registry.storage.write { try $0.execute(sql, arguments) }
    }

    func auditKinds() async throws -> [String] { try await registry.auditEvents(limit: 1000).map(\.kind) }
}

/// Runs `work` so many times at once and returns what each gave.
func atOnce<Value: Sendable>(_ times: Int, _ work: @escaping @Sendable () async throws -> Value) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        for _ in 0..<times { group.addTask { try await work() } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}
