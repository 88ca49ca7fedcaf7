import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Registry
import Tokens

/// OpenID Connect Core 1.0 on OAuth 2.1: everything under `/oauth2` and the two discovery documents.
///
/// Answers to clients are JSON in the standard's words (`OAuthErrorMiddleware`); what a person sees goes through `Problem` and `Pages`
/// like every other page.
struct OpenIDConnect: Sendable {
    private let services: Services
    private let endpoints: Endpoints

    static func addRoutes(to router: Router<WebContext>, services: Services) {
        let provider = OpenIDConnect(services: services, endpoints: Endpoints(issuer: services.configuration.publicOrigin))
        provider.addPublicDocuments(to: router)
        provider.addPages(to: router)
        provider.addClientEndpoints(to: router)
    }

    /// Public and the same for everybody: any site's script may read them (CORS `*` carries no credentials).
    private func addPublicDocuments(to router: Router<WebContext>) {
        let open = router.group().add(middleware: AnyOriginMiddleware())
        let metadata = Self.cached(
            .json(ProviderMetadata(endpoints: endpoints, assuranceLevels: services.registry.settings.assuranceOrder)))
        for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            open.get(RouterPath(path)) { _, _ in metadata }
        }
        open.get(RouterPath(Endpoints.jwks)) { [services] _, _ in
            Self.cached(
                Response(
                    status: .ok, headers: [.contentType: "application/jwk-set+json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: services.keys.published.json))))
        }
    }

    private func addPages(to router: Router<WebContext>) {
        let authorization = AuthorizationEndpoint(services: services)
        router.get(RouterPath(Endpoints.authorization), use: authorization.get)
        router.post(RouterPath(Endpoints.authorization), use: authorization.post)
        let endSession = EndSessionEndpoint(services: services)
        router.get(RouterPath(Endpoints.endSession), use: endSession.get)
        router.post(RouterPath(Endpoints.endSession), use: endSession.post)
        router.post(RouterPath(Endpoints.endSessionConfirmed), use: endSession.confirmed)
    }

    private func addClientEndpoints(to router: Router<WebContext>) {
        let authentication = ClientAuthentication(registry: services.registry)
        let mint = TokenMint(endpoints: endpoints, keys: services.keys, registry: services.registry)
        let token = TokenEndpoint(services: services, mint: mint, authentication: authentication)
        let userInfo = UserInfoEndpoint(services: services, endpoints: endpoints)
        let introspection = IntrospectionEndpoint(services: services, endpoints: endpoints, authentication: authentication)
        let revocation = RevocationEndpoint(services: services, endpoints: endpoints, authentication: authentication)

        // Public clients run in browsers: these three answer scripts of any origin, who hold the code or token themselves.
        let open = router.group().add(middleware: AnyOriginMiddleware()).add(middleware: OAuthErrorMiddleware())
        open.post(RouterPath(Endpoints.token), use: token.post)
        open.get(RouterPath(Endpoints.userInfo), use: userInfo.answer)
        open.post(RouterPath(Endpoints.userInfo), use: userInfo.answer)
        open.post(RouterPath(Endpoints.revocation), use: revocation.post)
        for path in [Endpoints.token, Endpoints.userInfo, Endpoints.revocation] {
            open.on(RouterPath(path), method: .options) { _, _ in AnyOriginMiddleware.preflight }
        }
        router.group().add(middleware: OAuthErrorMiddleware()).post(RouterPath(Endpoints.introspection), use: introspection.post)
    }

    /// An hour: long enough to spare windows a request each time, short beside the day that keys stay published.
    private static func cached(_ response: Response) -> Response {
        var response = response
        response.headers[.cacheControl] = "public, max-age=3600"
        return response
    }
}

/// CORS for what needs no cookie of ours: any origin, never with credentials (Fetch §3.2.5).
struct AnyOriginMiddleware: RouterMiddleware {
    static var preflight: Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, POST", .accessControlAllowHeaders: "Authorization, Content-Type",
                .accessControlMaxAge: "3600",
            ])
    }

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }
}
