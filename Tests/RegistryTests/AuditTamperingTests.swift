import Foundation
import PKI
import Testing

@testable import Registry

/// Twelve events ten minutes apart, heads signed over 4, 8 and 12; then somebody with write access to database and head file, but
/// without the key, changes something.
@Suite("A tampered audit log")
struct AuditTamperingTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let finding: AuditReport.Finding.Code
        let seq: Int64
        let change: @Sendable (TamperedLog) async throws -> Void

        init(
            _ what: String, _ finding: AuditReport.Finding.Code, at seq: Int64,
            _ change: @escaping @Sendable (TamperedLog) async throws -> Void
        ) {
            self.testDescription = what
            self.finding = finding
            self.seq = seq
            self.change = change
        }

        /// The database alone, by plain SQL.
        init(_ what: String, _ finding: AuditReport.Finding.Code, at seq: Int64, sql: String...) {
            self.init(what, finding, at: seq) { try await $0.run(sql) }
        }
    }

    static let rows: [Tampering] = [
        Tampering("an actor changed", .altered, at: 5, sql: "UPDATE audit_events SET actor = 'account:other' WHERE seq = 5"),
        Tampering("a kind changed", .altered, at: 5, sql: "UPDATE audit_events SET kind = 'test.other' WHERE seq = 5"),
        Tampering("a time changed", .altered, at: 5, sql: "UPDATE audit_events SET time = time + 1 WHERE seq = 5"),
        Tampering("an address emptied", .altered, at: 5, sql: "UPDATE audit_events SET address = '' WHERE seq = 5"),
        Tampering("an address taken out", .altered, at: 5, sql: "UPDATE audit_events SET address = NULL WHERE seq = 5"),
        Tampering(
            "a target moved into the address", .altered, at: 5, sql: "UPDATE audit_events SET address = target, target = NULL WHERE seq = 5"
        ),
        Tampering(
            "one character of the details changed", .altered, at: 5,
            sql: "UPDATE audit_events SET details = replace(details, '5', '6') WHERE seq = 5"),
        Tampering(
            "the details of two events swapped", .altered, at: 3,
            sql:
                "UPDATE audit_events SET details = (SELECT details FROM audit_events o WHERE o.seq = 10 - audit_events.seq) WHERE seq IN (3, 7)"
        ),
        Tampering("a hash changed", .altered, at: 5, sql: "UPDATE audit_events SET hash = zeroblob(32) WHERE seq = 5"),
        Tampering("a link changed", .chainBroken, at: 5, sql: "UPDATE audit_events SET previous = zeroblob(32) WHERE seq = 5"),
        Tampering("an event changed and hashed anew", .chainBroken, at: 6) { log in
            try await log.rewrite(from: 5, through: 5) { $0.actor = "account:other" }
        },
        Tampering("the last event changed and hashed anew", .signedOtherwise, at: 12) { log in
            try await log.rewrite(from: 12, through: 12) { $0.actor = "account:other" }
        },
        Tampering("an event in the middle deleted", .missing, at: 6, sql: "DELETE FROM audit_events WHERE seq = 6"),
        Tampering("the first event deleted", .missing, at: 1, sql: "DELETE FROM audit_events WHERE seq = 1"),
        Tampering("the end cut off", .missing, at: 10, sql: "DELETE FROM audit_events WHERE seq > 9"),
        Tampering("everything deleted", .missing, at: 1, sql: "DELETE FROM audit_events"),
        Tampering(
            "an event deleted and the gap closed", .chainBroken, at: 6, sql: "DELETE FROM audit_events WHERE seq = 6",
            "UPDATE audit_events SET seq = -seq WHERE seq > 6", "UPDATE audit_events SET seq = -seq - 1 WHERE seq < 0"),
        Tampering(
            "two events exchanged", .altered, at: 5, sql: "UPDATE audit_events SET seq = 100 WHERE seq = 5",
            "UPDATE audit_events SET seq = 5 WHERE seq = 6", "UPDATE audit_events SET seq = 6 WHERE seq = 100"),
        Tampering("an event put in between", .chainBroken, at: 7) { log in
            try await log.run([
                "UPDATE audit_events SET seq = -seq WHERE seq > 5", "UPDATE audit_events SET seq = -seq + 1 WHERE seq < 0",
            ])
            try await log.insert(after: 5)
        },
        Tampering("an event put before the first", .inserted, at: 0) { try await $0.insert(after: -1) },
        Tampering("the chain computed anew from an event on", .signedOtherwise, at: 8) { log in
            try await log.rewrite(from: 5, through: 12) { $0.actor = "account:other" }
        },
    ]

    static let heads: [Tampering] = [
        Tampering(
            "a head's signature changed", .signatureWrong, at: 8, sql: "UPDATE audit_heads SET signature = zeroblob(71) WHERE seq = 8"),
        Tampering("a head's time changed", .signatureWrong, at: 8, sql: "UPDATE audit_heads SET time = time + 1 WHERE seq = 8"),
        Tampering("the last head deleted from the database", .headsDiffer, at: 12, sql: "DELETE FROM audit_heads WHERE seq = 12"),
        Tampering("a head in the middle deleted from the database", .headsDiffer, at: 8, sql: "DELETE FROM audit_heads WHERE seq = 8"),
        Tampering("all heads deleted from the database", .headsDiffer, at: 4, sql: "DELETE FROM audit_heads"),
        Tampering("the head file cut short", .headsDiffer, at: 12) { try $0.editHeadFile { $0.removeLast() } },
        Tampering("the head file emptied", .headsDiffer, at: 4) { try $0.editHeadFile { $0.removeAll() } },
        Tampering("a line of the head file made unreadable", .headsDiffer, at: 8) { try $0.editHeadFile { $0[1] = "8 nothing" } },
        Tampering("lines of the head file doubled", .headsDiffer, at: 8) { try $0.editHeadFile { $0.append($0[1]) } },
        Tampering("a head in the middle taken out of both", .headMissing, at: 12) { log in
            try await log.run(["DELETE FROM audit_heads WHERE seq = 8"])
            try log.editHeadFile { $0.remove(at: 1) }
        },
        Tampering("the last head taken out of both, and the events it signed computed anew", .unsigned, at: 9) { log in
            try await log.run(["DELETE FROM audit_heads WHERE seq = 12"])
            try log.editHeadFile { $0.removeLast() }
            try await log.rewrite(from: 9, through: 12) { $0.actor = "account:other" }
        },
        Tampering("all heads taken out of both", .unsigned, at: 1) { log in
            try await log.run(["DELETE FROM audit_heads"])
            try log.editHeadFile { $0.removeAll() }
        },
        Tampering("everything computed and signed anew with another key", .signatureWrong, at: 12) { log in
            try await log.rewrite(from: 1, through: 12) { $0.actor = "account:other" }
            try await log.signEverythingWithAnotherKey()
        },
    ]

    @Test("is found out", arguments: rows + heads)
    func foundOut(tampering: Tampering) async throws {
        let log = try await TamperedLog()
        try await tampering.change(log)
        let report = try await log.fixture.registry.verifyAudit()
        #expect(!report.isWhole)
        #expect(report.findings.contains { $0.code == tampering.finding && $0.seq == tampering.seq }, "\(report.findings)")
    }

    @Test("that nobody touched is whole")
    func untouched() async throws {
        let log = try await TamperedLog()
        let report = try await log.fixture.registry.verifyAudit()
        #expect(report == AuditReport(events: 12, heads: 3, signedUpTo: 12, findings: []))
    }

    @Test("cannot be changed by plain SQL in the first place", arguments: ["audit_events", "audit_heads"])
    func fence(table: String) async throws {
        let fixture = try await TamperedLog(droppingTriggers: false).fixture
        for sql in ["UPDATE \(table) SET time = 0", "DELETE FROM \(table)"] {
            await #expect(throws: (any Error).self, "\(sql)") { _ = try await fixture.registry.storage.write { try $0.execute(sql) } }
        }
        #expect(try await fixture.registry.verifyAudit().isWhole)
    }

    @Test("lists at most a hundred findings")
    func bounded() async throws {
        let log = try await TamperedLog()
        for number in 0..<200 {
            try await log.fixture.registry.record(AuditEvent("test.more", actor: .system, details: ["n": "\(number)"]))
        }
        try await log.run(["UPDATE audit_events SET actor = 'x'"])
        #expect(try await log.fixture.registry.verifyAudit().findings.count == 100)
    }
}

