import Foundation
import PKI
import Registry

/// The text a holder signs: printable ASCII on one line, naming purpose, origin, nonce and expiry, so that the signature can mean nothing
/// else and nowhere else.
struct Challenge: Sendable, Equatable {
    static let lifetime: Duration = .seconds(120)
    private static let kind = "challenge"

    let origin: String
    let nonce: String
    /// Whole seconds.
    let expires: Date

    var text: String { "hallpass login to \(origin), nonce \(nonce), valid until \(expires.formatted(.iso8601))" }

    /// What is kept beside the nonce's hash.
    private struct Payload: Codable {
        let expires: Int64
        /// SHA-256 of the cookie that the answer must carry, hexadecimal.
        let cookieDigest: String
    }

    /// A fresh challenge and the value of the cookie it is bound to.
    static func issue(_ services: Services) async throws -> (challenge: Challenge, cookie: String) {
        let cookie = services.registry.newBearer()
        let expires = Int64(services.now().timeIntervalSince1970.rounded(.down) + lifetime.timeInterval)
        let payload = Payload(expires: expires, cookieDigest: Digest.sha256(Array(cookie.utf8)).hex)
        let nonce = try await services.registry.putOneUse(
            kind, payload: String(decoding: try JSONEncoder().encode(payload), as: UTF8.self), lifetime: lifetime)
        let challenge = Challenge(
            origin: services.configuration.publicOrigin, nonce: nonce, expires: Date(timeIntervalSince1970: Double(expires)))
        return (challenge, cookie)
    }

    /// Uses the challenge up, whatever comes of it. Throws `challenge_expired` unless this very text was issued, is not late or used, and
    /// comes with its cookie.
    static func redeem(_ text: String, cookie: String?, _ services: Services) async throws -> Challenge {
        guard let nonce = nonce(in: text), let stored = try await services.registry.takeOneUse(kind, nonce) else {
            throw Refusal(.challengeExpired, "the challenge is unknown, used or late")
        }
        let payload = try JSONDecoder().decode(Payload.self, from: Data(stored.utf8))
        let challenge = Challenge(
            origin: services.configuration.publicOrigin, nonce: nonce, expires: Date(timeIntervalSince1970: Double(payload.expires)))
        guard challenge.text == text, services.now() < challenge.expires else {
            throw Refusal(.challengeExpired, "the challenge is not the text that was issued, or late")
        }
        guard let cookie, constantTimeEquals(Array(Digest.sha256(Array(cookie.utf8)).hex.utf8), Array(payload.cookieDigest.utf8)) else {
            throw Refusal(.challengeExpired, "the challenge came without its cookie")
        }
        return challenge
    }

    private static func nonce(in text: String) -> String? {
        guard text.utf8.count <= 1024, let start = text.range(of: ", nonce ")?.upperBound else { return nil }
        return String(text[start...].prefix { $0 != "," })
    }
}
