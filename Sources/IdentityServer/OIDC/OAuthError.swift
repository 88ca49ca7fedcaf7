import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// An error that goes to a client or a window's redirect URI, in the words of the standard that names it.
///
/// `description` is for the client's developer: plain ASCII without quotes or backslashes (RFC 6749 §5.2), never a secret or a token.
package struct OAuthError: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        // RFC 6749 §4.1.2.1, §5.2
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case invalidScope = "invalid_scope"
        case accessDenied = "access_denied"
        case serverError = "server_error"
        // RFC 6750 §3.1
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
        // OpenID Connect Core §3.1.2.6
        case loginRequired = "login_required"
        case requestNotSupported = "request_not_supported"
        case requestURINotSupported = "request_uri_not_supported"
        case registrationNotSupported = "registration_not_supported"
    }

    package let code: Code
    package let description: String
    package let status: HTTPResponse.Status

    package init(_ code: Code, _ description: String, status: HTTPResponse.Status? = nil) {
        self.code = code
        self.description = description
        self.status = status ?? code.status
    }
}

extension OAuthError.Code {
    /// RFC 6749 §5.2: 400, and 401 for a failed client authentication; RFC 6750 §3.1 for the two about tokens.
    var status: HTTPResponse.Status {
        switch self {
        case .invalidClient, .invalidToken: .unauthorized
        case .insufficientScope: .forbidden
        case .serverError: .internalServerError
        default: .badRequest
        }
    }
}

extension OAuthError {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Body: Encodable {
        let error: String
        let error_description: String
    }

    /// RFC 6749 §5.2, with the challenge that RFC 9110 §15.5.2 asks of every 401: Basic for clients, Bearer (RFC 6750 §3) for tokens.
    func response() -> Response {
        var response = Response.json(Body(error: code.rawValue, error_description: description), status: status)
        switch code {
        case .invalidClient:
            response.headers[.wwwAuthenticate] = #"Basic realm="hallpass", charset="UTF-8""#
        case .invalidToken, .insufficientScope:
            response.headers[.wwwAuthenticate] = #"Bearer realm="hallpass", error="\#(code.rawValue)", error_description="\#(description)""#
        default: break
        }
        return response
    }
}

/// Renders `OAuthError` as JSON, and whatever else goes wrong as `server_error` without telling what.
struct OAuthErrorMiddleware: RouterMiddleware {
    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as OAuthError {
            context.logger.info(
                "refused", metadata: ["path": "\(request.uri.path)", "error": "\(error.code.rawValue)", "why": "\(error.description)"])
            return error.response()
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            context.logger.error("failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return OAuthError(.serverError, "An internal error; it is logged.").response()
        }
    }
}
