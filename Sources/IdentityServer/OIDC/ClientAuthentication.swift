import Foundation
import Hummingbird
import Registry

/// Which window is asking, and does it prove it (RFC 6749 §2.3.1; OpenID Connect Core §9)? One method, the registered one.
struct ClientAuthentication: Sendable {
    let registry: Registry

    private struct Credentials {
        let method: Window.AuthMethod
        let clientID: String
        let secret: String
        /// What the audit may hold of a name that anyone may send.
        var shownID: String { String(clientID.prefix(64)) }
    }

    /// - Parameter allowsPublic: does a window without a secret get in by its name alone (token endpoint: PKCE or rotation proves it)?
    func window(of request: Request, _ parameters: OAuthParameters, allowsPublic: Bool) async throws -> Window {
        let credentials = try credentials(request, parameters)
        do {
            return try await authenticated(credentials, allowsPublic: allowsPublic)
        } catch let error as OAuthError {
            try await registry.record(
                AuditEvent("client.refused", actor: .anonymous, details: ["code": error.code.rawValue, "client": credentials.shownID]))
            throw error
        }
    }

    private func authenticated(_ credentials: Credentials, allowsPublic: Bool) async throws -> Window {
        guard let window = try await registry.window(credentials.clientID), window.protocol == .oidc else { throw failed }
        guard window.authMethod == credentials.method else {
            throw OAuthError(.invalidClient, "This client is registered for \(window.authMethod.rawValue).")
        }
        if window.authMethod == .none {
            guard allowsPublic else { throw OAuthError(.invalidClient, "A client without a secret may not ask here.") }
        } else {
            guard try await registry.secretMatches(credentials.secret, window: window.id) else { throw failed }
        }
        guard window.state == .active else { throw OAuthError(.invalidClient, "The window is suspended.") }
        return window
    }

    /// Unknown client and wrong secret read alike.
    private var failed: OAuthError { OAuthError(.invalidClient, "Client authentication failed.") }

    private func credentials(_ request: Request, _ parameters: OAuthParameters) throws -> Credentials {
        guard parameters["client_assertion"] == nil else {
            throw OAuthError(.invalidClient, "client_assertion is not supported.")
        }
        let inBody = parameters["client_secret"]
        if request.headers[.authorization] != nil {
            guard inBody == nil else { throw OAuthError(.invalidRequest, "Credentials were sent in two ways.") }
            let basic = try basic(request)
            guard parameters["client_id"] ?? basic.clientID == basic.clientID else {
                throw OAuthError(.invalidRequest, "client_id differs from the Authorization header.")
            }
            return basic
        }
        guard let id = parameters["client_id"] else { throw OAuthError(.invalidClient, "No client authentication was sent.") }
        return Credentials(method: inBody == nil ? .none : .post, clientID: id, secret: inBody ?? "")
    }

    /// RFC 7617 §2 over form-encoded parts (RFC 6749 §2.3.1).
    private func basic(_ request: Request) throws -> Credentials {
        let fields = request.headers[values: .authorization]
        guard fields.count == 1, fields[0].utf8.count <= 1024, fields[0].lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(fields[0].dropFirst("basic ".count)).trimmingCharacters(in: .whitespaces)),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            let id = try? FormEncoding.decode(text[..<colon]), let secret = try? FormEncoding.decode(text[text.index(after: colon)...])
        else { throw OAuthError(.invalidClient, "The Authorization header is not Basic with form-encoded credentials.") }
        return Credentials(method: .basic, clientID: id, secret: secret)
    }
}
