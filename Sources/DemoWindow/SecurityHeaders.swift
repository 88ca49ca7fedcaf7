import HTTPTypes
import Hummingbird

/// The same for every answer: nothing cached, nothing framed, no script at all.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    /// Where forms may lead, redirects counted: CSP's `form-action` follows them.
    let formTargets: [String]

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        // Not `no-referrer`: the logout form's Origin would be `null` then.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action \(formTargets.joined(separator: " "))"
        return response
    }
}

extension HTTPField.Name {
    static var referrerPolicy: HTTPField.Name { Self.named("Referrer-Policy") }
    static var secFetchSite: HTTPField.Name { Self.named("Sec-Fetch-Site") }

    /// The names above are tokens of RFC 9110 §5.6.2, for which the initializer never gives nil.
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name: \(name)") }
        return name
    }
}
