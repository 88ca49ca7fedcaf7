import Foundation
import Testing

@testable import Registry

@Suite("Storage")
struct StorageTests {
    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("the database, its log and its index are readable by their owner alone", arguments: ["", "-wal", "-shm"])
    func filesArePrivate(suffix: String) async throws {
        let fixture = try RegistryFixture()
        _ = try await fixture.registry.putOneUse("code", payload: "{}", lifetime: .seconds(60))
        #expect(try mode(fixture.path("hallpass.sqlite") + suffix) == 0o600)
    }

    @Test("a database that others could read is closed to them when it is opened")
    func openFileIsClosed() throws {
        let fixture = try RegistryFixture()
        let path = fixture.path("other.sqlite")
        #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
        _ = try Storage(path: path)
        #expect(try mode(path) == 0o600)
    }

    @Test("a database in a folder that is not there is refused with what to check")
    func missingFolder() throws {
        let fixture = try RegistryFixture()
        let failure = #expect(throws: StorageFailure.self) { try Storage(path: fixture.path("none/hallpass.sqlite")) }
        #expect(failure?.description.contains("check that its folder exists") == true)
    }

    @Test("a symbolic link in the database's place is not followed")
    func symbolicLink() throws {
        let fixture = try RegistryFixture()
        let link = fixture.path("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: fixture.path("hallpass.sqlite"))
        #expect(throws: StorageFailure.self) { try Storage(path: link) }
    }

    @Test("each commit is on disk before it is acknowledged: write-ahead log, full synchronisation, foreign keys")
    func pragmas() async throws {
        let fixture = try RegistryFixture()
        let values = try await fixture.registry.storage.write { transaction in
            let journal = try transaction.row("PRAGMA journal_mode")?.text("journal_mode")
            let synchronous = try transaction.row("PRAGMA synchronous")?.integer("synchronous")
            let foreignKeys = try transaction.row("PRAGMA foreign_keys")?.integer("foreign_keys")
            return "\(journal ?? "") \(synchronous ?? -1) \(foreignKeys ?? -1)"
        }
        #expect(values == "wal 2 1")
    }

    @Test("a transaction that throws leaves nothing, its audit event included")
    func rollback() async throws {
        struct Interrupted: Error {}
        let fixture = try RegistryFixture()
        await #expect(throws: Interrupted.self) {
            try await fixture.registry.storage.write { transaction in
                try fixture.registry.record(AuditEvent("test", actor: .system), in: transaction)
                throw Interrupted()
            }
        }
        #expect(try await fixture.count("audit_events") == 0)
    }

    @Test("what another process writes is seen at the next read")
    func otherProcess() async throws {
        let fixture = try RegistryFixture()
        let other = try Storage(path: fixture.path("hallpass.sqlite"))
        let second = Registry(
            storage: other, settings: RegistrySettings(), authorities: AuthorityBook(),
            auditSigner: try AuditSigner(keyFile: fixture.path("audit.key"), headFile: fixture.path("heads")))
        _ = try await second.addWindow(.oidc(), actor: .commandLine("root"))
        #expect(try await fixture.registry.window("tax")?.name == "税务窗口")
        try await second.setState(.suspended, ofWindow: "tax", actor: .commandLine("root"))
        #expect(try await fixture.registry.window("tax")?.state == .suspended)
    }

    @Test("two processes that write at once break neither the chain nor each other")
    func concurrentProcesses() async throws {
        let fixture = try RegistryFixture()
        let second = Registry(
            storage: try Storage(path: fixture.path("hallpass.sqlite")), settings: RegistrySettings(), authorities: AuthorityBook(),
            auditSigner: try AuditSigner(keyFile: fixture.path("audit.key"), headFile: fixture.path("heads")), now: { fixture.clock.now })
        _ = try await atOnce(20) {
            try await fixture.registry.record(AuditEvent("first", actor: .system))
            try await second.record(AuditEvent("second", actor: .system))
            try await second.signAuditHead()
        }
        let report = try await fixture.registry.verifyAudit()
        #expect(report.isWhole, "\(report.findings)")
        #expect(report.events == 40)
        #expect(report.heads > 0)
    }
}
