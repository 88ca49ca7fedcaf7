import Foundation
import Hummingbird
import PKI
import Registry

/// `/console/accounts`: an administrator finds personal certificates' holders and staff, and gives them windows.
struct AccountPages: Sendable {
    let services: Services
    let actions: ConsoleActions

    func addRoutes(to router: Router<WebContext>) {
        router.get("/console/accounts") { request, _ in try await list(request) }
        router.get("/console/accounts/:id") { request, context in try await show(request, id: try context.parameters.require("id")) }
    }

    private func list(_ request: Request) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let search = try request.queryParameters()["q"]
        let found = try await services.registry.accounts(matching: search, limit: 100, offset: 0)
        return services.pages.render(
            "accounts",
            [
                "search": search ?? "",
                "accounts": found.map { ConsoleViews.account($0, request.language) },
                "hasAccounts": !found.isEmpty,
            ],
            request: request, session: session)
    }

    private func show(_ request: Request, id: String) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        guard let account = try await services.registry.account(id: id) else {
            throw Problem(.notFound, "not_found", "no such account")
        }
        let windows = try await services.registry.windows()
        let names = Dictionary(uniqueKeysWithValues: windows.map { ($0.id, $0.name) })
        let grants = try await services.registry.grants(ofAccount: id)
        return services.pages.render(
            "account",
            [
                "person": ConsoleViews.account(account, request.language),
                "grants": grants.map { ConsoleViews.grant($0, windowNames: names) },
                "hasGrants": !grants.isEmpty,
                "windows": windows.filter { $0.entry == .granted }.map { ["id": $0.id, "name": $0.name] as [String: any Sendable] },
                "back": "/console/accounts/\(id)",
                "typedUntil": ConsoleViews.day(services.now().addingTimeInterval(365 * 86_400)),
            ],
            request: request, session: session)
    }
}
