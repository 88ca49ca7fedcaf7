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
            id: id, name: "税务窗口", protocol: .oidc, authMethod: authMethod, grants: ["authorization_code", "refresh_token"], entry: .everyone)
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
