import Foundation
import Testing

@testable import PKI
@testable import Registry

@Suite("The newest list of each scope is held")
struct HeldListTests {
    private static let authority = Result { try TestAuthority("List CA") }
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// A signed list with these extensions.
    private static func list(
        number: Int?, at moment: Date = start, isDelta: Bool = false, point: [UInt8]? = nil, revoking serial: UInt8? = nil
    ) throws -> CertificateList {
        let issuing = try authority.get().issuing
        var extensions: [CertificateExtension] = []
        if let number { extensions.append(CertificateExtension(oid: "2.5.29.20", value: Encoding.integer(number))) }
        if isDelta { extensions.append(CertificateExtension(oid: "2.5.29.27", critical: true, value: Encoding.integer(1))) }
        if let point { extensions.append(CertificateExtension(oid: "2.5.29.28", critical: true, value: point)) }
        let entries = serial.map { Encoding.sequence(of: [Encoding.sequence(Encoding.integer(Int($0)), Encoding.time(moment))]) } ?? []
        let der = try issuing.key.signedStructure { algorithm in
            Encoding.sequence(
                Encoding.integer(1), algorithm, issuing.certificate.subject.der, Encoding.time(moment), Encoding.time(moment + 3600),
                entries,
                extensions.isEmpty ? [] : Encoding.tagged(0, Encoding.sequence(of: try extensions.map { try $0.encoded() })))
        }
        return try CertificateList(bytes: der)
    }

    private static func offer(_ fixture: RegistryFixture, _ list: CertificateList) async throws -> Registry.ListOffer {
        let bytes = try list.der
        let record = ListRecord(list, bytes: bytes, signer: try authority.get().key)
        return try await fixture.registry.offer(record, bytes: bytes, source: "test")
    }

    /// onlyContainsUserCerts, and onlyContainsCACerts (RFC 5280 §5.2.5).
    private static let users: [UInt8] = [0x30, 0x03, 0x81, 0x01, 0xff]
    private static let authorities: [UInt8] = [0x30, 0x03, 0x82, 0x01, 0xff]

    @Test("numbers decide, then dates; an older list is refused, one that says nothing new is none")
    func order() async throws {
        let fixture = try RegistryFixture()
        func number(_ number: Int?, _ seconds: Double = 0) async throws -> String {
            switch try await Self.offer(fixture, Self.list(number: number, at: Self.start + seconds)) {
            case .accepted: "accepted"
            case .unchanged: "unchanged"
            case .older: "older"
            }
        }
        #expect(try await number(255) == "accepted")
        #expect(try await number(254, 100) == "older", "a later date does not help a smaller number")
        #expect(try await number(256, -100) == "accepted", "a longer number is greater")
        #expect(try await number(256, -100) == "unchanged", "signed anew at most")
        #expect(try await number(256, 0) == "accepted", "the same number of a later date")
        #expect(try await number(256, -1) == "older")
        #expect(try await number(nil, 1) == "accepted", "without a number the dates decide")
        #expect(try await number(nil, 0) == "older")
        #expect(try await fixture.count("held_lists") == 1)
    }

    @Test("full lists, deltas and partitions do not take each other's place")
    func scopes() async throws {
        let fixture = try RegistryFixture()
        let lists = [
            try Self.list(number: 5), try Self.list(number: 1, isDelta: true), try Self.list(number: 1, point: Self.users),
            try Self.list(number: 1, point: Self.authorities),
        ]
        for list in lists { #expect(try await Self.offer(fixture, list) == .accepted) }
        #expect(try await fixture.count("held_lists") == 4)
        for list in lists { #expect(try await Self.offer(fixture, list) == .unchanged) }
    }

    @Test("bytes come back whole, in pieces; those of a replaced list are gone; damaged ones are not given")
    func bytes() async throws {
        let fixture = try RegistryFixture()
        let list = try Self.list(number: 1)
        // Longer than a piece, as a large list is.
        let bytes = try list.der + Array(repeating: 0, count: 2_500_000)
        let record = ListRecord(list, bytes: bytes, signer: try Self.authority.get().key)
        #expect(try await fixture.registry.offer(record, bytes: bytes, source: "test") == .accepted)
        #expect(try await fixture.count("list_pieces") == 3)
        #expect(try await fixture.registry.heldLists().first?.bytes == bytes)
        _ = try await fixture.registry.storage.write { try $0.execute("DELETE FROM list_pieces WHERE position = 1") }
        let damaged = try await fixture.registry.heldLists()
        #expect(damaged.count == 1 && damaged[0].bytes == nil && damaged[0].record == record)
        #expect(try await Self.offer(fixture, Self.list(number: 2)) == .accepted)
        #expect(try await fixture.count("list_pieces") == 1)
    }

    @Test("accepting is audited each time; refusing the same older list once")
    func audit() async throws {
        let fixture = try RegistryFixture()
        let old = try Self.list(number: 1)
        _ = try await Self.offer(fixture, old)
        _ = try await Self.offer(fixture, Self.list(number: 2, revoking: 9))
        for _ in 0..<3 { _ = try await Self.offer(fixture, old) }
        #expect(try await fixture.auditKinds() == ["revocation_list.accepted", "revocation_list.accepted", "revocation_list.refused"])
        let accepted = try await fixture.registry.auditEvents(limit: 2)[1].details
        #expect(accepted["number"] == "02" && accepted["entries"] == "1" && accepted["source"] == "test")
    }

    @Test("of many at once the newest is held in the end")
    func race() async throws {
        let fixture = try RegistryFixture()
        let lists = try (1...12).map { try Self.list(number: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for list in lists.shuffled() { group.addTask { _ = try await Self.offer(fixture, list) } }
            try await group.waitForAll()
        }
        #expect(try await fixture.registry.heldLists().map(\.record.number) == [[12]])
        #expect(try await fixture.count("list_pieces") == 1)
    }

    @Test("a source's state survives; a failure and the recovery from it are audited, repetitions are not")
    func sources() async throws {
        let fixture = try RegistryFixture()
        var state = SourceState(address: "http://crl.example/ca.crl", due: Self.start)
        (state.etag, state.digest, state.entries, state.nextUpdate) = ("\"1\"", [1, 2], 7, Self.start + 60)
        try await fixture.registry.keep(state)
        (state.error, state.failures) = ("answered 503", 1)
        for _ in 0..<3 {
            try await fixture.registry.keep(state)
            state.failures += 1
        }
        (state.error, state.failures, state.fetched) = (nil, 0, Self.start)
        try await fixture.registry.keep(state)
        #expect(try await fixture.auditKinds() == ["revocation_source.failed", "revocation_source.recovered"])
        #expect(try await fixture.registry.sourceStates() == [state])
    }
}
