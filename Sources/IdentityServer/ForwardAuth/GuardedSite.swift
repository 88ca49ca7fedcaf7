import Foundation
import HTTPTypes
import Hummingbird
import Registry

/// A site that knows no protocol, guarded by a reverse proxy that asks us (`docs/windows/nginx.md`). The proxy says which site it guards
/// in a header with a fixed value; only registered origins count, compared as strings.
struct GuardedSite: Sendable {
    /// Where the ticket is taken back, on the site's own host.
    static let callbackPath = "/_hallpass/callback"

    let window: Window
    /// Scheme, host and port, no slash at the end.
    let origin: String

    var callback: String { origin + Self.callbackPath }

    /// By the proxy's `X-Hallpass-Site`. Two windows that claim one origin are both refused: neither can be told from the other.
    static func named(by request: Request, in registry: Registry) async throws -> GuardedSite {
        let origin = try origin(named: request)
        let windows = try await registry.windows().filter { $0.protocol == .forwardAuth && $0.serviceURLs.contains(origin) }
        guard windows.count == 1 else { throw unknown("\(windows.count) windows guard the proxy's site") }
        return try GuardedSite(windows[0], origin)
    }

    /// By window and origin of an address that a browser followed.
    static func find(window id: String?, origin: String?, in registry: Registry) async throws -> GuardedSite {
        guard let id, let origin, let window = try await registry.window(id), window.protocol == .forwardAuth,
            window.serviceURLs.contains(origin)
        else { throw unknown("no forward-auth window of that name guards that site") }
        return try GuardedSite(window, origin)
    }

    private init(_ window: Window, _ origin: String) throws {
        guard window.state == .active else { throw Problem(.forbidden, "window_suspended", "window \(window.id) is suspended") }
        (self.window, self.origin) = (window, origin)
    }

    static func origin(named request: Request) throws -> String {
        let values = request.headers[values: .hallpassSite]
        guard values.count == 1, values[0].utf8.count <= 300 else { throw unknown("the proxy does not name its site once") }
        return values[0]
    }

    private static func unknown(_ why: String) -> Problem { Problem(.forbidden, "site_unknown", why) }
}

extension HTTPField.Name {
    private static func hallpass(_ name: String) -> HTTPField.Name {
        // The names below are constant tokens; HTTPTypes only refuses names that are not.
        guard let field = HTTPField.Name("X-Hallpass-\(name)") else { preconditionFailure("\(name) is not a field name") }
        return field
    }
    static let hallpassSite = hallpass("Site")
    static let hallpassSubject = hallpass("Subject")
    static let hallpassLegalPerson = hallpass("Legal-Person")
    static let hallpassName = hallpass("Name")
    static let hallpassKind = hallpass("Kind")
    static let hallpassACR = hallpass("Acr")
    static let hallpassGrant = hallpass("Grant")
}
