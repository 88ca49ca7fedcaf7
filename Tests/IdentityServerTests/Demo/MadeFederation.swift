import Foundation
import PKI

@testable import IdentityServer

/// The repository's own federation in a temporary folder.
final class MadeFederation: Sendable {
    static let start = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
    let folder: String
    let manifest: FederationManifest
    static let description = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../ca/federation.yaml").standardizedFileURL.path

    init(now: Date) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hallpass-federation-\(UUID().uuidString)").path
        manifest = try FederationMaker(description: Self.description, folder: folder, now: now).make()
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Made once for all tests that only read: three dozen keys cost seconds.
    static let shared = Result { try MadeFederation(now: start) }

    /// The trust list with one text put for another, under a name of its own.
    func trustList(_ old: String, to new: String, name: String) throws -> LoadedTrustList {
        let text = try String(contentsOfFile: path("trust.yaml"), encoding: .utf8)
        guard text.contains(old) else { throw NoSuchText() }
        try text.replacing(old, with: new).write(toFile: path(name), atomically: true, encoding: .utf8)
        return try LoadedTrustList.load(path: path(name))
    }
    struct NoSuchText: Error {}

    func path(_ name: String) -> String { "\(folder)/\(name)" }
    func certificates(_ name: String) throws -> [Certificate] {
        try Certificate.list(pem: String(contentsOfFile: path(name), encoding: .utf8))
    }
    /// All that the maker writes; trust lists that tests put beside it are not among them.
    var madeFiles: [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let folders = ["cas/", "cross/", "crls/", "people/", "tls/"]
        return all.filter { name in folders.contains { name.hasPrefix($0) } } + ["trust.yaml", "legal-persons.csv", "federation.json"]
    }
    struct NoSuchPerson: Error {}
    func person(_ id: String) throws -> FederationManifest.Person {
        guard let person = manifest.people.first(where: { $0.id == id }) else { throw NoSuchPerson() }
        return person
    }
}

/// A description of one CA, one server and two people, made in a temporary folder.
final class SmallFederation {
    private let base: URL

    static let root = """
        kind: root
        id: root
        subject: [{CN: root}]
        key: p-256
        valid: {from: -1000d, until: +3650d}
        crl_days: 30

        """
    static let server = """
        kind: server
        id: server
        issuer: root
        subject: [{CN: s}]
        key: p-256
        valid: {from: -1d, until: +365d}
        hosts: [localhost]

        """
    static let profile = """
        id: profile
        key: p-256
        valid: {from: -1d, until: +365d}
        subject: [{O: "{organization}"}, {CN: "{name}"}]
        key_usage: [digitalSignature]
        extended_key_usage: [clientAuth]
        extensions: [{oid: 1.2.156.112570.11.205, encoding: utf8, value: "{entity}"}]

        """
    static let people =
        "people:\n" + person("good") + person("bad", "    revoked: hold\n") + person("past", "    valid: {from: -40d, until: -2d}\n")
    static func person(_ id: String, _ more: String = "") -> String {
        """
          - id: \(id)
            name: \(id)
            kind: sub
            issuer: root
            profile: profile
            legal_person: 91440000PDY00001XK
            values: {entity: a}
            expect: login

        """ + more
    }

    init() throws {
        base = FileManager.default.temporaryDirectory.appendingPathComponent("hallpass-small-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        try describe("root.yaml", Self.root)
        try describe("profile.yaml", Self.profile)
        try describe("people.yaml", Self.people)
        try describe("server.yaml", Self.server)
        try describe("persons.yaml", "legal_persons: [{uscc: 91440000PDY00001XK, name: 粤桥}]\n")
        try describe("trust.yaml", "version: 1\nanchors: [cas/root.pem]\n")
        try describe(
            "federation.yaml",
            """
            version: 1
            ceremonies: [root.yaml, server.yaml]
            profiles: [profile.yaml]
            people: people.yaml
            legal_persons: persons.yaml
            trust_list: trust.yaml
            platform: root
            tls: root

            """)
    }
    deinit { try? FileManager.default.removeItem(at: base) }

    func describe(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: base.appendingPathComponent(name)) }
    func make(at now: Date) throws {
        try FederationMaker(
            description: base.appendingPathComponent("federation.yaml").path, folder: base.appendingPathComponent("out").path, now: now
        )
        .make()
    }
    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: base.appendingPathComponent("out/\(name)"))) }
    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: base.appendingPathComponent("out/\(name)")) }
    func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: base.appendingPathComponent("out").path) where name.contains(".") {
            contents[name] = try read(name)
        }
        return contents
    }
}
