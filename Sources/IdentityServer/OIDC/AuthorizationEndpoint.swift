import Foundation
import Hummingbird
import Logging
import PKI
import Registry
import Tokens

/// The authorization endpoint (OpenID Connect Core §3.1.2, OAuth 2.1 §4.1): a window's question in, a code for it out.
///
/// No session: the login page, which leads back to the same question. Demo and department windows are first-party: no consent is asked;
/// what is asked is Registry, whether this session may enter.
struct AuthorizationEndpoint: Sendable {
    let services: Services
    private var issuer: String { services.configuration.publicOrigin }

    func get(_ request: Request, _ context: WebContext) async throws -> Response {
        var query = request.uri.query ?? ""
        var loginAfter: Date?
        if let ticket = StoredQuestion.ticket(in: query) {
            guard let stored = try await StoredQuestion.take(ticket, for: .authorization, from: services.registry) else {
                throw Problem(.badRequest, "request_expired", "the stored authorization request is unknown, used or too old")
            }
            (query, loginAfter) = (stored.query, stored.loginAfter)
        }
        return try await answer(query, loginAfter: loginAfter, request, context)
    }

    /// OpenID Connect Core §3.1.2.1: POST as well. A cross-site POST carries no `SameSite=Lax` cookie, so it is stored and asked again
    /// by GET, which does.
    func post(_ request: Request, _ context: WebContext) async throws -> Response {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            throw Problem(.unsupportedMediaType, "media_type_not_supported", "the authorization request is not a form")
        }
        let body = try await request.body.collect(upTo: OAuthParameters.maximumBytes)
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw Problem(.badRequest, "request_malformed", "the authorization request is not UTF-8")
        }
        let question = StoredQuestion(query: text, loginAfter: nil)
        _ = try await target(of: parameters(question.query))
        return .seeOther(try await question.path(to: .authorization, in: services.registry))
    }

    private func answer(_ query: String, loginAfter: Date?, _ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = try parameters(query)
        let target = try await target(of: parameters)
        do {
            let asked = try AuthorizationRequest(parameters)
            let session = try await services.session(of: request)
            if let destination = try await loginPage(for: asked, session: session, query: query, loginAfter: loginAfter) {
                return NextStep.login(returningTo: destination)
            }
            guard let session else { throw OAuthError(.loginRequired, "Nobody is logged in.") }
            let code = try await admit(session, asked, to: target)
            return .seeOther(target.location(issuer: issuer, [("code", code)]))
        } catch let error as OAuthError {
            context.logger.info(
                "authorization refused",
                metadata: ["window": "\(target.window.id)", "error": "\(error.code.rawValue)", "why": "\(error.description)"])
            return .seeOther(target.location(issuer: issuer, error))
        }
    }

    private func parameters(_ query: String) throws -> OAuthParameters {
        do { return try OAuthParameters(encoded: query) } catch { throw Problem(error.status, "request_malformed", error.description) }
    }

    /// Window and redirect URI, compared byte by byte (RFC 9700 §2.1). What fails here is told on a page and goes nowhere else.
    private func target(of parameters: OAuthParameters) async throws -> AuthorizationTarget {
        guard parameters.repeated.isDisjoint(with: ["client_id", "redirect_uri", "state"]) else {
            throw Problem(.badRequest, "request_malformed", "client_id, redirect_uri or state was sent more than once")
        }
        guard let id = parameters["client_id"], let window = try await services.registry.window(id), window.protocol == .oidc else {
            throw Problem(.badRequest, "client_unknown", "client_id is missing or no OpenID Connect window's")
        }
        guard window.state == .active else { throw Problem(.forbidden, "window_suspended", "window \(window.id) is suspended") }
        guard let uri = parameters["redirect_uri"], window.redirectURIs.contains(where: { $0.utf8.elementsEqual(uri.utf8) }) else {
            throw Problem(.badRequest, "redirect_uri_not_registered", "redirect_uri is missing or not one of \(window.id)'s")
        }
        let state = parameters["state"]
        guard (state?.utf8.count ?? 0) <= 2048 else { throw Problem(.badRequest, "request_malformed", "state is longer than 2048 bytes") }
        return AuthorizationTarget(window: window, redirectURI: uri, state: state)
    }

    /// Where the person must log in first, or nil when the session will do.
    ///
    /// A login that was asked for (`prompt=login`, `max_age`) must happen after the question was put: its moment is stored with the
    /// question, out of the browser's reach, and a session counts only if it is younger.
    private func loginPage(
        for asked: AuthorizationRequest, session: Session?, query: String, loginAfter: Date?
    ) async throws -> ReturnPath? {
        if let session, !mustLoginAgain(asked, session, loginAfter) {
            try checkHint(asked, session)
            return nil
        }
        guard asked.mayInteract else { throw OAuthError(.loginRequired, "A login is needed and prompt=none forbids it.") }
        let asksAnew = asked.mustLogin || session != nil || loginAfter != nil
        if !asksAnew, let direct = ReturnPath("\(Endpoints.authorization)?\(query)") { return direct }
        let question = StoredQuestion(query: query, loginAfter: asksAnew ? (loginAfter ?? services.now()) : nil)
        return ReturnPath(try await question.path(to: .authorization, in: services.registry))
    }

    private func mustLoginAgain(_ asked: AuthorizationRequest, _ session: Session, _ loginAfter: Date?) -> Bool {
        if let loginAfter { return session.authTime <= loginAfter }
        if asked.mustLogin { return true }
        guard let maxAge = asked.maxAge else { return false }
        return services.now().timeIntervalSince(session.authTime) >= Double(maxAge)
    }

    /// OpenID Connect Core §3.1.2.1: a hint at somebody else than who is logged in.
    private func checkHint(_ asked: AuthorizationRequest, _ session: Session) throws {
        guard let hint = asked.idTokenHint else { return }
        guard let token = IDTokenHint.read(hint, issuer: issuer, keys: services.keys.published, now: services.now()) else {
            throw OAuthError(.invalidRequest, "id_token_hint is not an ID token of ours.")
        }
        guard token.registered.subject == session.account.id else {
            throw OAuthError(.loginRequired, "Somebody else than id_token_hint names is logged in.")
        }
    }

    private func admit(_ session: Session, _ asked: AuthorizationRequest, to target: AuthorizationTarget) async throws -> String {
        guard target.window.grants.contains("authorization_code") else {
            throw OAuthError(.unauthorizedClient, "This window is not registered for authorization_code.")
        }
        do {
            _ = try await services.registry.enter(target.window, with: session)
        } catch let refusal as Refusal {
            throw OAuthError(.accessDenied, "\(refusal.code.rawValue): this person may not enter this window.")
        }
        return try await services.registry.issueCode(
            Authorization(
                windowID: target.window.id, redirectURI: target.redirectURI, scope: asked.scope, nonce: asked.nonce,
                codeChallenge: asked.codeChallenge, sid: session.sid, accountID: session.account.id))
    }
}
