import Foundation
import Registry
import Testing

@testable import IdentityServer

@Suite("Operators' commands")
struct OperatorRegistryTests {
    /// A configuration in a folder of its own; its database is not there yet.
    private final class Site {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-operator-\(UUID().uuidString)")
        var configuration: String { folder.appending(path: "hallpass.yaml").path }

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = """
                public_origin: https://localhost:8443
                certificate_origin: https://localhost:8444
                tls: {certificate: server.pem, key: server.key}
                database: hallpass.db
                trust_list: trust.yaml
                sealing_key: "\(String(repeating: "01", count: 32))"
                audit: {key_file: audit.key, head_file: audit.heads}
                windows: {allow_loopback_http: true}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }
    }

    private func registration(_ id: String = "tax") -> WindowRegistration {
        var registration = WindowRegistration(id: id, name: "税务", wire: .oidc)
        registration.redirectURIs = ["http://127.0.0.1:9000/callback"]
        return registration
    }

    private func object(_ json: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test("adding a window prints its client id and secret, and defaults of the protocol; later the secret is not told")
    func add() async throws {
        let site = try Site()
        let operators = try OperatorRegistry(configurationPath: site.configuration, creating: true)
        let printed = try object(try JSONText.of(try await operators.add(registration())))
        #expect(printed["client_id"] as? String == "tax")
        #expect((printed["client_secret"] as? String)?.count == 43)
        #expect(printed["entry"] as? String == "granted")
        #expect(printed["token_endpoint_auth_method"] as? String == "client_secret_basic")
        #expect(printed["grant_types"] as? [String] == ["authorization_code"])
        let shown = try object(try JSONText.of(try await operators.window("tax")))
        #expect(shown["client_secret"] == nil)
        let secret = try await operators.rotateSecret(of: "tax")
        #expect(secret != printed["client_secret"] as? String)
    }

    @Test("a window without a secret says so with null")
    func noSecret() async throws {
        let site = try Site()
        var open = registration()
        open.authMethod = WindowRegistration.AuthMethod.none
        let added = try await OperatorRegistry(configurationPath: site.configuration, creating: true).add(open)
        #expect(try object(try JSONText.of(added))["client_secret"] is NSNull)
    }

    @Test("what an operator does is in the audit under the name of the OS user, and signed at once")
    func audited() async throws {
        let site = try Site()
        let operators = try OperatorRegistry(configurationPath: site.configuration, creating: true)
        _ = try await operators.add(registration())
        try await operators.suspend("tax")
        let lines = try await operators.auditLines(limit: 10, json: false)
        #expect(lines.count == 2)
        #expect(lines[0].contains("window.suspended  by cli:"))
        #expect(try await operators.verifiedAudit() == "whole: 2 events, 2 signed heads, signed up to event 2")
    }

    @Test("a refused window leaves nothing, and the reason names its code")
    func refused() async throws {
        let site = try Site()
        let operators = try OperatorRegistry(configurationPath: site.configuration, creating: true)
        _ = try await operators.add(registration())
        for (wrong, code) in [(registration(), "window_exists: "), (registration("TAX"), "window_malformed: ")] {
            let violation = await #expect(throws: RuleViolation.self) { _ = try await operators.add(wrong) }
            let reason = try #require(violation.map { OperatorRegistry.reason($0) })
            #expect(reason.hasPrefix(code))
            #expect(!reason.contains("\n"))
        }
        #expect(try await operators.windows().count == 1)
    }

    @Test("reading a registry that is not there is refused and makes nothing")
    func missing() throws {
        let site = try Site()
        #expect(throws: OperatorFailure.self) { try OperatorRegistry(configurationPath: site.configuration, creating: false) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder.path) == ["hallpass.yaml"])
    }
}
