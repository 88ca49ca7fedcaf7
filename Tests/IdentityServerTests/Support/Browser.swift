import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PKI
import Registry
import Synchronization
import Tokens

@testable import IdentityServer

/// An answer, read whole.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String

    var location: String { headers[.location] ?? "" }
    /// The query of `Location`, decoded.
    var parameters: [String: String] {
        Dictionary((URLComponents(string: location)?.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    }
    var json: [String: JSONValue] { (try? JSONDecoder().decode([String: JSONValue].self, from: Data(body.utf8))) ?? [:] }
    var error: String? { json["error"]?.text }
}

enum JSONValue: Decodable, Equatable {
    case text(String), number(Double), flag(Bool), list([JSONValue]), object([String: JSONValue]), null
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// A user agent with a jar of cookies for one host, and a window's back end when it posts to the token endpoint.
final class Browser: Sendable {
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let client: any TestClientProtocol
    let fixture: ProtocolFixture
    private let cookies = Mutex<[String: String]>([:])

    init(client: any TestClientProtocol, fixture: ProtocolFixture) {
        self.client = client
        self.fixture = fixture
    }

    /// Another one, with an empty jar.
    func another() -> Browser { Browser(client: client, fixture: fixture) }

    func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }
    func set(_ name: String, _ value: String?) { cookies.withLock { $0[name] = value } }

    var cookieNames: [String] { cookies.withLock { Array($0.keys) } }
    func snapshot() -> [String: String] { cookies.withLock { $0 } }
    func restore(_ jar: [String: String]) { cookies.withLock { $0 = jar } }

    /// Has a session from now on.
    @discardableResult
    func logIn(_ person: String, goodUntil: Date? = nil) async throws -> Browser {
        set("__Host-hallpass", try await fixture.logIn(person, goodUntil: goodUntil, replacing: cookie("__Host-hallpass")))
        return self
    }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer { try await send(.get, path, headers) }

    func post(_ path: String, _ form: [String: String], _ headers: HTTPFields = [:]) async throws -> Answer {
        try await post(path, raw: Self.encode(form), headers)
    }

    func post(_ path: String, raw: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        return try await send(.post, path, headers, body: raw)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], body: String? = nil) async throws -> Answer {
        var headers = headers
        let jar = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        if !jar.isEmpty, headers[.cookie] == nil { headers[.cookie] = jar }
        let path = path.hasPrefix(ProtocolFixture.issuer) ? String(path.dropFirst(ProtocolFixture.issuer.count)) : path
        return try await client.execute(uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }) {
            response in
            for field in response.headers[values: .setCookie] { self.keep(field) }
            return Answer(status: response.status.code, headers: response.headers, body: String(buffer: response.body))
        }
    }

    private func keep(_ field: String) {
        let parts = field.split(separator: ";")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let gone = parts.contains { $0.trimmingCharacters(in: .whitespaces) == "Max-Age=0" }
        set(pair[0], gone ? nil : pair[1])
    }

    static func encode(_ form: [String: String]) -> String {
        form.map { "\(FormEncoding.encode($0.key))=\(FormEncoding.encode($0.value))" }.joined(separator: "&")
    }

    // MARK: OpenID Connect

    /// A good authorization request of the window, with these parameters changed (nil: left out).
    static func question(_ window: String = "tax", _ changes: [String: String?] = [:]) -> [String: String] {
        let good: [String: String?] = [
            "response_type": "code", "client_id": window, "redirect_uri": "https://\(window).example/callback", "scope": "openid",
            "state": "s-1", "nonce": "n-1", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        return good.merging(changes) { $1 }.compactMapValues { $0 }
    }

    func authorize(_ window: String = "tax", _ changes: [String: String?] = [:]) async throws -> Answer {
        try await get("/oauth2/authorize?" + Self.encode(Self.question(window, changes)))
    }

    func code(_ window: String = "tax", _ changes: [String: String?] = [:]) async throws -> String {
        try await authorize(window, changes).parameters["code"] ?? ""
    }

    func basic(_ window: String) -> HTTPFields {
        [.authorization: "Basic " + Data("\(window):\(fixture.secrets[window] ?? "")".utf8).base64EncodedString()]
    }

    /// As the window's own back end would, by its registered method.
    func token(_ window: String = "tax", _ form: [String: String]) async throws -> Answer {
        let back = another()
        switch window {
        case "spa": return try await back.post("/oauth2/token", form.merging(["client_id": window]) { $1 })
        case "land":
            return try await back.post(
                "/oauth2/token", form.merging(["client_id": window, "client_secret": fixture.secrets[window] ?? ""]) { $1 })
        default: return try await back.post("/oauth2/token", form, basic(window))
        }
    }

    func redeem(_ code: String, _ window: String = "tax", _ changes: [String: String?] = [:]) async throws -> Answer {
        let good: [String: String?] = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": "https://\(window).example/callback",
            "code_verifier": Self.verifier,
        ]
        return try await token(window, good.merging(changes) { $1 }.compactMapValues { $0 })
    }

    /// A whole code flow's tokens.
    func tokens(_ window: String = "tax", _ changes: [String: String?] = [:]) async throws -> [String: JSONValue] {
        try await redeem(code(window, changes), window).json
    }

    func refresh(_ token: String, _ window: String = "tax") async throws -> Answer {
        try await self.token(window, ["grant_type": "refresh_token", "refresh_token": token])
    }

    func isActive(_ token: String, for window: String = "tax") async throws -> Bool {
        try await another().post("/oauth2/introspect", ["token": token], basic(window)).json["active"] == .flag(true)
    }

    func userInfo(_ token: String) async throws -> Answer {
        try await another().get("/oauth2/userinfo", [.authorization: "Bearer \(token)"])
    }
}
