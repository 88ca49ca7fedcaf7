import Foundation
import Registry

/// A request kept on our side while the person does something else (logs in, or comes back by GET after a cross-site POST). It is found
/// again, once, by the `resume` value of its address.
struct StoredQuestion: Codable, Sendable {
    enum Endpoint: String { case authorization = "authorization-request", endSession = "end-session-request" }

    /// The parameters as they were sent.
    let query: String
    /// Only a login after this moment answers the question.
    let loginAfter: Date?

    /// Long enough to find a USB key and its PIN.
    static let lifetime = Duration.seconds(30 * 60)

    func path(to endpoint: Endpoint, in registry: Registry) async throws -> String {
        let payload = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        return "\(endpoint.path)?resume=\(try await registry.putOneUse(endpoint.rawValue, payload: payload, lifetime: Self.lifetime))"
    }

    /// The `resume` value, when the query is nothing else.
    static func ticket(in query: String) -> String? {
        guard query.hasPrefix("resume="), query.utf8.count <= 200, !query.contains("&") else { return nil }
        return String(query.dropFirst("resume=".count))
    }

    static func take(_ ticket: String, for endpoint: Endpoint, from registry: Registry) async throws -> StoredQuestion? {
        guard let payload = try await registry.takeOneUse(endpoint.rawValue, ticket) else { return nil }
        return try JSONDecoder().decode(StoredQuestion.self, from: Data(payload.utf8))
    }
}

extension StoredQuestion.Endpoint {
    var path: String {
        switch self {
        case .authorization: Endpoints.authorization
        case .endSession: Endpoints.endSession
        }
    }
}
