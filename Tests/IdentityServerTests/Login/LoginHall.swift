import Directory
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PKI
import Registry
import Synchronization

@testable import IdentityServer

/// The demo federation, made once for all tests of this process.
enum SharedFederation {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path
    private static let made = Task {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-login-federation-\(UUID().uuidString)").path
        let manifest = try FederationMaker(description: root + "/ca/federation.yaml", folder: folder, now: Date().addingTimeInterval(-3600))
            .make()
        return (folder, manifest)
    }

    static func load() async throws -> (folder: String, manifest: FederationManifest) { try await made.value }
}

/// A clock that a test moves.
final class SteppingClock: Sendable {
    private let moment = Mutex(Date())
    var now: Date { moment.withLock { $0 } }
    func step(_ seconds: Double) { moment.withLock { $0 += seconds } }
}

/// The server's real routes over a database of its own and the demo federation; chen is a master, lin a person.
final class LoginHall: Sendable {
    static let origin = "https://localhost:8443"
    let folder: String
    let manifest: FederationManifest
    let services: Services
    let clock = SteppingClock()
    let directory = AskedDirectory()

    init(attemptsPerAccount: Int = 10) async throws {
        (folder, manifest) = try await SharedFederation.load()
        let own = FileManager.default.temporaryDirectory.appending(path: "hallpass-login-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        var configuration = ServerConfiguration()
        configuration.sealingKey = Array(repeating: 7, count: 32)
        configuration.throttling.attemptsPerAccount = attemptsPerAccount
        configuration.directory = .init(
            settings: .init(url: "ldap://127.0.0.1:1", base: "dc=example", bindDN: "", password: ""), interval: .seconds(60), roles: [:])
        let loaded = try LoadedTrustList.load(path: "\(folder)/\(manifest.trust)")
        let clock = self.clock
        let registry = Registry(
            storage: try Storage(path: own + "/hallpass.db"), settings: configuration.registry, authorities: loaded.book,
            auditSigner: try AuditSigner(keyFile: own + "/audit.key", headFile: own + "/audit.heads"), now: { clock.now })
        services = try Services(
            configuration: configuration, registry: registry, trust: TrustStore(TrustGraph(loaded.list, at: clock.now)),
            keys: try await KeyStore.open(registry: registry, sealingKey: configuration.sealingKey),
            bind: directory.bind, now: { clock.now }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await prepare()
    }

    private func prepare() async throws {
        let csv = try String(contentsOfFile: "\(folder)/\(manifest.legalPersons)", encoding: .utf8)
        _ = try await services.registry.importLegalPersons(csv: csv, actor: .system)
        _ = try await services.registry.openMaster(try path(of: "chen"), actor: .system)
    }

    func file(_ id: String, _ suffix: String) -> String { "\(folder)/people/\(id).\(suffix)" }

    func certificates(of id: String) throws -> [Certificate] {
        let leaf = try Certificate.list(pem: String(contentsOfFile: file(id, "pem"), encoding: .utf8))
        let chain = (try? Certificate.list(pem: String(contentsOfFile: file(id, "chain.pem"), encoding: .utf8))) ?? []
        return leaf + chain
    }

    func path(of id: String) throws -> ValidatedPath {
        let chain = try certificates(of: id)
        return try services.trust.graph.validate(chain[0], intermediates: Array(chain.dropFirst()), at: clock.now)
    }

    /// Runs `body` with a client of the public origin.
    func visit(_ body: @escaping @Sendable (Visitor) async throws -> Void) async throws {
        let app = try Application(router: HallpassServer.publicRouter(services), logger: services.logger)
        let certificateApp = Application(router: HallpassServer.certificateRouter(services), logger: services.logger)
        try await app.test(.router) { publicClient in
            try await certificateApp.test(.router) { certificateClient in
                try await body(Visitor(hall: self, publicClient: publicClient, certificateClient: certificateClient))
            }
        }
    }
}

/// Stands in for LDAP: one password is right for everybody.
final class AskedDirectory: Sendable {
    static let password = "right horse"
    private let asked = Mutex<[String]>([])
    var names: [String] { asked.withLock { $0 } }

    var bind: DirectoryBind {
        { dn, password throws(DirectoryError) in
            self.note(dn)
            guard password == AskedDirectory.password else { throw DirectoryError.credentialsInvalid }
        }
    }
    private func note(_ dn: String) { asked.withLock { $0.append(dn) } }
}

/// A browser or script at the two origins.
struct Visitor: Sendable {
    let hall: LoginHall
    let publicClient: any TestClientProtocol
    let certificateClient: any TestClientProtocol

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> TestResponse {
        try await publicClient.execute(uri: path, method: .get, headers: Self.fields(headers))
    }

    func json(_ path: String, _ body: String, _ headers: [String: String] = [:]) async throws -> TestResponse {
        let all = ["Content-Type": "application/json", "Accept": "application/json"].merging(headers) { $1 }
        return try await publicClient.execute(uri: path, method: .post, headers: Self.fields(all), body: ByteBuffer(string: body))
    }

    func form(_ path: String, _ form: [String: String], _ headers: [String: String] = [:]) async throws -> TestResponse {
        let all = ["Content-Type": "application/x-www-form-urlencoded", "Origin": LoginHall.origin, "Accept": "text/html"].merging(headers)
        { $1 }
        let body = form.map { "\($0.key)=\(FormEncoding.encode($0.value))" }.joined(separator: "&")
        return try await publicClient.execute(uri: path, method: .post, headers: Self.fields(all), body: ByteBuffer(string: body))
    }

    /// At the certificate origin, as if TLS had brought these certificates.
    func present(_ id: String?, to path: String = "/login/certificate", _ headers: [String: String] = [:]) async throws -> TestResponse {
        let peers = PeerCertificates()
        if let id { peers.set(try hall.certificates(of: id).map(\.der)) }
        return try await PeerCertificates.$current.withValue(peers) {
            try await certificateClient.execute(uri: path, method: .get, headers: Self.fields(headers))
        }
    }

    /// The hand-off of a good certificate: the path to redeem it at, and its cookie.
    func handOff(_ id: String, returnTo: String = "/") async throws -> (path: String, cookie: String) {
        let answer = try await present(id, to: "/login/certificate?return_to=\(FormEncoding.encode(returnTo))")
        let location = answer.headers[.location] ?? ""
        return (String(location.dropFirst(LoginHall.origin.count)), answer.cookie("__Host-hallpass-handoff") ?? "")
    }

    /// A session's cookie by certificate.
    func session(_ id: String) async throws -> String {
        let (path, cookie) = try await handOff(id)
        return try await get(path, ["Cookie": "__Host-hallpass-handoff=\(cookie)"]).cookie("__Host-hallpass") ?? ""
    }

    private static func fields(_ headers: [String: String]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return fields
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    /// `code` of a problem document.
    var code: String? { member("code") }

    func member(_ name: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        return object?[name] as? String
    }

    /// The value that a Set-Cookie of this answer gives.
    func cookie(_ name: String) -> String? {
        headers[values: .setCookie].first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1).prefix { $0 != ";" }.description
    }

    func setCookie(_ name: String) -> String? { headers[values: .setCookie].first { $0.hasPrefix(name + "=") } }
}
