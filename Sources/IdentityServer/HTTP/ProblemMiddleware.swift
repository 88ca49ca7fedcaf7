import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PKI
import Registry

/// Turns whatever a handler throws into a problem document or a page; logs the reason, never sends it. Outermost but for the log.
struct ProblemMiddleware: RouterMiddleware {
    let pages: Pages
    /// Which methods a path of ours knows, to tell 405 from 404.
    let routes: RouteTable

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = problem(for: error, request)
            log(problem, error, context)
            return respond(with: problem, to: request)
        }
    }

    private func problem(for error: any Error, _ request: Request) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let refusal as Refusal: Problem(refusal)
        case let violation as RuleViolation: Problem(violation)
        case is NIOTooManyBytesError: Problem(.contentTooLarge, "body_too_large", "the body is over the limit")
        case let error as HTTPError where error.status == .notFound: notFound(request)
        case let error as HTTPError where error.status.kind == .clientError:
            Problem(error.status, "request_malformed", error.description)
        default: Problem(.internalServerError, "internal_error", "\(error)")
        }
    }

    private func notFound(_ request: Request) -> Problem {
        let methods = routes.methods(for: request.uri.path)
        guard !methods.isEmpty else { return Problem(.notFound, "not_found", "no such page") }
        var problem = Problem(.methodNotAllowed, "method_not_allowed", "\(request.method) is not for this path")
        problem.headers[.allow] = methods.map(\.rawValue).sorted().joined(separator: ", ")
        return problem
    }

    private func log(_ problem: Problem, _ error: any Error, _ context: WebContext) {
        let level: Logger.Level = problem.status.kind == .serverError ? .error : .info
        context.logger.log(level: level, "\(problem.code)", metadata: ["why": "\(problem.why)", "address": "\(context.address)"])
    }

    private func respond(with problem: Problem, to request: Request) -> Response {
        if problem.code == "login_required", !request.wantsJSON {
            let destination = problem.returnTo.map { "/login?return_to=\($0.encoded)" } ?? "/login"
            return .seeOther(destination)
        }
        var response = request.wantsJSON ? document(problem, request) : page(problem, request)
        response.headers.append(contentsOf: problem.headers)
        response.headers[.contentLanguage] = request.language.rawValue
        if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Session realm=\"hallpass\"" }
        return response
    }

    private func document(_ problem: Problem, _ request: Request) -> Response {
        let text = pages.texts.problem(problem.code, request.language)
        let document = ProblemDocument(
            type: "urn:hallpass:problem:\(problem.code)", title: text.title, status: problem.status.code, detail: text.detail,
            code: problem.code, next: text.next)
        return .json(document, status: problem.status, contentType: "application/problem+json")
    }

    private func page(_ problem: Problem, _ request: Request) -> Response {
        let text = pages.texts.problem(problem.code, request.language)
        let login = problem.returnTo.map { "\(pages.publicOrigin)/login?return_to=\($0.encoded)" } ?? "\(pages.publicOrigin)/login"
        return pages.render(
            "problem",
            ["code": problem.code, "title": text.title, "detail": text.detail, "next": text.next, "login": login],
            request: request, status: problem.status)
    }
}

/// RFC 9457 §3, with `code` and `next` as extension members.
private struct ProblemDocument: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let code: String
    let next: String
}

extension Response {
    /// A JSON answer; encoding our own plain values does not fail, and if it did the answer would be a 500 without a body.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, contentType: String = "application/json"
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        guard let data = try? encoder.encode(value) else { return Response(status: .internalServerError) }
        return Response(status: status, headers: [.contentType: contentType], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// 303: whatever the method was, go on with GET (RFC 9110 §15.4.4).
    package static func seeOther(_ location: String) -> Response { Response(status: .seeOther, headers: [.location: location]) }
}
