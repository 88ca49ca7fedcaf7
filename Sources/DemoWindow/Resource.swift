import Foundation
import HTTPTypes
import Hummingbird
import Tokens

/// What programs see of the window: `GET /api/me` with a bearer access token (RFC 6750), verified with the provider's keys alone.
struct Resource: Sendable {
    let configuration: WindowConfiguration
    let provider: ProviderClient

    func addRoutes(to router: Router<BasicRequestContext>) {
        router.get("api/me") { request, _ in await me(request) }
    }

    private func me(_ request: Request) async -> Response {
        let fields = request.headers[values: .authorization]
        guard let field = fields.first else { return refusal(.unauthorized) }
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard fields.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else {
            return refusal(.badRequest, error: "invalid_request", "one Authorization field of the form `Bearer TOKEN`")
        }
        do {
            let token = try await provider.verifier.accessToken(String(parts[1]))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return .text(.ok, type: "application/json", String(decoding: try encoder.encode(token), as: UTF8.self))
        } catch let error as TokenError where !error.code.isUnavailability {
            return refusal(.unauthorized, error: "invalid_token", error.code.rawValue)
        } catch {
            return .text(.serviceUnavailable, type: "application/json", #"{"error":"temporarily_unavailable"}"#)
        }
    }

    /// RFC 6750 §3: a request without any token is told no error code. The texts are fixed and need no escape.
    private func refusal(_ status: HTTPResponse.Status, error: String? = nil, _ detail: String = "") -> Response {
        var challenge = #"Bearer realm="window""#
        var body = #"{"error":"token_required"}"#
        if let error {
            challenge += #", error="\#(error)", error_description="\#(detail)""#
            body = #"{"error":"\#(error)","error_description":"\#(detail)"}"#
        }
        var response = Response.text(status, type: "application/json", body)
        response.headers[.wwwAuthenticate] = challenge
        return response
    }
}
