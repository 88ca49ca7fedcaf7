import Directory
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import Metrics
import NIOCore
import PKI
import Registry
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Everything a handler may use; made once, handed to each controller.
package struct Services: Sendable {
    package let configuration: ServerConfiguration
    package let registry: Registry
    /// The compiled trust graph in force.
    package let trust: TrustStore
    /// Where each CA's revocation is asked for, and which have run out.
    package let revocation: RevocationService
    /// The current signing key and the published set.
    package let keys: KeyStore
    package let pages: Pages
    /// Issues sub-certificates; nil when none is configured.
    package let platform: PlatformAuthority?
    /// Asks the directory about a password; nil when there is no directory.
    package let bind: DirectoryBind?
    package let throttle: Throttle
    /// To addresses that windows registered.
    package let windowCalls: WindowCalls
    package let readiness: Readiness
    package let now: CurrentTime
    package let logger: Logger
    let crossSite: CrossSiteGuard
    let openAPI: Asset

    package init(
        configuration: ServerConfiguration, registry: Registry, trust: TrustStore, keys: KeyStore, platform: PlatformAuthority? = nil,
        bind: DirectoryBind? = nil, revocation: RevocationService = RevocationService(),
        windowCalls: WindowCalls = WindowCalls(fetcher: NetworkFetcher()),
        readiness: Readiness = Readiness(waitsForDirectory: false),
        now: @escaping CurrentTime = { Date() }, logger: Logger
    ) throws {
        self.configuration = configuration
        self.registry = registry
        self.trust = trust
        self.revocation = revocation
        self.keys = keys
        self.platform = platform
        self.bind = bind
        self.windowCalls = windowCalls
        self.readiness = readiness
        self.now = now
        self.logger = logger
        throttle = Throttle(now: now)
        crossSite = CrossSiteGuard(publicOrigin: configuration.publicOrigin, secret: configuration.sealingKey)
        pages = try Pages(publicOrigin: configuration.publicOrigin, crossSite: crossSite)
        openAPI = try Asset(file: Resources.folder("Templates").appending(path: "openapi.yaml"), type: "application/yaml")
    }

    /// The book of a trust list with the platform CA marked: nothing it issues ever opens a master.
    func authorityBook(_ book: AuthorityBook) -> AuthorityBook {
        var book = book
        if let platform { book.platform.insert(AuthorityKey(subjectOf: platform.authority.certificate)) }
        return book
    }
}

