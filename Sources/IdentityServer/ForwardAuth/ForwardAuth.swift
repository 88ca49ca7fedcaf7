import Foundation
import HTTPTypes
import Hummingbird
import PKI
import Registry
import Tokens

/// Forward-auth (contract "Forward-auth"): for windows that know no protocol.
///
///     proxy    /forward-auth/check            every request: 204 with identity headers, 401 or 403
///     site     /_hallpass/start     (window/) sets the state cookie on the site's host, goes to
///     public   /forward-auth/login            session and entry, makes the ticket, goes to
///     site     /_hallpass/callback  (window/) ticket and state cookie become the window's own cookie
///     site     /_hallpass/logout    (window/) ends the visit
///     site     /_hallpass/denied    (window/) tells why a check said 403
///
/// The proxy passes the site's `/_hallpass/` on to `/forward-auth/window/`. A ticket is an authorization code for 30 s whose challenge is
/// the state cookie's hash: once, for this window, for this browser; what it starts is a token family, which ends with its session.
struct ForwardAuth: Sendable {
    /// The scope that marks such families.
    static let scope = "forward-auth"
    static let ticketLifetime = Duration.seconds(30)

    private let services: Services
    private let visitCookie: VisitCookie
    private var registry: Registry { services.registry }
    private var publicOrigin: String { services.configuration.publicOrigin }

    static func addRoutes(to router: Router<WebContext>, services: Services) {
        let guardian = ForwardAuth(services: services, visitCookie: VisitCookie(keys: services.keys))
        router.get("/forward-auth/check", use: guardian.check)
        router.get("/forward-auth/login", use: guardian.login)
        router.get("/forward-auth/window/start", use: guardian.start)
        router.get("/forward-auth/window/callback", use: guardian.callback)
        router.get("/forward-auth/window/logout", use: guardian.logout)
        router.get("/forward-auth/window/denied", use: guardian.denied)
    }

    // MARK: Asked by the proxy

    /// Session, family, window and entry as they stand at this moment; never cached.
    private func check(_ request: Request, _ context: WebContext) async throws -> Response {
        do {
            let visit = try await visit(of: request)
            return Response(status: .noContent, headers: try Self.identity(visit))
        } catch let problem as Problem {
            return Response(status: problem.status == .unauthorized ? .unauthorized : .forbidden)
        } catch is Refusal {
            return Response(status: .forbidden)
        }
    }

    private func visit(of request: Request) async throws -> Visit {
        let origin = try GuardedSite.origin(named: request)
        guard let id = visitCookie.family(of: request), let visit = try await registry.visit(family: id, touching: true),
            visit.family.authorization.scope == [Self.scope],
            visit.family.authorization.redirectURI == origin + GuardedSite.callbackPath
        else { throw Problem(.unauthorized, "login_required", "no live visit of this site") }
        return visit
    }

    /// Header values are ASCII without line ends: identifiers as they are, what people wrote percent-encoded.
    private static func identity(_ visit: Visit) throws -> HTTPFields {
        let account = visit.session.account
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let grant = String(decoding: try encoder.encode(GrantClaim(visit.entry)), as: UTF8.self)
        var fields: HTTPFields = [
            .hallpassSubject: account.id, .hallpassName: FormEncoding.encode(account.name),
            .hallpassKind: account.certificateKind?.rawValue ?? "staff", .hallpassACR: visit.session.acr,
            .hallpassGrant: FormEncoding.encode(grant),
        ]
        if let legalPerson = account.legalPerson { fields[.hallpassLegalPerson] = legalPerson.uscc }
        return fields
    }

    // MARK: On the site's host

    /// `return_to` is the rest of the query as it stands: the proxy cannot escape it.
    private func start(_ request: Request, _ context: WebContext) async throws -> Response {
        let site = try await GuardedSite.named(by: request, in: registry)
        let state = StateCookie(random: registry.newBearer(), returnTo: Self.returnPath(request.uri.query ?? ""))
        var response = Response.seeOther(
            "\(publicOrigin)/forward-auth/login?window=\(FormEncoding.encode(site.window.id))"
                + "&site=\(FormEncoding.encode(site.origin))&state=\(state.challenge)")
        response.setCookie(state.cookie)
        return response
    }

    /// A path on the site; our own corner of it leads nowhere.
    private static func returnPath(_ query: String) -> ReturnPath {
        guard query.hasPrefix("return_to="), let path = ReturnPath(String(query.dropFirst("return_to=".count))),
            !path.description.hasPrefix("/_hallpass")
        else { return .home }
        return path
    }

    private func callback(_ request: Request, _ context: WebContext) async throws -> Response {
        let site = try await GuardedSite.named(by: request, in: registry)
        let query = try request.queryParameters()
        guard let ticket = query["ticket"], let state = StateCookie(of: request, challenge: query["state"] ?? "") else {
            throw Self.ticketInvalid("no ticket, or no state cookie of this browser")
        }
        let redemption = try await registry.redeemCode(ticket, windowID: site.window.id) { authorization in
            guard authorization.scope == [Self.scope], authorization.redirectURI == site.callback,
                constantTimeEquals(Array((authorization.codeChallenge ?? "").utf8), Array(state.challenge.utf8))
            else { throw Self.ticketInvalid("the ticket is for another site or browser") }
        }
        guard case .granted(let family) = redemption else { throw Self.ticketInvalid("the ticket is unknown, used or too old") }
        var response = Response.seeOther(state.returnTo.description)
        response.setCookie(visitCookie.make(family: family.id))
        response.setCookie(state.cleared)
        return response
    }

    private static func ticketInvalid(_ why: String) -> Problem { Problem(.forbidden, "ticket_invalid", why) }

    /// Ends the visit, then asks on the public origin whether to leave everything. Another site's link or form does not end it.
    private func logout(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try GuardedSite.origin(named: request)
        var response = Response.seeOther(publicOrigin + "/logout")
        guard ["same-origin", "none", nil].contains(request.headers[.secFetchSite]) else { return response }
        if let id = visitCookie.family(of: request) {
            try await registry.endFamily(id, reason: "logout", actor: .anonymous)
        }
        response.setCookie(VisitCookie.cleared)
        return response
    }

    /// The page for a 403 of the check.
    private func denied(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await visit(of: request)
        throw Problem(.forbidden, "site_refused", "the site itself refused the request")
    }

    // MARK: On the public origin

    private func login(_ request: Request, _ context: WebContext) async throws -> Response {
        let query = try request.queryParameters()
        let site = try await GuardedSite.find(window: query["window"], origin: query["site"], in: registry)
        guard let state = query["state"], StateCookie.isChallenge(state) else {
            throw Problem(.badRequest, "request_malformed", "state is not a SHA-256 in base64url")
        }
        let session = try await services.requireSession(of: request)
        _ = try await registry.enter(site.window, with: session)
        let ticket = try await registry.issueCode(
            Authorization(
                windowID: site.window.id, redirectURI: site.callback, scope: [Self.scope], nonce: nil, codeChallenge: state,
                sid: session.sid, accountID: session.account.id), lifetime: Self.ticketLifetime)
        return .seeOther("\(site.callback)?ticket=\(ticket)&state=\(state)")
    }
}
