import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Tokens

/// The calls this window makes to the identity provider.
struct ProviderClient: Sendable {
    /// What the token endpoint answered (RFC 6749 §5.1).
    struct TokenResponse: Decodable, Sendable {
        let accessToken: String
        let tokenType: String
        let refreshToken: String?
        let idToken: String?

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case refreshToken = "refresh_token"
            case idToken = "id_token"
        }
    }

    enum Failure: Error {
        /// The token endpoint said no (RFC 6749 §5.2); its error code.
        case refused(String)
        /// It could not be asked, or did not answer in a way one can read.
        case unavailable(String)
    }

    let verifier: TokenVerifier
    private let configuration: WindowConfiguration
    private let http: HTTPClient

    init(configuration: WindowConfiguration, http: HTTPClient) {
        self.configuration = configuration
        self.http = http
        verifier = TokenVerifier(issuer: configuration.issuer, audience: configuration.clientID) { url in
            let response = try await http.execute(HTTPClientRequest(url: url.absoluteString), timeout: .seconds(10))
            guard response.status == .ok else { throw Failure.unavailable("status \(response.status.code)") }
            let body = try await response.body.collect(upTo: 65_536)
            return FetchedDocument(body: body.readableBytesView, cacheControl: response.headers.first(name: "cache-control"))
        }
    }

    var issuerOrigin: String {
        guard let url = URL(string: configuration.issuer), let host = url.host() else { return "" }
        return "https://\(host)" + (url.port.map { ":\($0)" } ?? "")
    }

    /// RFC 6749 §4.1.3 with RFC 7636 §4.5.
    func redeem(code: String, proof: String) async throws -> TokenResponse {
        try await requestTokens([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", configuration.redirectURI), ("code_verifier", proof),
        ])
    }

    /// RFC 6749 §6.
    func refresh(_ refreshToken: String) async throws -> TokenResponse {
        try await requestTokens([("grant_type", "refresh_token"), ("refresh_token", refreshToken)])
    }

    private func requestTokens(_ form: [(String, String)]) async throws -> TokenResponse {
        var request = HTTPClientRequest(url: try await verifier.metadata().tokenEndpoint.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "authorization", value: "Basic " + basicCredentials)
        request.body = .bytes(ByteBuffer(string: FormURLEncoded.text(form)))
        let status: HTTPResponseStatus
        let body: Data
        do {
            let response = try await http.execute(request, timeout: .seconds(10))
            status = response.status
            body = Data(try await response.body.collect(upTo: 65_536).readableBytesView)
        } catch {
            throw Failure.unavailable(String(describing: error))
        }
        if status == .ok, let tokens = try? JSONDecoder().decode(TokenResponse.self, from: body), tokens.tokenType.lowercased() == "bearer"
        {
            return tokens
        }
        if status == .badRequest || status == .unauthorized, let refusal = try? JSONDecoder().decode([String: String].self, from: body) {
            throw Failure.refused(refusal["error"] ?? "invalid_request")
        }
        throw Failure.unavailable("the token endpoint answered \(status.code)")
    }

    /// RFC 6749 §2.3.1: both halves form-encoded, then base64.
    private var basicCredentials: String {
        let pair = FormURLEncoded.escape(configuration.clientID) + ":" + FormURLEncoded.escape(configuration.clientSecret)
        return Data(pair.utf8).base64EncodedString()
    }
}
