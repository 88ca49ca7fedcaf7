import Foundation
import Hummingbird
import PKI
import Registry

/// `/api/v1`: the same acts as the pages, in JSON, on the same session cookie. Changes need `X-CSRF-Token` (from `GET /api/v1/session`)
/// and, when a browser sends it, our own Origin. Described in docs/openapi.yaml.
struct ConsoleAPI: Sendable {
    let services: Services
    let actions: ConsoleActions
    var registry: Registry { services.registry }

    func addRoutes(to router: RouterGroup<WebContext>) {
        router.get("session") { request, _ in try await session(request) }
        addCertificateRoutes(to: router)
        addGrantRoutes(to: router)
        addLegalPersonRoutes(to: router)
        addMasterRoutes(to: router)
    }

    // MARK: the session

    private struct SessionBody: Encodable {
        let account: AccountBody
        let acr: String
        let amr: [String]
        let expires: Date
        let csrf: String
        let windows: [WindowBody]
    }

    private struct WindowBody: Encodable { let id, name: String, url: String? }

    private func session(_ request: Request) async throws -> Response {
        let session = try await services.requireSession(of: request)
        let windows = try await registry.windows(openTo: session)
        return try JSONReply.make(
            SessionBody(
                account: AccountBody(session.account), acr: session.acr, amr: session.amr, expires: session.expires,
                csrf: services.csrfToken(of: request),
                windows: windows.map { WindowBody(id: $0.id, name: $0.name, url: ConsoleViews.address(of: $0)) }))
    }

    /// The session of a change: logged in, same site, token sent.
    private func changing(_ request: Request) async throws -> Session {
        let session = try await services.requireSession(of: request)
        try services.verifySameSite(request, csrf: nil)
        return session
    }

    // MARK: certificates

    private struct BindBody: Decodable { let certificate: String }
    private struct IssueBody: Decodable {
        let request: String
        let holderName: String
        let days: Int?
        enum CodingKeys: String, CodingKey { case request, days, holderName = "holder_name" }
    }
    private struct IssuedBody: Encodable { let certificate: String, bound: CertificateBody }
    private struct StandingBody: Decodable { let standing: String }

    private func addCertificateRoutes(to router: RouterGroup<WebContext>) {
        router.get("certificates") { request, _ in
            let (_, uscc) = try await services.requireMaster(of: request)
            return try JSONReply.make(try await registry.certificates(ofLegalPerson: uscc).map(CertificateBody.init))
        }
        router.post("certificates") { request, _ in
            let session = try await changing(request)
            let bound = try await told { try await actions.bind(pem: try await request.json(BindBody.self).certificate, by: session) }
            return try JSONReply.make(CertificateBody(bound), status: .created)
        }
        router.post("certificates/requests") { request, _ in
            let session = try await changing(request)
            let body = try await request.json(IssueBody.self)
            let issued = try await told {
                try await actions.issue(request: body.request, holderName: body.holderName, days: body.days ?? 365, by: session)
            }
            return try JSONReply.make(IssuedBody(certificate: issued.pem, bound: CertificateBody(issued.bound)), status: .created)
        }
        router.post("certificates/:id/standing") { request, context in
            let session = try await changing(request)
            let body = try await request.json(StandingBody.self)
            try await told {
                try await actions.setStanding(body.standing, ofCertificate: try context.parameters.require("id"), by: session)
            }
            return Response(status: .noContent)
        }
    }

    // MARK: grants

    private struct GiveBody: Decodable { let window: String, parameters: [String: String]?, from: String?, until: String }

    private func addGrantRoutes(to router: RouterGroup<WebContext>) {
        router.get("accounts") { request, _ in
            _ = try await services.requireAdministrator(of: request)
            let found = try await registry.accounts(matching: try request.queryParameters()["q"], limit: 100, offset: 0)
            return try JSONReply.make(found.map(AccountBody.init))
        }
        router.get("accounts/:id/grants") { request, context in
            let session = try await services.requireSession(of: request)
            let id = try context.parameters.require("id")
            try await requireSight(ofAccount: id, by: session)
            return try JSONReply.make(try await registry.grants(ofAccount: id).map(GrantBody.init))
        }
        router.post("accounts/:id/grants") { request, context in
            let session = try await changing(request)
            let body = try await request.json(GiveBody.self)
            let grant = try await told {
                try await registry.give(
                    accountID: try context.parameters.require("id"), windowID: body.window, parameters: body.parameters ?? [:],
                    from: try actions.start(body.from), until: try actions.end(body.until), by: session)
            }
            return try JSONReply.make(GrantBody(grant), status: .created)
        }
        router.delete("grants/:id") { request, context in
            let session = try await changing(request)
            try await told { try await registry.withdraw(grant: try context.parameters.require("id"), by: session) }
            return Response(status: .noContent)
        }
    }

