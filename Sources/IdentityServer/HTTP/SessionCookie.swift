import HTTPTypes
import Hummingbird
import Registry

/// The session's cookie: opaque, host-only, never readable by scripts (RFC 6265bis §4.1.3.2 `__Host-`).
enum SessionCookie {
    static let name = "__Host-hallpass"

    static func make(_ value: String) -> Cookie { hostCookie(name, value) }
    static let cleared = hostCookie(name, "", maxAge: 0)
}

/// `Secure; HttpOnly; Path=/; SameSite=Lax` and no Domain, as the `__Host-` prefix demands. Lax: windows lead people here by navigation.
func hostCookie(_ name: String, _ value: String, maxAge: Int? = nil) -> Cookie {
    Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: true, httpOnly: true, sameSite: .lax)
}

extension Services {
    /// The live session of the request's `__Host-hallpass` cookie; nil when there is none.
    package func session(of request: Request) async throws -> Session? {
        guard let cookie = request.cookie(SessionCookie.name), !cookie.isEmpty, cookie.utf8.count <= 256 else { return nil }
        return try await registry.session(cookie: cookie)
    }

    /// The same, else: 303 to the login page with `return_to` for navigations, `login_required` 401 problem for JSON.
    package func requireSession(of request: Request) async throws -> Session {
        if let session = try await session(of: request) { return session }
        let wanted = request.method == .get ? ReturnPath(request.uri.string) : nil
        throw Problem(.unauthorized, "login_required", "no live session").returning(to: wanted)
    }
}
