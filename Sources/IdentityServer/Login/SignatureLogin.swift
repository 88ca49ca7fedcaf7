// swift-format-ignore-file: AlwaysUseLowerCamelCase
// JSON members keep the names of the contract.

import Foundation
import HTTPTypes
import Hummingbird
import PKI
import Registry

/// Login by signed challenge (contract, "Login without a browser" 2): USB keys, smart cards, whatever TLS cannot carry. The JSON way is
/// for middleware and scripts; the form way works in a browser without script.
package enum SignatureLogin {
    static let cookieName = "__Host-hallpass-challenge"
    /// A CMS of at most 64 KiB in base64, and the rest of the body.
    private static let bodyLimit = 128 * 1024

    private struct Issued: Encodable {
        let challenge: String
        let expires_in: Int
    }
    private struct Answer: Decodable {
        let challenge: String
        let cms: String
        let return_to: String?
    }

    static func addRoutes(to router: Router<WebContext>, services: Services) {
        router.post("/login/challenges") { request, context in try await issue(request, context, services) }
        router.post("/login/signatures") { request, context in try await answer(request, context, services) }
    }

    private static func issue(_ request: Request, _ context: WebContext, _ services: Services) async throws -> Response {
        let isForm = request.mediaType == "application/x-www-form-urlencoded"
        let form = isForm ? try await request.form() : [:]
        if isForm {
            try services.crossSite.verifyOrigin(request)
        } else {
            try services.crossSite.verifyOriginIfSent(request)
            try await request.jsonOrNothing(limit: 4096)
        }
        let path = try NextStep.returnPath(form["return_to"])
        // Each challenge is a row in the database: far more than anybody needs, far less than would hurt.
        let limits = services.configuration.throttling
        try services.throttle.count("challenge:\(context.address)", limit: limits.attemptsPerAddress * 20, period: limits.period)
        let (challenge, cookie) = try await Challenge.issue(services)
        let seconds = Int(Challenge.lifetime.timeInterval)
        var response =
            isForm
            ? services.pages.render("sign", ["challenge": challenge.text, "return_to": path.description], request: request)
            : .json(Issued(challenge: challenge.text, expires_in: seconds), status: .created)
        response.setCookie(hostCookie(cookieName, cookie, maxAge: seconds))
        return response
    }

    private static func answer(_ request: Request, _ context: WebContext, _ services: Services) async throws -> Response {
        let answer = try await read(request, services)
        let path = try NextStep.returnPath(answer.return_to)
        return try await returning(to: path) {
            let signer = try await verifiedSigner(answer, request, context, services)
            let login = try await services.identify(signer.certificate, intermediates: signer.intermediates, method: .signature, context)
            var response = try await NextStep.enter(login, to: path, request, context, services)
            response.setCookie(hostCookie(cookieName, "", maxAge: 0))
            return response
        }
    }

    private static func read(_ request: Request, _ services: Services) async throws -> Answer {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            try services.crossSite.verifyOriginIfSent(request)
            return try await request.json(Answer.self, limit: bodyLimit)
        }
        try services.crossSite.verifyOrigin(request)
        let form = try await request.form(limit: bodyLimit)
        guard let challenge = form["challenge"], let cms = form["cms"] else {
            throw Problem(.badRequest, "request_malformed", "the form lacks challenge or cms")
        }
        return Answer(challenge: challenge, cms: cms, return_to: form["return_to"])
    }

    /// The challenge is used up first; then the signature; nothing about the person is looked at before that.
    private static func verifiedSigner(
        _ answer: Answer, _ request: Request, _ context: WebContext, _ services: Services
    ) async throws -> SignedMessage.Signer {
        do {
            let challenge = try await Challenge.redeem(answer.challenge, cookie: request.cookie(cookieName), services)
            guard let der = decode(answer.cms) else { throw Refusal(.certificateMalformed, "cms is not base64") }
            return try SignedMessage.verify(cms: der, content: Array(challenge.text.utf8), userSignerID: services.trust.graph.userSignerID)
        } catch let refusal as Refusal {
            try await services.recordRefusal(refusal, .signature, context)
            throw refusal
        }
    }

    /// Base64, as pasted: line breaks and PEM's frame are taken off.
    private static func decode(_ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        let bare = lines.joined().filter { !$0.isWhitespace }
        return bare.isEmpty ? nil : Data(base64Encoded: bare).map(Array.init)
    }
}
