import Foundation
import HTTPTypes
import Hummingbird
import PKI
import Registry

/// The one place that decides where a person goes: to the login page, and from a login on to where they wanted.
package enum NextStep {
    /// Where a protocol sends a person who has to log in first (or again), coming back to `path`.
    package static func login(returningTo path: ReturnPath) -> Response { .seeOther("/login?return_to=\(path.encoded)") }

    /// The `return_to` of a query, form or JSON body; the workbench when there is none. Throws `Problem` 400 for one that is not a path
    /// of this origin.
    static func returnPath(_ text: String?) throws -> ReturnPath {
        guard let text, !text.isEmpty else { return .home }
        guard let path = ReturnPath(text) else {
            throw Problem(.badRequest, "request_malformed", "return_to is not a path of this origin")
        }
        return path
    }

    /// Opens the session (a new id; the one that was there ends) and goes on: JSON clients are told where, navigations are led there.
    static func enter(_ login: Login, to path: ReturnPath, _ request: Request, _ context: WebContext, _ services: Services) async throws
        -> Response
    {
        let replaced = request.cookie(SessionCookie.name)
        let opened = try await services.registry.openSession(login, replacing: replaced, address: context.address)
        if let refusal = try await services.refusal(ofPath: login.path.compactMap(Fingerprint.init(hex:))) {
            // The trust graph changed between the verdict and this moment.
            try await services.registry.endSession(sid: opened.session.sid, reason: refusal.code.rawValue, actor: .system)
            throw refusal
        }
        var response = onward(to: path, request, opened.session, services)
        response.setCookie(SessionCookie.make(opened.cookie))
        return response
    }

    private static func onward(to path: ReturnPath, _ request: Request, _ session: Session, _ services: Services) -> Response {
        if request.method == .get { return .seeOther(path.description) }
        if request.mediaType == "application/json" { return .json(["return_to": path.description]) }
        // A form's answer may not redirect to a window's origin (CSP `form-action` follows redirects), so a page leads on.
        return services.pages.render("continue", ["return_to": path.description], request: request, session: session)
    }
}
