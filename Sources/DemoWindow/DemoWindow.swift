import AsyncHTTPClient
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Tokens

/// A relying party: one department's window, that knows its visitors only by the tokens of the identity provider.
struct DemoWindow {
    let configuration: WindowConfiguration

    init(_ configuration: WindowConfiguration) { self.configuration = configuration }

    /// Serves until SIGTERM or SIGINT, lets open requests end, and returns.
    func run() async throws {
        let client = try HTTPClient(eventLoopGroupProvider: .singleton, configuration: clientConfiguration())
        let provider = ProviderClient(configuration: configuration, http: client)
        var logger = Logger(label: "window.\(configuration.clientID)")
        logger.logLevel = .notice
        let application = Application(
            router: router(provider: provider, logger: logger),
            server: try .tls(.http1(configuration: .init(idleTimeout: .seconds(60))), tlsConfiguration: serverTLS()),
            configuration: .init(address: .hostname(configuration.listen.host, port: configuration.listen.port), serverName: nil),
            logger: logger)
        do {
            try await application.runService()
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func router(provider: ProviderClient, logger: Logger) -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: SecurityHeaders(formTargets: ["'self'", provider.issuerOrigin]))
        router.get("health") { _, _ in Response(status: .ok) }
        router.get("style.css") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/css; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: Pages.style)))
        }
        let visits = Visits(now: { Date() })
        Entrance(configuration: configuration, provider: provider, visits: visits, logger: logger).addRoutes(to: router)
        Resource(configuration: configuration, provider: provider).addRoutes(to: router)
        return router
    }

    private func clientConfiguration() throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.tlsCA { tls.trustRoots = .file(file) }
        var client = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        client.timeout = .init(connect: .seconds(5), read: .seconds(10))
        return client
    }

    private func serverTLS() throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(configuration.tls.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: configuration.tls.key, format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        // Browsers that keep a connection open do not hold up a shutdown for long.
        tls.shutdownTimeout = .milliseconds(300)
        return tls
    }
}
