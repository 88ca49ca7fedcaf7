import Foundation
import Hummingbird
import PKI
import Registry

/// `/console/certificates`: a master hands sub-certificates to colleagues, says which windows they may enter, and takes them back.
struct CertificatePages: Sendable {
    let services: Services
    let actions: ConsoleActions

    func addRoutes(to router: Router<WebContext>) {
        router.get("/console/certificates") { request, _ in
            let (session, uscc) = try await services.requireMaster(of: request)
            return try await page(uscc: uscc, session: session, request: request)
        }
        router.post("/console/certificates/bind") { request, _ in try await bind(request) }
        router.post("/console/certificates/issue") { request, _ in try await issue(request) }
        router.post("/console/certificates/:id/standing") { request, context in
            try await change(request) { form, session in
                try await actions.setStanding(form["standing"] ?? "", ofCertificate: try context.parameters.require("id"), by: session)
            }
        }
        router.post("/console/accounts/:id/grants") { request, context in
            try await change(request) { form, session in
                try await give(form, accountID: try context.parameters.require("id"), by: session)
            }
        }
        router.post("/console/grants/:id/withdraw") { request, context in
            try await change(request) { _, session in
                try await services.registry.withdraw(grant: try context.parameters.require("id"), by: session)
            }
        }
    }

    private func give(_ form: [String: String], accountID: String, by session: Session) async throws {
        _ = try await services.registry.give(
            accountID: accountID, windowID: form["window"] ?? "",
            parameters: try actions.parameters(form["parameters"] ?? ""),
            from: try actions.start(form["from"]), until: try actions.end(form["until"] ?? ""), by: session)
    }

    /// A change whose failure shows the page again with what was typed; success leads back by 303 to GET.
    private func change(_ request: Request, _ body: ([String: String], Session) async throws -> Void) async throws -> Response {
        let session = try await services.requireSession(of: request)
        let form = try await request.form()
        try services.verifySameSite(request, csrf: form["csrf"])
        let back = ReturnPath(form["back"] ?? "")?.description ?? "/console/certificates"
        do {
            try await body(form, session)
        } catch {
            guard let problem = Problem(consoleError: error), session.account.certificateKind == .master,
                let uscc = session.account.legalPerson?.uscc
            else { throw error }
            return try await page(uscc: uscc, session: session, request: request, problem: problem, typed: form)
        }
        return Response(status: .seeOther, headers: [.location: back])
    }

    private func bind(_ request: Request) async throws -> Response {
        try await change(request) { form, session in
            _ = try await actions.bind(pem: form["certificate"] ?? "", by: session)
        }
    }

    private func issue(_ request: Request) async throws -> Response {
        let (session, uscc) = try await services.requireMaster(of: request)
        let form = try await request.form()
        try services.verifySameSite(request, csrf: form["csrf"])
        do {
            let issued = try await actions.issue(
                request: form["request"] ?? "", holderName: form["holder_name"] ?? "", days: Int(form["days"] ?? "") ?? 365, by: session)
            return services.pages.render(
                "issued", ["pem": issued.pem, "holder": issued.bound.subjectName], request: request, session: session)
        } catch {
            guard let problem = Problem(consoleError: error) else { throw error }
            return try await page(uscc: uscc, session: session, request: request, problem: problem, typed: form)
        }
    }

    private func page(
        uscc: String, session: Session, request: Request, problem: Problem? = nil, typed: [String: String] = [:]
    ) async throws -> Response {
        let values = try await LegalPersonView(services: services).values(uscc: uscc, request: request)
        return services.pages.render(
            "certificates",
            values.merging([
                "back": "/console/certificates",
                "problems": services.problemValues(problem, request.language),
                "typedCertificate": typed["certificate"] ?? "",
                "typedRequest": typed["request"] ?? "",
                "typedHolderName": typed["holder_name"] ?? "",
                "typedParameters": typed["parameters"] ?? "",
                "typedUntil": typed["until"] ?? ConsoleViews.day(services.now().addingTimeInterval(365 * 86_400)),
                "canIssue": services.platform != nil,
            ]) { $1 },
            request: request, session: session, status: problem?.status ?? .ok)
    }
}

/// What both the master and the administrator see of one legal person.
struct LegalPersonView: Sendable {
    let services: Services

    func values(uscc: String, request: Request) async throws -> [String: any Sendable] {
        guard let person = try await services.registry.legalPerson(uscc: uscc) else {
            throw Problem(.notFound, "unknown_legal_person", "no legal person of that USCC")
        }
        let windows = try await services.registry.windows()
        let names = Dictionary(uniqueKeysWithValues: windows.map { ($0.id, $0.name) })
        let admitted = Set(try await services.registry.admissions(ofLegalPerson: uscc))
        var certificates: [[String: any Sendable]] = []
        for certificate in try await services.registry.certificates(ofLegalPerson: uscc) {
            let grants = certificate.kind == .sub ? try await services.registry.grants(ofAccount: certificate.accountID) : []
            certificates.append(ConsoleViews.certificate(certificate, grants: grants, windowNames: names, request.language))
        }
        let choices: [[String: any Sendable]] = windows.filter { $0.entry == .granted }.map {
            ["id": $0.id, "name": $0.name, "admitted": admitted.contains($0.id)]
        }
        return [
            "legalPerson": ConsoleViews.legalPerson(person, request.language),
            "certificates": certificates,
            "hasCertificates": !certificates.isEmpty,
            "windows": choices.filter { $0["admitted"] as? Bool == true },
            "allWindows": choices,
        ]
    }
}

extension Problem {
    /// A refusal or a broken rule that a form can show beside what was typed; nil for anything else.
    init?(consoleError error: any Error) {
        switch error {
        case let refusal as Refusal: self.init(refusal)
        case let violation as RuleViolation: self.init(violation)
        case let problem as Problem where problem.status.code < 500: self = problem
        default: return nil
        }
    }
}
