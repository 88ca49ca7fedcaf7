import Foundation
import HTTPTypes
import Hummingbird
import PKI
import Registry

/// Login by TLS client certificate (contract, "Login without a browser" 1). The certificate origin takes the certificate and hands the
/// login over to the public origin: a one-use code in the address, and a cookie beside it. Cookies know no ports, so the cookie that the
/// certificate origin sets reaches the public one, and nobody who only sees the address can redeem the code.
package enum CertificateLogin {
    static let cookieName = "__Host-hallpass-handoff"
    static let redemptionPath = "/login/handoff"
    static let lifetime: Duration = .seconds(30)
    private static let kind = "handoff"

    /// What the code stands for, between the two origins.
    private struct HandOff: Codable {
        let login: Login
        /// SHA-256 of the cookie beside the code, hexadecimal.
        let cookieDigest: String
        let returnTo: String
    }

    /// On the certificate origin.
    static func addCertificateRoutes(to router: Router<WebContext>, services: Services) {
        router.get("/login/certificate") { request, context in
            try await take(request, context, services)
        }
        router.get("/") { _, _ in Response.seeOther(services.configuration.publicOrigin + "/") }
    }

    /// On the public origin.
    static func addRoutes(to router: Router<WebContext>, services: Services) {
        router.get(RouterPath(redemptionPath)) { request, context in
            try await redeem(request, context, services)
        }
    }

    private static func take(_ request: Request, _ context: WebContext, _ services: Services) async throws -> Response {
        let path = try NextStep.returnPath(request.queryParameters()["return_to"])
        return try await returning(to: path) {
            try refuseUnlessNavigation(request)
            let login = try await login(context, services)
            return try await handOver(login, path, services)
        }
    }

    private static func login(_ context: WebContext, _ services: Services) async throws -> Login {
        guard let leaf = context.peerCertificates.first else {
            let refusal = Refusal(.certificateMissing, "the TLS client sent no certificate")
            try await services.recordRefusal(refusal, .tls, context)
            throw refusal
        }
        let certificate: Certificate
        do {
            certificate = try Certificate(der: leaf)
        } catch {
            try await services.recordRefusal(error, .tls, context)
            throw error
        }
        // What does not parse among the others is no use to a path.
        let others = context.peerCertificates.dropFirst().prefix(10).compactMap { try? Certificate(der: $0) }
        return try await services.identify(certificate, intermediates: others, method: .tls, context)
    }

    private static func handOver(_ login: Login, _ path: ReturnPath, _ services: Services) async throws -> Response {
        let cookie = services.registry.newBearer()
        let handOff = HandOff(login: login, cookieDigest: digest(cookie), returnTo: path.description)
        let payload = String(decoding: try JSONEncoder().encode(handOff), as: UTF8.self)
        let code = try await services.registry.putOneUse(kind, payload: payload, lifetime: lifetime)
        var response = Response.seeOther("\(services.configuration.publicOrigin)\(redemptionPath)?code=\(code)")
        response.setCookie(hostCookie(cookieName, cookie, maxAge: Int(lifetime.timeInterval)))
        return response
    }

    private static func redeem(_ request: Request, _ context: WebContext, _ services: Services) async throws -> Response {
        try refuseUnlessNavigation(request)
        guard let code = try request.queryParameters()["code"], let cookie = request.cookie(cookieName) else {
            throw Refusal(.challengeExpired, "a hand-off came without its code or its cookie")
        }
        guard let payload = try await services.registry.takeOneUse(kind, code) else {
            throw Refusal(.challengeExpired, "a hand-off code is unknown, used or late")
        }
        let handOff = try JSONDecoder().decode(HandOff.self, from: Data(payload.utf8))
        guard constantTimeEquals(Array(digest(cookie).utf8), Array(handOff.cookieDigest.utf8)) else {
            throw Refusal(.challengeExpired, "a hand-off code came with another one's cookie")
        }
        var response = try await NextStep.enter(handOff.login, to: NextStep.returnPath(handOff.returnTo), request, context, services)
        response.setCookie(hostCookie(cookieName, "", maxAge: 0))
        return response
    }

    /// Fetch Metadata (W3C): pages elsewhere may lead a person here, but not load this as a resource or a frame.
    private static func refuseUnlessNavigation(_ request: Request) throws {
        let mode = request.headers[.secFetchMode] ?? "navigate"
        let destination = request.headers[.secFetchDest] ?? "document"
        guard mode == "navigate", destination == "document" else {
            throw Problem(.forbidden, "not_a_navigation", "Sec-Fetch-Mode \(mode), Sec-Fetch-Dest \(destination)")
        }
    }

    private static func digest(_ cookie: String) -> String { Digest.sha256(Array(cookie.utf8)).hex }
}
