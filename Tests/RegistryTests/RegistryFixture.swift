import Foundation
import PKI
import Synchronization

@testable import Registry

/// A clock that stands still until a test moves it.
final class StillClock: Sendable {
    private let moment = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    var now: Date { moment.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

/// A registry on a database in a folder of its own, which goes with it.
final class RegistryFixture: Sendable {
    let folder: URL
    let clock = StillClock()
    let registry: Registry

    init(_ adjust: (inout RegistrySettings) -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = RegistrySettings()
        adjust(&settings)
        let clock = self.clock
        registry = Registry(
            storage: try Storage(path: folder.appending(path: "hallpass.sqlite").path), settings: settings, authorities: AuthorityBook(),
            auditSigner: try AuditSigner(keyFile: folder.appending(path: "audit.key").path, headFile: folder.appending(path: "heads").path),
            now: { clock.now })
    }

    deinit {
        try? registry.storage.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func count(_ table: String, where condition: String = "TRUE") async throws -> Int64 {
        try await registry.storage.read { try $0.row("SELECT COUNT(*) AS n FROM \(table) WHERE \(condition)")?.integer("n") ?? 0 }
    }

    /// Kinds of the events in the log, oldest first.
    func auditKinds() async throws -> [String] { try await registry.auditEvents(limit: 1000).reversed().map(\.kind) }
}

extension Window {
    static func oidc(
        _ id: String = "tax", authMethod: AuthMethod = .basic, redirectURIs: [String] = ["https://tax.example/callback"]
    ) -> Window {
        var window = Window(
            id: id, name: "税务窗口", protocol: .oidc, authMethod: authMethod, grants: ["authorization_code", "refresh_token"], entry: .everyone
        )
        window.redirectURIs = redirectURIs
        return window
    }
}

/// Runs `work` so many times at once and returns what each gave.
func atOnce<Value: Sendable>(_ times: Int, _ work: @escaping @Sendable () async throws -> Value) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        for _ in 0..<times { group.addTask { try await work() } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

extension RegistryFixture {
    /// A member of staff to log in as, put where the directory sync would.
    func addStaff(_ id: String = "clerk") async throws {
        try await registry.storage.write { transaction in
            try transaction.execute(
                "INSERT INTO accounts (id, kind, name, standing, created) VALUES (?, 'staff', '张三', 'active', 0)", [.text(id)])
            try transaction.execute(
                "INSERT INTO staff (account_id, entry_id, uid, uid_folded, dn, unit_path) VALUES (?, ?, ?, ?, ?, 'guangdong')",
                [.text(id), .text(id), .text(id), .text(id), .text("uid=\(id)")])
        }
    }

    func removeStaff(_ id: String = "clerk") async throws {
        _ = try await registry.storage.write { try $0.execute("UPDATE accounts SET standing = 'suspended' WHERE id = ?", [.text(id)]) }
    }

    func login(as id: String = "clerk", path: [String] = [], goodUntil: Date? = nil) -> Login {
        Login(
            accountID: id, acr: Assurance.password, amr: ["pwd", "mfa"], authTime: clock.now, path: path, certificateID: nil,
            goodUntil: goodUntil)
    }

    func openSession(as id: String = "clerk", replacing: String? = nil, path: [String] = []) async throws -> (
        cookie: String, session: Session
    ) {
        try await registry.openSession(login(as: id, path: path), replacing: replacing, address: "192.0.2.1")
    }
}
