import Foundation
import Hummingbird
import PKI
import Registry

/// `/console/legal-persons` and `/console/master-requests`: what an administrator decides.
struct LegalPersonPages: Sendable {
    let services: Services
    let actions: ConsoleActions

    func addRoutes(to router: Router<WebContext>) {
        router.get("/console/legal-persons") { request, _ in try await list(request) }
        router.post("/console/legal-persons/import") { request, _ in try await importCSV(request) }
        router.get("/console/legal-persons/:uscc") { request, context in
            let session = try await services.requireAdministrator(of: request)
            return try await page(try context.parameters.require("uscc"), session: session, request: request)
        }
        router.post("/console/legal-persons/:uscc/standing") { request, context in
            try await change(request, context) { form, uscc, session in
                try await services.registry.setStanding(try actions.standing(form["standing"] ?? ""), ofLegalPerson: uscc, by: session)
            }
        }
        router.post("/console/legal-persons/:uscc/admissions") { request, context in
            try await change(request, context) { form, uscc, session in
                try await decideAdmission(form, uscc: uscc, by: session)
            }
        }
        router.get("/console/master-requests") { request, _ in try await masterRequests(request) }
        router.post("/console/master-requests/:id") { request, context in
            try await decideMaster(request, id: try context.parameters.require("id"))
        }
    }

    private func list(_ request: Request, problem: Problem? = nil, typedCSV: String = "") async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let search = try request.queryParameters()["q"]
        let found = try await services.registry.legalPersons(matching: search, limit: 100, offset: 0)
        return services.pages.render(
            "legal-persons",
            [
                "search": search ?? "",
                "legalPersons": found.map { ConsoleViews.legalPerson($0, request.language) },
                "hasLegalPersons": !found.isEmpty,
                "problems": services.problemValues(problem, request.language),
                "typedCSV": typedCSV,
            ],
            request: request, session: session, status: problem?.status ?? .ok)
    }

    private func importCSV(_ request: Request) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let form = try await request.form(limit: 4 * 1024 * 1024)
        try services.verifySameSite(request, csrf: form["csrf"])
        do {
            _ = try await services.registry.importLegalPersons(csv: form["csv"] ?? "", actor: .account(session.account.id))
        } catch {
            guard let problem = Problem(consoleError: error) else { throw error }
            return try await list(request, problem: problem, typedCSV: form["csv"] ?? "")
        }
        return Response(status: .seeOther, headers: [.location: "/console/legal-persons"])
    }

    private func decideAdmission(_ form: [String: String], uscc: String, by session: Session) async throws {
        let window = form["window"] ?? ""
        switch form["decision"] {
        case "admit": try await services.registry.admit(legalPerson: uscc, to: window, by: session)
        case "withdraw": try await services.registry.withdrawAdmission(ofLegalPerson: uscc, to: window, by: session)
        default: throw RuleViolation("request_malformed", "decision is admit or withdraw")
        }
    }

    private func change(
        _ request: Request, _ context: WebContext, _ body: ([String: String], String, Session) async throws -> Void
    ) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let uscc = try context.parameters.require("uscc")
        let form = try await request.form()
        try services.verifySameSite(request, csrf: form["csrf"])
        do {
            try await body(form, uscc, session)
        } catch {
            guard let problem = Problem(consoleError: error) else { throw error }
            return try await page(uscc, session: session, request: request, problem: problem)
        }
        return Response(status: .seeOther, headers: [.location: "/console/legal-persons/\(uscc)"])
    }

    private func page(_ uscc: String, session: Session, request: Request, problem: Problem? = nil) async throws -> Response {
        let values = try await LegalPersonView(services: services).values(uscc: uscc, request: request)
        return services.pages.render(
            "legal-person",
            values.merging([
                "back": "/console/legal-persons/\(uscc)",
                "problems": services.problemValues(problem, request.language),
            ]) { $1 },
            request: request, session: session, status: problem?.status ?? .ok)
    }

    private func masterRequests(_ request: Request, problem: Problem? = nil) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let waiting = try await services.registry.masterRequests()
        return services.pages.render(
            "master-requests",
            [
                "requests": waiting.map { item in
                    [
                        "id": item.id, "name": item.legalPerson.name, "uscc": item.legalPerson.uscc, "holder": item.holderName,
                        "issuer": item.issuerName, "fingerprint": String(item.fingerprint.prefix(16)),
                        "requested": ConsoleViews.time(item.requested),
                    ] as [String: any Sendable]
                },
                "hasRequests": !waiting.isEmpty,
                "problems": services.problemValues(problem, request.language),
            ],
            request: request, session: session, status: problem?.status ?? .ok)
    }

    private func decideMaster(_ request: Request, id: String) async throws -> Response {
        let session = try await services.requireAdministrator(of: request)
        let form = try await request.form()
        try services.verifySameSite(request, csrf: form["csrf"])
        do {
            guard let decision = form["decision"], ["approve", "refuse"].contains(decision) else {
                throw RuleViolation("request_malformed", "decision is approve or refuse")
            }
            try await services.registry.decideMaster(request: id, approve: decision == "approve", by: session)
        } catch {
            guard let problem = Problem(consoleError: error) else { throw error }
            return try await masterRequests(request, problem: problem)
        }
        return Response(status: .seeOther, headers: [.location: "/console/master-requests"])
    }
}
