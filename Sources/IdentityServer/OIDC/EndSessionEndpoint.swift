import Foundation
import Hummingbird
import Registry
import Tokens

/// OpenID Connect RP-Initiated Logout 1.0.
///
/// Only a window that shows an ID token of this very session logs the person out without asking; everybody else gets a page that asks,
/// since any site can send a browser here. Where the person goes afterwards is one of the window's registered addresses, byte by byte,
/// or a page of ours.
struct EndSessionEndpoint: Sendable {
    let services: Services

    func get(_ request: Request, _ context: WebContext) async throws -> Response {
        var query = request.uri.query ?? ""
        if let ticket = StoredQuestion.ticket(in: query) {
            guard let stored = try await StoredQuestion.take(ticket, for: .endSession, from: services.registry) else {
                throw Problem(.badRequest, "request_expired", "the stored logout request is unknown, used or too old")
            }
            query = stored.query
        }
        let wish = try await LogoutWish(query: query, services: services)
        guard let session = try await services.session(of: request) else { return leave(wish, request) }
        guard wish.hint?.authentication.sid == session.sid else {
            return services.pages.render("end_session", ["request": query], request: request, session: session)
        }
        return try await end(session, then: leave(wish, request))
    }

    /// §2: POST as well. The cookie does not come with a cross-site POST, so the question is asked again by GET.
    func post(_ request: Request, _ context: WebContext) async throws -> Response {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            throw Problem(.unsupportedMediaType, "media_type_not_supported", "the logout request is not a form")
        }
        let body = try await request.body.collect(upTo: OAuthParameters.maximumBytes)
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw Problem(.badRequest, "request_malformed", "the logout request is not UTF-8")
        }
        _ = try await LogoutWish(query: text, services: services)
        return .seeOther(try await StoredQuestion(query: text, loginAfter: nil).path(to: .endSession, in: services.registry))
    }

    /// The person said yes on our page. Answered with a page in any case: `form-action` would stop a redirect to another origin.
    func confirmed(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await request.form()
        try services.verifySameSite(request, csrf: form["csrf"])
        let wish = try await LogoutWish(query: form["request"] ?? "", services: services)
        let page = services.pages.render("session_ended", wish.destination.map { ["destination": $0] } ?? [:], request: request)
        guard let session = try await services.session(of: request) else { return page }
        return try await end(session, then: page)
    }

    /// Without a valid hint nobody vouches for the wish to go elsewhere (§3): then it ends on our own page.
    private func leave(_ wish: LogoutWish, _ request: Request) -> Response {
        if wish.hint != nil, let destination = wish.destination { return .seeOther(destination) }
        return services.pages.render("session_ended", [:], request: request)
    }

    private func end(_ session: Session, then response: Response) async throws -> Response {
        try await services.registry.endSession(sid: session.sid, reason: "logout", actor: .account(session.account.id))
        var response = response
        response.setCookie(SessionCookie.cleared)
        return response
    }
}

/// What a logout request asks for, judged (RP-Initiated Logout §2).
struct LogoutWish: Sendable {
    /// Nil when there is none, or it is not an ID token of ours: both have to ask the person.
    let hint: IDToken?
    /// The registered address, `state` added.
    let destination: String?

    init(query: String, services: Services) async throws {
        let parameters: OAuthParameters
        do {
            parameters = try OAuthParameters(encoded: query)
            try parameters.refuseRepeated()
        } catch {
            throw Problem(error.status, "request_malformed", error.description)
        }
        hint = parameters["id_token_hint"].flatMap {
            IDTokenHint.read($0, issuer: services.configuration.publicOrigin, keys: services.keys.published, now: services.now())
        }
        let audience = hint?.registered.audience.members.first
        let clientID = parameters["client_id"] ?? audience
        guard hint == nil || clientID == audience else {
            throw Problem(.badRequest, "request_malformed", "client_id is not the audience of id_token_hint")
        }
        guard let uri = parameters["post_logout_redirect_uri"] else {
            destination = nil
            return
        }
        guard let clientID, let window = try await services.registry.window(clientID),
            window.postLogoutRedirectURIs.contains(where: { $0.utf8.elementsEqual(uri.utf8) })
        else { throw Problem(.badRequest, "redirect_uri_not_registered", "post_logout_redirect_uri is not one of the client's") }
        let state = parameters["state"].map { (uri.contains("?") ? "&" : "?") + "state=\(FormEncoding.encode($0))" }
        destination = uri + (state ?? "")
    }
}
