import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Tokens

/// The way in and out: authorization code with PKCE (OpenID Connect Core §3.1), a check at every click, RP-initiated logout.
struct Entrance: Sendable {
    let configuration: WindowConfiguration
    let provider: ProviderClient
    let visits: Visits
    let logger: Logger

    func addRoutes(to router: Router<BasicRequestContext>) {
        router.get("/") { request, _ in try await desk(request) }
        router.get("login") { request, _ in try await login(request) }
        router.get(RouterPath(configuration.callbackPath)) { request, _ in try await callback(request) }
        router.post("logout") { request, _ in try await logout(request) }
        router.get("goodbye") { request, _ in Pages(request, configuration).goodbye() }
    }

    // MARK: In

    /// The window itself: whoever is not in is led to the provider, where a session that is open asks nothing.
    private func desk(_ request: Request) async throws -> Response {
        let pages = Pages(request, configuration)
        guard let cookie = request.onlyCookie(visitCookie) else { return .seeOther("/login") }
        do {
            guard let visit = try await visits.visit(cookie, check: check) else {
                return .seeOther("/login", cookies: [expired(visitCookie)])
            }
            return pages.desk(visit)
        } catch let error as StillUnknown {
            logger.warning("the provider could not be asked", metadata: ["reason": "\(error.reason)"])
            return pages.failure(.unavailable)
        } catch {
            logger.notice("a visit ended", metadata: ["reason": "\(error)"])
            return .seeOther("/login", cookies: [expired(visitCookie)])
        }
    }

    /// RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1.
    private func login(_ request: Request) async throws -> Response {
        let pages = Pages(request, configuration)
        guard let metadata = try? await provider.verifier.metadata() else { return pages.failure(.unavailable) }
        // Several tabs may be logging in: they share the browser's cookie, not the state.
        let browser = request.onlyCookie(browserCookie) ?? ProofKey.random()
        let attempt = Attempt(browser: browser, nonce: ProofKey.random(), proof: ProofKey.random(), began: Date())
        guard let state = await visits.begin(attempt) else { return pages.failure(.unavailable) }
        let query = FormURLEncoded.text([
            ("response_type", "code"), ("client_id", configuration.clientID), ("redirect_uri", configuration.redirectURI),
            ("scope", "openid profile offline_access"), ("state", state), ("nonce", attempt.nonce),
            ("code_challenge", ProofKey.challenge(for: attempt.proof)), ("code_challenge_method", "S256"),
        ])
        return .seeOther(metadata.authorizationEndpoint.appendingQuery(query), cookies: [cookie(browserCookie, browser, maxAge: 600)])
    }

    private func callback(_ request: Request) async throws -> Response {
        let pages = Pages(request, configuration)
        guard let parameters = try? FormURLEncoded.parameters(request.uri.query ?? ""), let state = parameters["state"],
            let browser = request.onlyCookie(browserCookie), let attempt = await visits.finish(state: state, browser: browser)
        else { return pages.failure(.loginLost) }
        do {
            try await checkSender(parameters["iss"])
            if let error = parameters["error"] {
                return pages.failure(error == "access_denied" ? .accessDenied : .refused(error))
            }
            guard let code = parameters["code"], !code.isEmpty else { return pages.failure(.loginLost) }
            let visit = try await admit(code: code, attempt: attempt)
            let value = await visits.open(visit)
            return .seeOther("/", cookies: [cookie(visitCookie, value, maxAge: nil)])
        } catch {
            logger.notice("a login failed", metadata: ["reason": "\(error)"])
            return pages.failure(Pages.Failure(error))
        }
    }

    /// RFC 9207 §2.4: `iss`, where it is sent or promised, is the provider this login was begun with.
    private func checkSender(_ issuer: String?) async throws {
        let promised = try await provider.verifier.metadata().sendsIssuerInResponse
        guard issuer == configuration.issuer || (issuer == nil && !promised) else {
            throw TokenError(.issuerMismatch, "`iss` of the authorization response")
        }
    }

    private func admit(code: String, attempt: Attempt) async throws -> Visit {
        let tokens = try await provider.redeem(code: code, proof: attempt.proof)
        guard let text = tokens.idToken else { throw TokenError(.claimsMalformed, "no id_token in the token response") }
        let idToken = try await provider.verifier.idToken(text, nonce: attempt.nonce, accessToken: tokens.accessToken)
        return try await visit(idToken: idToken, text: text, tokens: tokens, refreshToken: tokens.refreshToken)
    }

    /// The access token must be about the same person as the ID token.
    private func visit(idToken: IDToken, text: String, tokens: ProviderClient.TokenResponse, refreshToken: String?) async throws -> Visit {
        let rights = try await provider.verifier.accessToken(tokens.accessToken)
        guard rights.registered.subject == idToken.registered.subject else { throw TokenError(.loginMismatch, "`sub` of the access token") }
        return Visit(idToken: idToken, idTokenText: text, rights: rights, refreshToken: refreshToken)
    }

    // MARK: Still in?

    /// Asks the provider by using the refresh token; what it refuses ends the visit.
    @Sendable private func check(_ visit: Visit) async throws -> Visit {
        guard let refreshToken = visit.refreshToken else { throw ProviderClient.Failure.refused("no_refresh_token") }
        do {
            let tokens = try await provider.refresh(refreshToken)
            var idToken = visit.idToken, text = visit.idTokenText
            if let newer = tokens.idToken {
                idToken = try await provider.verifier.idToken(newer, refreshing: visit.idToken, accessToken: tokens.accessToken)
                text = newer
            }
            return try await self.visit(idToken: idToken, text: text, tokens: tokens, refreshToken: tokens.refreshToken ?? refreshToken)
        } catch ProviderClient.Failure.unavailable(let reason) {
            throw StillUnknown(reason: reason)
        } catch let error as TokenError where error.code.isUnavailability {
            throw StillUnknown(reason: error.description)
        }
    }

    // MARK: Out

    /// OpenID Connect RP-Initiated Logout §2. Refused to forms of other sites.
    private func logout(_ request: Request) async throws -> Response {
        let site = request.headers[.secFetchSite]
        guard request.headers[.origin] == configuration.origin, site == nil || site == "same-origin" else {
            return Pages(request, configuration).failure(.foreignForm)
        }
        let cookies = [expired(visitCookie), expired(browserCookie)]
        guard let value = request.onlyCookie(visitCookie), let visit = await visits.end(value),
            let endpoint = try? await provider.verifier.metadata().endSessionEndpoint
        else { return .seeOther("/goodbye", cookies: cookies) }
        let query = FormURLEncoded.text([
            ("id_token_hint", visit.idTokenText), ("client_id", configuration.clientID),
            ("post_logout_redirect_uri", configuration.goodbyeURI),
        ])
        return .seeOther(endpoint.appendingQuery(query), cookies: cookies)
    }

    // MARK: Cookies

    // Cookies know no ports: a name with the window's id keeps windows on one host apart.
    private var visitCookie: String { "__Host-visit-\(cookieSuffix)" }
    private var browserCookie: String { "__Host-login-\(cookieSuffix)" }
    private var cookieSuffix: String { String(configuration.clientID.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }) }

    private func cookie(_ name: String, _ value: String, maxAge: Int?) -> Cookie {
        Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: true, httpOnly: true, sameSite: .lax)
    }

    private func expired(_ name: String) -> Cookie { cookie(name, "", maxAge: 0) }
}
