import HTTPTypes
import Hummingbird
import Registry

/// The login page, logging out, and the language switch.
package enum LoginPages {
    static func addRoutes(to router: Router<WebContext>, services: Services) {
        router.get("/login") { request, _ in try await login(request, services) }
        router.get("/logout") { request, _ in
            let session = try await services.requireSession(of: request)
            return services.pages.render("logout", [:], request: request, session: session)
        }
        router.post("/logout") { request, _ in try await logout(request, services) }
        router.get("/language/{language}") { request, context in try chooseLanguage(request, context) }
        router.get("\(services.pages.stylesheet.path)") { _, _ in services.pages.stylesheet.response }
    }

    /// Shown to a person with a session too: they may want to go on as somebody else, or higher.
    private static func login(_ request: Request, _ services: Services) async throws -> Response {
        let path = try NextStep.returnPath(request.queryParameters()["return_to"])
        let session = try await services.session(of: request)
        let certificate = "\(services.configuration.certificateOrigin)/login/certificate?return_to=\(path.encoded)"
        return services.pages.render(
            "login",
            [
                "return_to": path.description, "certificate_login": certificate, "has_directory": services.bind != nil,
                "has_session": session != nil,
            ],
            request: request, session: session)
    }

    private static func logout(_ request: Request, _ services: Services) async throws -> Response {
        let isForm = request.mediaType == "application/x-www-form-urlencoded"
        try services.verifySameSite(request, csrf: isForm ? try await request.form()["csrf"] : nil)
        if let session = try await services.session(of: request) {
            try await services.registry.endSession(sid: session.sid, reason: "logout", actor: .account(session.account.id))
        }
        var response =
            request.wantsJSON ? Response.json(["logged_out": true]) : services.pages.render("logged_out", [:], request: request)
        response.setCookie(SessionCookie.cleared)
        return response
    }

    /// Changes nothing but what the browser itself keeps, so a link suffices.
    private static func chooseLanguage(_ request: Request, _ context: WebContext) throws -> Response {
        guard let language = context.parameters.get("language").flatMap(Language.init(rawValue:)) else {
            throw Problem(.notFound, "not_found", "no such language")
        }
        var response = try Response.seeOther(NextStep.returnPath(request.queryParameters()["return_to"]).description)
        response.setCookie(
            Cookie(
                name: Language.cookieName, value: language.rawValue, maxAge: 365 * 86400, path: "/", secure: true, httpOnly: true,
                sameSite: .lax))
        return response
    }
}
