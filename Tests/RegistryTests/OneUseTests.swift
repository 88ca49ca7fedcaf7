import Foundation
import Testing

@testable import Registry

@Suite("One-use values")
struct OneUseTests {
    @Test("a value gives its payload to exactly one of fifty who ask at once")
    func oneWinner() async throws {
        let fixture = try RegistryFixture()
        let value = try await fixture.registry.putOneUse("challenge", payload: #"{"a":1}"#, lifetime: .seconds(60))
        let answers = try await atOnce(50) { try await fixture.registry.takeOneUse("challenge", value) }
        #expect(answers.compactMap(\.self) == [#"{"a":1}"#])
    }

    @Test("a value of one kind is unknown as another, and still good as its own")
    func kinds() async throws {
        let fixture = try RegistryFixture()
        let value = try await fixture.registry.putOneUse("ticket", payload: "x", lifetime: .seconds(60))
        #expect(try await fixture.registry.takeOneUse("challenge", value) == nil)
        #expect(try await fixture.registry.takeOneUse("ticket", value) == "x")
    }

    @Test("a value that is late gives nothing", arguments: [(59.9, true), (60.0, false), (3600.0, false)])
    func expiry(seconds: Double, good: Bool) async throws {
        let fixture = try RegistryFixture()
        let value = try await fixture.registry.putOneUse("code", payload: "x", lifetime: .seconds(60))
        fixture.clock.advance(seconds)
        #expect((try await fixture.registry.takeOneUse("code", value) != nil) == good)
    }

    @Test("a value is 256 bits in base64url, and the database holds only its hash")
    func hashed() async throws {
        let fixture = try RegistryFixture()
        let value = try await fixture.registry.putOneUse("code", payload: "payload", lifetime: .seconds(60))
        #expect(value.count == 43)
        #expect(value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        for name in ["hallpass.sqlite", "hallpass.sqlite-wal"] {
            let file = try Data(contentsOf: URL(fileURLWithPath: fixture.path(name)))
            #expect(file.range(of: Data(value.utf8)) == nil)
        }
    }

    @Test("late values are forgotten, by the next one put or by maintenance")
    func pruned() async throws {
        let fixture = try RegistryFixture()
        for _ in 0..<3 { _ = try await fixture.registry.putOneUse("code", payload: "x", lifetime: .seconds(30)) }
        fixture.clock.advance(31)
        _ = try await fixture.registry.putOneUse("code", payload: "x", lifetime: .seconds(30))
        #expect(try await fixture.count("one_use_values") == 1)
        fixture.clock.advance(31)
        try await fixture.registry.maintain()
        #expect(try await fixture.count("one_use_values") == 0)
    }
}
