import Foundation
import Testing

@testable import Registry

@Suite("The audit log")
struct AuditTests {
    private func refusal(_ code: String = "path_not_found", from address: String = "192.0.2.1") -> AuditEvent {
        AuditEvent("login.refused", actor: .anonymous, address: address, details: ["code": code])
    }

    @Test("keeps what an event says, in order")
    func roundTrip() async throws {
        let fixture = try RegistryFixture()
        try await fixture.registry.record(
            AuditEvent(
                "grant.given", actor: .account("a"), target: "account:b", address: "2001:db8::1", details: ["窗口": "税务", "b": "\"\\\n"]))
        try await fixture.registry.record(AuditEvent("staff.synced", actor: .system))
        let entries = try await fixture.registry.auditEvents(limit: 10)
        #expect(entries.map(\.seq) == [2, 1])
        #expect(entries[1].details == ["窗口": "税务", "b": "\"\\\u{FFFD}"])
        #expect(entries[1].target == "account:b")
        #expect(entries[0].address == nil)
        #expect(try await fixture.registry.auditEvents(limit: 1).count == 1)
    }

    @Test("bounds what an event may carry, and stays whole with hostile text in every field")
    func hostileText() async throws {
        let fixture = try RegistryFixture()
        let hostile = "a\u{0}b\u{1B}[2J\r\n" + String(repeating: "\u{1F468}\u{200D}\u{1F469}", count: 5000)
        try await fixture.registry.record(
            AuditEvent(
                hostile, actor: Actor(description: hostile), target: hostile, address: hostile,
                details: Dictionary(uniqueKeysWithValues: (0..<100).map { ("\($0)\(hostile)", hostile) })))
        let entry = try #require(try await fixture.registry.auditEvents(limit: 1).first)
        #expect(entry.details.count <= 32)
        #expect(entry.details.values.allSatisfy { $0.unicodeScalars.count <= 1000 })
        #expect(!entry.kind.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(try await fixture.registry.verifyAudit().isWhole)
    }

    @Test("gives each of fifty writers at once a place of its own in the chain")
    func concurrent() async throws {
        let fixture = try RegistryFixture()
        _ = try await atOnce(50) { try await fixture.registry.record(AuditEvent("test.event", actor: .system)) }
        let report = try await fixture.registry.verifyAudit()
        #expect(report.isWhole)
        #expect(report.events == 50)
    }

