import Foundation
import Registry

/// What `hallpass window add` was given, with what is left out filled in by the protocol (defaults of RFC 7591 §2).
package struct WindowRegistration: Sendable {
    package typealias Wire = Window.Wire
    package typealias AuthMethod = Window.AuthMethod
    package typealias Entry = Window.Entry
    package static let usualEntry = Entry.granted

    package let id: String
    package let name: String
    package let wire: Window.Wire
    package var redirectURIs: [String] = []
    package var postLogoutRedirectURIs: [String] = []
    package var backchannelLogoutURI: String?
    package var frontchannelLogoutURI: String?
    package var serviceURLs: [String] = []
    package var authMethod: Window.AuthMethod?
    /// The file of a JWK Set.
    package var keySetPath: String?
    package var grants: [String] = []
    package var entry: Window.Entry = .granted
    package var roles: [String] = []

    package init(id: String, name: String, wire: Window.Wire) {
        self.id = id
        self.name = name
        self.wire = wire
    }

    /// Throws `OperatorFailure` when the key set's file cannot be read.
    package func window() throws -> Window {
        let isOIDC = wire == .oidc
        var window = Window(
            id: id, name: name, protocol: wire, authMethod: authMethod ?? (isOIDC ? .basic : .none),
            grants: isOIDC && grants.isEmpty ? ["authorization_code"] : grants, entry: entry)
        window.redirectURIs = redirectURIs
        window.postLogoutRedirectURIs = postLogoutRedirectURIs
        window.backchannelLogoutURIs = backchannelLogoutURI.map { [$0] } ?? []
        window.frontchannelLogoutURIs = frontchannelLogoutURI.map { [$0] } ?? []
        window.serviceURLs = serviceURLs
        window.roles = roles
        window.jwks = try keySetPath.map(Self.keySet(path:))
        return window
    }

    private static func keySet(path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 * 1024 else {
            throw OperatorFailure("the key set \(path) cannot be read, or is larger than 64 KiB")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