/// The log, and what a tamperer can do to it.
struct TamperedLog: Sendable {
    let fixture: RegistryFixture

    init(droppingTriggers: Bool = true) async throws {
        fixture = try RegistryFixture()
        for number in 1...12 {
            try await fixture.registry.record(
                AuditEvent(
                    "test.event", actor: .account("a\(number)"), target: "window:\(number)", address: "192.0.2.\(number)",
                    details: ["number": "\(number)"]))
            if number.isMultiple(of: 4) { try await fixture.registry.signAuditHead() }
            fixture.clock.advance(600)
        }
        guard droppingTriggers else { return }
        try await run(
            ["audit_events_no_update", "audit_events_no_delete", "audit_heads_no_update", "audit_heads_no_delete"].map {
                "DROP TRIGGER \($0)"
            })
    }

    func run(_ statements: [String]) async throws {
        try await fixture.registry.storage.write { transaction in
            for statement in statements { try transaction.execute(statement) }
        }
    }

    /// Changes the first of these events and computes the chain anew through the last: what can be done without the key.
    func rewrite(from first: Int64, through last: Int64, _ change: @escaping @Sendable (inout AuditRecord) -> Void) async throws {
        try await fixture.registry.storage.write { transaction in
            let rows = try transaction.rows(
                "SELECT * FROM audit_events WHERE seq BETWEEN ? AND ? ORDER BY seq", [.integer(first), .integer(last)])
            try transaction.execute("DELETE FROM audit_events WHERE seq BETWEEN ? AND ?", [.integer(first), .integer(last)])
            var previous = AuditRecord(row: rows[0]).previous
            for (index, row) in rows.enumerated() {
                var record = AuditRecord(row: row)
                if index == 0 { change(&record) }
                record.previous = previous
                record.hash = record.computedHash
                try record.insert(in: transaction)
                previous = record.hash
            }
        }
    }