    @Test("no two different events have the same encoding")
    func encoding() throws {
        func hash(_ event: AuditEvent) throws -> [UInt8] {
            let record = try AuditRecord(event, seq: 1, time: 0, previous: AuditRecord.beginning)
            return record.hash
        }
        let hashes = try [
            hash(AuditEvent("ab", actor: Actor(description: "c"))), hash(AuditEvent("a", actor: Actor(description: "bc"))),
            hash(AuditEvent("ab", actor: Actor(description: "c"), target: "")),
            hash(AuditEvent("ab", actor: Actor(description: "c"), address: "")),
            hash(AuditEvent("ab", actor: Actor(description: "c"), target: "d")),
            hash(AuditEvent("ab", actor: Actor(description: "c"), address: "d")),
        ]
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("writes the first of like anonymous refusals at once and counts the others for a minute")
    func aggregation() async throws {
        let fixture = try RegistryFixture()
        for _ in 0..<50 { try await fixture.registry.record(refusal()) }
        #expect(try await fixture.count("audit_events") == 1)
        fixture.clock.advance(60)
        try await fixture.registry.maintain()
        let entries = try await fixture.registry.auditEvents(limit: 10)
        #expect(entries.count == 2)
        #expect(entries[0].details["repeated"] == "49")
        #expect(entries[0].details["code"] == "path_not_found")
        #expect(entries[0].address == "192.0.2.1")
    }

    @Test("a minute that is over starts anew with the next refusal")
    func nextMinute() async throws {
        let fixture = try RegistryFixture()
        for _ in 0..<3 { try await fixture.registry.record(refusal()) }
        fixture.clock.advance(61)
        try await fixture.registry.record(refusal())
        #expect(try await fixture.registry.auditEvents(limit: 10).map { $0.details["repeated"] } == [nil, "2", nil])
    }

    @Test("refusals that differ in kind, code or address, and those of somebody known, are told apart")
    func notAlike() async throws {
        let fixture = try RegistryFixture()
        try await fixture.registry.record(refusal())
        try await fixture.registry.record(refusal("ca_revoked"))
        try await fixture.registry.record(refusal(from: "192.0.2.2"))
        try await fixture.registry.record(
            AuditEvent("token.refused", actor: .anonymous, address: "192.0.2.1", details: ["code": "path_not_found"]))
        for _ in 0..<2 { try await fixture.registry.record(AuditEvent("login.refused", actor: .account("a"), address: "192.0.2.1")) }
        #expect(try await fixture.count("audit_events") == 6)
    }

    @Test("refusals from ever new addresses neither fill the memory nor are lost from the count")
    func manyAddresses() {
        var tally = RefusalTally()
        let moment = Date(timeIntervalSince1970: 0)
        let written = (0..<5000).filter { tally.isNew(refusal(from: "address \($0)"), at: moment) }.count
        #expect(written == RefusalTally.limit + 1)
        let closed = tally.closeWindows(before: moment.addingTimeInterval(60))
        #expect(closed.count == 1)
        #expect(closed[0].address == nil)
        #expect(closed[0].details["repeated"] == String(5000 - written))
        #expect(tally.closeWindows(before: .distantFuture).isEmpty)
    }

    @Test("at the end of the process the counts are written and everything is signed")
    func finish() async throws {
        let fixture = try RegistryFixture()
        for _ in 0..<3 { try await fixture.registry.record(refusal()) }
        try await fixture.registry.finish()
        let report = try await fixture.registry.verifyAudit()
        #expect(report == AuditReport(events: 2, heads: 1, signedUpTo: 2, findings: []))
    }

    @Test("a head is signed once, however often it is asked for")
    func oneHead() async throws {
        let fixture = try RegistryFixture()
        try await fixture.registry.signAuditHead()
        #expect(try await fixture.count("audit_heads") == 0)
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        _ = try await atOnce(10) { try await fixture.registry.signAuditHead() }
        #expect(try await fixture.count("audit_heads") == 1)
    }

    @Test("newest events may wait for their signature for a while")
    func unsignedTail() async throws {
        let fixture = try RegistryFixture()
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        fixture.clock.advance(299)
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        #expect(try await fixture.registry.verifyAudit().isWhole)
        fixture.clock.advance(2)
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        #expect(try await fixture.registry.verifyAudit().findings.map(\.code) == [.unsigned])
        try await fixture.registry.signAuditHead()
        #expect(try await fixture.registry.verifyAudit().isWhole)
    }

    @Test("a crash between head file and database, or in the middle of a line, is mended at the next signature")
    func crash() async throws {
        let fixture = try RegistryFixture()
        let file = URL(fileURLWithPath: fixture.path("heads"))
        for _ in 0..<2 {
            try await fixture.registry.record(AuditEvent("test.event", actor: .system))
            try await fixture.registry.signAuditHead()
        }
        try await fixture.registry.storage.write { transaction in
            try transaction.execute("DROP TRIGGER audit_heads_no_delete")
            try transaction.execute("DELETE FROM audit_heads WHERE seq = 2")
        }
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        try await fixture.registry.signAuditHead()
        #expect(try await fixture.registry.verifyAudit() == AuditReport(events: 3, heads: 3, signedUpTo: 3, findings: []))

        try Data(try Data(contentsOf: file) + Data("4 1800000000000 abc".utf8)).write(to: file)
        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        try await fixture.registry.signAuditHead()
        #expect(try await fixture.registry.verifyAudit() == AuditReport(events: 4, heads: 4, signedUpTo: 4, findings: []))
    }

    @Test("the key is private, made once, and never silently replaced")
    func key() async throws {
        let fixture = try RegistryFixture()
        let (key, heads) = (fixture.path("audit.key"), fixture.path("heads"))
        #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        let text = try String(contentsOfFile: key, encoding: .utf8)
        _ = try AuditSigner(keyFile: key, headFile: heads)
        #expect(try String(contentsOfFile: key, encoding: .utf8) == text)

        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        let open = #expect(throws: AuditFailure.self) { try AuditSigner(keyFile: key, headFile: heads) }
        #expect(open?.description.contains("0600") == true)

        try await fixture.registry.record(AuditEvent("test.event", actor: .system))
        try await fixture.registry.signAuditHead()
        #expect(try FileManager.default.attributesOfItem(atPath: heads)[.posixPermissions] as? Int == 0o600)
        try FileManager.default.removeItem(atPath: key)
        let missing = #expect(throws: AuditFailure.self) { try AuditSigner(keyFile: key, headFile: heads) }
        #expect(missing?.description.contains("restore the key") == true)
        #expect(throws: AuditFailure.self) { try AuditSigner(existingKeyFile: key, headFile: heads) }
        #expect(!FileManager.default.fileExists(atPath: key))
    }
}