    /// Oneself, one's master, or an administrator; an account that may not be seen is as absent as one that is not there.
    private func requireSight(ofAccount id: String, by session: Session) async throws {
        if session.account.id == id || session.account.isAdministrator { return }
        guard session.account.certificateKind == .master, let own = session.account.legalPerson?.uscc,
            let account = try await registry.account(id: id), account.legalPerson?.uscc == own
        else { throw Problem(.notFound, "not_found", "no such account in sight") }
    }

    // MARK: legal persons (administrators)

    private func addLegalPersonRoutes(to router: RouterGroup<WebContext>) {
        router.get("legal-persons") { request, _ in
            _ = try await services.requireAdministrator(of: request)
            return try JSONReply.make(
                try await registry.legalPersons(matching: try request.queryParameters()["q"], limit: 100, offset: 0))
        }
        router.get("legal-persons/:uscc") { request, context in
            let session = try await services.requireSession(of: request)
            let uscc = try context.parameters.require("uscc")
            try services.requireSight(ofLegalPerson: uscc, by: session)
            return try await legalPerson(uscc)
        }
        router.post("legal-persons/:uscc/standing") { request, context in
            let session = try await changing(request)
            let body = try await request.json(StandingBody.self)
            try await told {
                try await registry.setStanding(
                    try actions.standing(body.standing), ofLegalPerson: try context.parameters.require("uscc"), by: session)
            }
            return Response(status: .noContent)
        }
        router.put("legal-persons/:uscc/admissions/:window") { request, context in
            let session = try await changing(request)
            try await told {
                try await registry.admit(
                    legalPerson: try context.parameters.require("uscc"), to: try context.parameters.require("window"), by: session)
            }
            return Response(status: .noContent)
        }
        router.delete("legal-persons/:uscc/admissions/:window") { request, context in
            let session = try await changing(request)
            try await told {
                try await registry.withdrawAdmission(
                    ofLegalPerson: try context.parameters.require("uscc"), to: try context.parameters.require("window"), by: session)
            }
            return Response(status: .noContent)
        }
    }

    private struct LegalPersonBody: Encodable {
        let uscc, name: String, standing: Standing
        let admissions: [String]
        let certificates: [CertificateBody]
    }

    private func legalPerson(_ uscc: String) async throws -> Response {
        guard let person = try await registry.legalPerson(uscc: uscc) else {
            throw Problem(.notFound, "unknown_legal_person", "no legal person of that USCC")
        }
        return try JSONReply.make(
            LegalPersonBody(
                uscc: person.uscc, name: person.name, standing: person.standing,
                admissions: try await registry.admissions(ofLegalPerson: uscc),
                certificates: try await registry.certificates(ofLegalPerson: uscc).map(CertificateBody.init)))
    }

    // MARK: masters (administrators)

    private struct DecisionBody: Decodable { let approve: Bool }

    private func addMasterRoutes(to router: RouterGroup<WebContext>) {
        router.get("master-requests") { request, _ in
            _ = try await services.requireAdministrator(of: request)
            return try JSONReply.make(try await registry.masterRequests().map(MasterRequestBody.init))
        }
        router.post("master-requests/:id/decision") { request, context in
            let session = try await changing(request)
            let body = try await request.json(DecisionBody.self)
            try await told {
                try await registry.decideMaster(request: try context.parameters.require("id"), approve: body.approve, by: session)
            }
            return Response(status: .noContent)
        }
    }

    /// Refusals and broken rules leave as problem documents.
    private func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw Problem(consoleError: error) ?? error
        }
    }
}