/// The identity server: two origins and what runs beside them.
package struct HallpassServer: Sendable {
    package let services: Services
    private let material: TLSMaterial
    private let keeper: TrustKeeper
    private let directory: DirectoryClient?
    private let bounds: ConnectionBounds

    /// Opens everything the configuration names; throws before anything listens when something is wrong.
    package init(configuration: ServerConfiguration, now: @escaping CurrentTime = { Date() }, logger: Logger) async throws {
        material = try TLSMaterial(certificatePath: configuration.tlsCertificatePath, keyPath: configuration.tlsKeyPath)
        let trustList = try LoadedTrustList.load(
            path: configuration.trustListPath, assuranceOrder: configuration.registry.assuranceOrder)
        bounds = ConnectionBounds()
        let registry = Registry(
            storage: try Storage(path: configuration.databasePath), settings: configuration.registry, authorities: trustList.book,
            auditSigner: try AuditSigner(keyFile: configuration.auditKeyPath, headFile: configuration.auditHeadPath), now: now)
        let directory = configuration.directory.map { DirectoryClient($0.settings) }
        self.directory = directory
        // Empty until the keeper has compiled the first.
        let trust = TrustStore(TrustGraph(TrustList(anchors: []), at: now()))
        let network = NetworkFetcher()
        services = try Services(
            configuration: configuration, registry: registry, trust: trust,
            keys: try await KeyStore.open(registry: registry, sealingKey: configuration.sealingKey),
            platform: try configuration.platformCA.map { try PlatformAuthority($0, now: now) },
            bind: directory.map(Self.bind),
            revocation: RevocationService(
                fetcher: network, responders: OCSPDesk(fetcher: network, language: OCSPLanguage(trust: trust), now: now)),
            windowCalls: try WindowCalls(configuration), readiness: Readiness(waitsForDirectory: directory != nil), now: now, logger: logger
        )
        keeper = TrustKeeper(services: services, loaded: trustList)
        // What was revoked while no server ran ends its sessions before anything listens.
        try await keeper.start()
    }

    private static func bind(_ client: DirectoryClient) -> DirectoryBind { client.authenticate(dn:password:) }

    /// The whole of `hallpass serve`: configuration, log to standard error, metrics, and the server until a signal.
    package static func serve(configurationPath: String) async throws {
        let configuration = try ServerConfiguration.load(path: configurationPath)
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        MetricsSystem.bootstrap(PrometheusMetrics.shared)
        var logger = Logger(label: "hallpass")
        logger.logLevel = configuration.logLevel
        try await HallpassServer(configuration: configuration, logger: logger).run()
    }

    /// Serves until SIGTERM or SIGINT (or graceful shutdown of the surrounding group).
    package func run(signals: [UnixSignal] = [.sigterm, .sigint]) async throws {
        var running: [any Service] = [
            Upkeep(services: services, material: material), TrustWatcher(services: services, keeper: keeper),
            RevocationFetching(desk: FetchDesk(services: services, keeper: keeper), logger: services.logger),
        ]
        if let directory, let configuration = services.configuration.directory {
            running.append(
                DirectorySync(
                    configuration: configuration, client: directory, registry: services.registry, readiness: services.readiness,
                    logger: services.logger))
        }
        if let responders = services.revocation.responders { running.append(OCSPRefreshing(services: services, desk: responders)) }
        running += [publicApplication(), certificateApplication()]
        var group = ServiceGroupConfiguration(services: running, gracefulShutdownSignals: signals, logger: services.logger)
        // A client that keeps its connection does not keep the server.
        group.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }

    private func publicApplication() -> some ApplicationProtocol {
        application(Self.publicRouter(services), port: services.configuration.listen.publicPort) { responder in
            PublicChannel(material: material, bounds: bounds, responder: responder)
        }
    }

    private func certificateApplication() -> some ApplicationProtocol {
        let trust = services.trust
        return application(Self.certificateRouter(services), port: services.configuration.listen.certificatePort) { responder in
            CertificateChannel(
                material: material, authorities: { trust.handshakeAuthorities }, bounds: bounds, responder: responder)
        }
    }

    private func application(
        _ router: Router<WebContext>, port: Int,
        channel: @escaping @Sendable (@escaping HTTPChannelHandler.Responder) -> any ServerChildChannel
    ) -> Application<RouterResponder<WebContext>> {
        var configuration = ApplicationConfiguration(address: .hostname(services.configuration.listen.address, port: port), backlog: 1024)
        configuration.availableConnectionsDelegate = .maximum(bounds.maximumConnections, logger: services.logger)
        return Application(router: router, server: HTTPServerBuilder(channel), configuration: configuration, logger: services.logger)
    }

    /// Every route of the public origin. Controllers of other folders are one line each.
    package static func publicRouter(_ services: Services) -> Router<WebContext> {
        router(services, handsOver: { $0.uri.path == CertificateLogin.redemptionPath }) { router in
            Health.addRoutes(to: router, services: services)
            LoginPages.addRoutes(to: router, services: services)
            CertificateLogin.addRoutes(to: router, services: services)
            SignatureLogin.addRoutes(to: router, services: services)
            PasswordLogin.addRoutes(to: router, services: services)
            Console.addRoutes(to: router, services: services)
            OpenIDConnect.addRoutes(to: router, services: services)
            ForwardAuth.addRoutes(to: router, services: services)
        }
    }

    package static func certificateRouter(_ services: Services) -> Router<WebContext> {
        router(services, handsOver: { _ in true }) { CertificateLogin.addCertificateRoutes(to: $0, services: services) }
    }

    private static func router(
        _ services: Services, handsOver: @escaping @Sendable (Request) -> Bool, _ addRoutes: (Router<WebContext>) -> Void
    ) -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        let routes = RouteTable()
        router.add(middleware: RequestLog())
        router.add(middleware: MetricsMiddleware())
        router.add(middleware: SecurityHeaders(publicOrigin: services.configuration.publicOrigin, handsOver: handsOver))
        router.add(middleware: ProblemMiddleware(pages: services.pages, routes: routes))
        router.add(middleware: HeaderBounds())
        addRoutes(router)
        routes.fill(from: router)
        return router
    }
}
