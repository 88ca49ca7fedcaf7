import Foundation
import Hummingbird
import Registry

/// `/`: who you are here and the windows you may enter, one click each.
struct WorkbenchPage: Sendable {
    let services: Services

    func addRoutes(to router: Router<WebContext>) {
        router.get("/") { request, _ in try await show(request) }
    }

    private func show(_ request: Request) async throws -> Response {
        let session = try await services.requireSession(of: request)
        let windows = try await services.registry.windows(openTo: session)
        return services.pages.render(
            "workbench",
            [
                "person": ConsoleViews.account(session.account, request.language),
                "acr": session.acr,
                "until": ConsoleViews.time(session.expires),
                "windows": windows.map(ConsoleViews.window),
                "hasWindows": !windows.isEmpty,
                "isMaster": session.account.certificateKind == .master,
                "isAdministrator": session.account.isAdministrator,
            ],
            request: request, session: session)
    }
}
