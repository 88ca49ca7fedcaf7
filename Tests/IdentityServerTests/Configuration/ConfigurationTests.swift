import Foundation
import Registry
import Testing

@testable import IdentityServer

@Suite("Configuration")
struct ConfigurationTests {
    private static let key = String(repeating: "ab", count: 32)
    private static let good = """
        public_origin: https://localhost:8443
        certificate_origin: https://localhost:8444
        tls: {certificate: tls/a.pem, key: tls/a.key}
        database: hallpass.db
        trust_list: trust.yaml
        sealing_key: \(key)
        audit: {key_file: audit.key, head_file: audit.heads}

        """

    private static func load(_ text: String) throws -> ServerConfiguration {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "hallpass.yaml")
        try Data(text.utf8).write(to: file)
        return try ServerConfiguration.load(path: file.path)
    }

    private static func error(_ text: String) -> ConfigurationError? {
        do { _ = try load(text) } catch { return error as? ConfigurationError }
        return nil
    }

    @Test("a file with only the needed keys is enough; paths are the file's")
    func minimal() throws {
        let configuration = try Self.load(Self.good)
        #expect(configuration.publicOrigin == "https://localhost:8443")
        #expect(configuration.listen.publicPort == 8443)
        #expect(configuration.listen.certificatePort == 8444)
        #expect(configuration.databasePath.hasSuffix("/hallpass.db"))
        #expect(configuration.databasePath.hasPrefix("/"))
        #expect(configuration.sealingKey == Array(repeating: 0xAB, count: 32))
        #expect(configuration.directory == nil)
        #expect(configuration.platformCA == nil)
    }

    @Test(
        "an unknown key is refused with its line, wherever it is",
        arguments: [
            ("colour: red\n", 8), ("sessions: {idle: 5m, idel: 6m}\n", 8), ("throttling:\n    period: 5m\n    limit: 3\n", 10),
            ("directory: {url: a, base: b, bind_dn: c, password: {file: d, mode: 7}}\n", 8),
        ])
    func unknownKeys(addition: String, line: Int) {
        let error = Self.error(Self.good + addition)
        #expect(error?.line == line)
        #expect(error?.message.contains("unknown") == true)
    }

    @Test("a key that stands twice, a wrong type, and a missing key are told with a line")
    func wrong() {
        #expect(Self.error(Self.good + "database: b.db\n") != nil)
        #expect(Self.error(Self.good + "listen: {public_port: many}\n")?.line == 8)
        #expect(Self.error(Self.good.replacingOccurrences(of: "database: hallpass.db\n", with: ""))?.message.contains("database") == true)
        #expect(Self.error("a: [")?.message.contains("YAML") == true)
    }

    @Test(
        "the certificate origin is the public origin's host on another port",
        arguments: [
            "https://other:8444", "https://localhost:8443", "http://localhost:8444", "https://localhost:8444/", "https://u@localhost:8444",
        ])
    func origins(certificate: String) {
        #expect(Self.error(Self.good.replacingOccurrences(of: "https://localhost:8444", with: certificate)) != nil)
    }

    @Test("a secret's file must be the owner's alone")
    func modes() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "hallpass-secret-\(UUID().uuidString)").path
        let text = Self.good.replacingOccurrences(of: "sealing_key: \(Self.key)", with: "sealing_key: {file: \(path)}")
        #expect(Self.error(text)?.message.contains("cannot be read") == true)
        _ = FileManager.default.createFile(atPath: path, contents: Data((Self.key + "\n").utf8), attributes: [.posixPermissions: 0o644])
        #expect(Self.error(text)?.message.contains("0600") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try Self.load(text).sealingKey.count == 32)
    }

    @Test("the sealing key is 32 bytes", arguments: ["abcd", "not a key", "{env: HALLPASS_TEST_UNSET}"])
    func sealingKeys(value: String) {
        #expect(Self.error(Self.good.replacingOccurrences(of: Self.key, with: value)) != nil)
    }

    @Test("a configuration never prints its secrets")
    func redacts() throws {
        let configuration = try Self.load(
            Self.good + "directory: {url: 'ldaps://a', base: b, bind_dn: c, password: hunter2}\n")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped, "\(String(describing: configuration.directory))"] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("171, 171"))
        }
    }

    @Test("lengths of time", arguments: [("90", 90.0), ("500ms", 0.5), ("30s", 30), ("15m", 900), ("10h", 36000), ("7d", 604800)])
    func spans(text: String, seconds: Double) {
        #expect(TimeSpan(text)?.duration.timeInterval == seconds)
    }

    @Test("what is no length of time", arguments: ["", "m", "-5s", "5 m", "5w", "1.5h", "99999999999s"])
    func badSpans(text: String) {
        #expect(TimeSpan(text) == nil)
    }
}
