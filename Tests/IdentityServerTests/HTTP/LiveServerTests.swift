import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import IdentityServer

@Suite("The server over real TLS")
struct LiveServerTests {
    /// Two ports nobody listens on now.
    private static func freePorts() async throws -> (Int, Int) {
        let one = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let two = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let ports = (one.localAddress?.port ?? 0, two.localAddress?.port ?? 0)
        try await one.close()
        try await two.close()
        return ports
    }

    /// Runs `body` beside a server on a copy of the federation, which the test may change.
    private static func serve(_ body: @Sendable @escaping (Live) async throws -> Void) async throws {
        let (federation, manifest) = try await SharedFederation.load()
        let folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-live-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: federation, toPath: folder)
        let (publicPort, certificatePort) = try await freePorts()
        var configuration = ServerConfiguration()
        configuration.publicOrigin = "https://localhost:\(publicPort)"
        configuration.certificateOrigin = "https://localhost:\(certificatePort)"
        configuration.listen = .init(address: "127.0.0.1", publicPort: publicPort, certificatePort: certificatePort)
        let tls = try #require(manifest.servers["origins"])
        configuration.tlsCertificatePath = "\(folder)/\(tls.certificate)"
        configuration.tlsKeyPath = "\(folder)/\(tls.key)"
        configuration.databasePath = folder + "/hallpass.db"
        configuration.trustListPath = "\(folder)/\(manifest.trust)"
        configuration.sealingKey = Array(repeating: 7, count: 32)
        configuration.auditKeyPath = folder + "/audit.key"
        configuration.auditHeadPath = folder + "/audit.heads"
        let server = try await HallpassServer(configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let live = Live(folder: folder, configuration: configuration, authority: "\(folder)/\(manifest.tlsCA)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(signals: []) }
            group.addTask {
                try await live.waitUntilReady()
                try await body(live)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    struct Live: Sendable {
        let folder: String
        let configuration: ServerConfiguration
        let authority: String

        func send(_ url: String, as person: String? = nil, headers: [String: String] = [:]) async throws -> HTTPClientResponse {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
            if let person {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile("\(folder)/people/\(person).pem").map { .certificate($0) }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: "\(folder)/people/\(person).key", format: .pem))
            }
            let client = HTTPClient(configuration: .init(tlsConfiguration: tls, redirectConfiguration: .disallow))
            var request = HTTPClientRequest(url: url)
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            let response: Result<HTTPClientResponse, any Error>
            do {
                let answer = try await client.execute(request, timeout: .seconds(10))
                _ = try await answer.body.collect(upTo: 1 << 20)
                response = .success(answer)
            } catch {
                response = .failure(error)
            }
            try await client.shutdown()
            return try response.get()
        }

        func waitUntilReady() async throws {
            for _ in 0..<200 {
                if let answer = try? await send(configuration.publicOrigin + "/health/ready"), answer.status == .ok { return }
                try await Task.sleep(for: .milliseconds(50))
            }
        }

        func session(_ person: String) async throws -> String {
            let taken = try await send(configuration.certificateOrigin + "/login/certificate", as: person)
            let cookie = taken.headers["Set-Cookie"].first?.prefix { $0 != ";" } ?? ""
            let redeemed = try await send(taken.headers.first(name: "Location") ?? "", headers: ["Cookie": String(cookie)])
            let session = redeemed.headers["Set-Cookie"].first { $0.hasPrefix("__Host-hallpass=") } ?? ""
            return String(session.prefix { $0 != ";" })
        }

        func home(_ cookie: String) async throws -> HTTPResponseStatus {
            try await send(configuration.publicOrigin + "/", headers: ["Cookie": cookie, "Accept": "application/json"]).status
        }
    }

    @Test("the public origin speaks HTTP/2; the certificate origin HTTP/1.1, one request a connection; a certificate logs in")
    func origins() async throws {
        try await Self.serve { live in
            let page = try await live.send(live.configuration.publicOrigin + "/login")
            #expect(page.version == .http2)
            let refused = try await live.send(
                live.configuration.certificateOrigin + "/login/certificate", headers: ["Accept": "application/json"])
            #expect(refused.version == .http1_1)
            #expect(refused.status == .forbidden)
            #expect(refused.headers["Connection"] == ["close"])
            let session = try await live.session("lin")
            let home = try await live.home(session)
            #expect(home == .ok)
        }
    }

    @Test("a certificate whose CA leaves the trust list is out within a second, open sessions included; a broken list changes nothing")
    func trustChanges() async throws {
        try await Self.serve { live in
            let session = try await live.session("lin")
            let list = live.configuration.trustListPath
            let good = try String(contentsOfFile: list, encoding: .utf8)
            try Data("version: [".utf8).write(to: URL(filePath: list), options: .atomic)
            try await Task.sleep(for: TrustWatcher.interval * 3)
            let still = try await live.home(session)
            #expect(still == .ok)

            try Data(Self.without("cas/hengjiang-issuing.pem", good).utf8).write(to: URL(filePath: list), options: .atomic)
            let started = ContinuousClock.now
            var status = HTTPResponseStatus.ok
            while status == .ok, ContinuousClock.now - started < .seconds(10) { status = try await live.home(session) }
            #expect(status == .unauthorized)
            // Several times the second that is promised: other tests share the machine.
            #expect(ContinuousClock.now - started < .seconds(5))
        }
    }

    /// The trust list without a CA: neither its certificate among the authorities, nor its entry.
    private static func without(_ certificate: String, _ list: String) -> String {
        var isInEntry = false
        let lines = list.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("  - certificate: ") || !line.hasPrefix(" ") { isInEntry = line.hasSuffix(certificate) }
            return !isInEntry && line != "  - \(certificate)"
        }
        return lines.joined(separator: "\n")
    }
}