    /// A made-up event whose link and hash fit the one before.
    func insert(after seq: Int64) async throws {
        try await fixture.registry.storage.write { transaction in
            let before = try transaction.row("SELECT * FROM audit_events WHERE seq = ?", [.integer(seq)]).map(AuditRecord.init(row:))
            try AuditRecord(
                AuditEvent("test.invented", actor: .system), seq: seq + 1, time: 0, previous: before?.hash ?? AuditRecord.beginning
            )
            .insert(in: transaction)
        }
    }

    func editHeadFile(_ edit: (inout [String]) -> Void) throws {
        let file = URL(fileURLWithPath: fixture.path("heads"))
        var lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").map(String.init)
        edit(&lines)
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file)
    }

    func signEverythingWithAnotherKey() async throws {
        let fixture = fixture
        try FileManager.default.removeItem(atPath: fixture.path("heads"))
        let other = try AuditSigner(keyFile: fixture.path("other.key"), headFile: fixture.path("heads"))
        try await fixture.registry.storage.write { transaction in
            try transaction.execute("DELETE FROM audit_heads")
            let last = try transaction.row("SELECT * FROM audit_events ORDER BY seq DESC LIMIT 1").map(AuditRecord.init(row:))
            guard let last else { return }
            let head = try other.head(of: last, after: nil, time: 0)
            try other.append(head)
            try head.insert(in: transaction)
        }
    }
}
