import HTTPTypes
import Hummingbird

/// Headers every answer carries unless its handler set them itself.
struct SecurityHeaders: RouterMiddleware {
    private let defaults: [(HTTPField.Name, String)]
    private let handsOver: @Sendable (Request) -> Bool

    /// No script at all, no framing, nothing cached. `same-origin` rather than `no-referrer`: with the latter browsers send `Origin: null`
    /// even for our own forms (Fetch §3.2), which the cross-site guard refuses. `form-action` also governs where a form's answer may
    /// redirect to, so a login form is answered with a page that leads on (`Login/NextStep.swift`).
    ///
    /// `handsOver`: is this request part of a hand-off between the origins? Its address is told to nobody.
    init(publicOrigin: String, handsOver: @escaping @Sendable (Request) -> Bool) {
        self.handsOver = handsOver
        let policy = [
            "default-src 'none'", "style-src \(publicOrigin)", "img-src \(publicOrigin) data:", "form-action \(publicOrigin)",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
        defaults = [
            (.contentSecurityPolicy, policy.joined(separator: "; ")),
            (.xContentTypeOptions, "nosniff"),
            (.frameOptions, "DENY"),
            (.referrerPolicy, "same-origin"),
            (.crossOriginResourcePolicy, "same-site"),
            (.cacheControl, "no-store"),
            (.strictTransportSecurity, "max-age=31536000"),
        ]
    }

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        if handsOver(request) { response.headers[.referrerPolicy] = "no-referrer" }
        for (name, value) in defaults where response.headers[name] == nil { response.headers[name] = value }
        return response
    }
}
