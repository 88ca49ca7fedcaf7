import Foundation
import Hummingbird
import PKI

/// The guarded window's own cookie: names the token family that its visit is, under a MAC of ours. The family carries window, site and
/// session; nothing of the person is in the cookie, and the database alone does not let anybody make one.
struct VisitCookie: Sendable {
    static let name = "__Host-hallpass-window"
    private let key: [UInt8]

    init(keys: KeyStore) { key = keys.secret(for: "forward-auth visit cookie") }

    func make(family: String) -> Cookie { hostCookie(Self.name, "\(family).\(mac(family))") }
    static let cleared = hostCookie(name, "", maxAge: 0)

    /// The family's id; nil when there is no cookie, more than one, or one that we did not make.
    func family(of request: Request) -> String? {
        guard let value = request.cookie(Self.name), value.utf8.count <= 200, let dot = value.lastIndex(of: ".") else { return nil }
        let family = String(value[..<dot])
        guard constantTimeEquals(Array(value[value.index(after: dot)...].utf8), Array(mac(family).utf8)) else { return nil }
        return family
    }

    private func mac(_ family: String) -> String { Base64URL.encode(Digest.hmacSHA256(key: key, Array(family.utf8))) }
}

/// What binds a ticket to the browser that asked for it: a random value and the path to go back to, in a cookie on the window's host. The
/// public origin sees only its SHA-256, which plays the part of a PKCE challenge (RFC 7636 §4.2).
struct StateCookie: Sendable {
    /// Long enough to log in.
    private static let maxAge = 30 * 60
    let value: String
    let challenge: String

    init(random: String, returnTo: ReturnPath) {
        self.init(value: "\(random).\(Base64URL.encode(returnTo.description.utf8))")
    }

    private init(value: String) {
        self.value = value
        challenge = Base64URL.encode(Digest.sha256(Array(value.utf8)))
    }

    /// Has a value the form of a challenge: 32 bytes in base64url?
    static func isChallenge(_ text: String) -> Bool { Base64URL.decode(text)?.count == 32 }

    /// The cookie of this flow; several flows of one browser (its tabs) each have their own.
    init?(of request: Request, challenge: String) {
        guard Self.isChallenge(challenge), let value = request.cookie(Self.name(challenge)) else { return nil }
        self.init(value: value)
        guard constantTimeEquals(Array(self.challenge.utf8), Array(challenge.utf8)) else { return nil }
    }

    var cookie: Cookie { hostCookie(Self.name(challenge), value, maxAge: Self.maxAge) }
    var cleared: Cookie { hostCookie(Self.name(challenge), "", maxAge: 0) }

    /// Always a path on the site itself.
    var returnTo: ReturnPath {
        let encoded = value.split(separator: ".").last.map(String.init) ?? ""
        return Base64URL.decode(encoded).flatMap { String(validating: $0, as: UTF8.self) }.flatMap(ReturnPath.init) ?? .home
    }

    private static func name(_ challenge: String) -> String { "__Host-hallpass-state-\(challenge.prefix(12))" }
}
