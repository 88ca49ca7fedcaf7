import Foundation
import Registry

/// A window as commands print it: metadata names of RFC 7591 and OpenID Connect where they have one.
package struct WindowDescription: Sendable {
    let window: Window
    /// Told where one was just made.
    let secret: String?
    /// Is `client_secret` printed, be it null?
    let tellsSecret: Bool

    init(_ window: Window) { (self.window, secret, tellsSecret) = (window, nil, false) }
    init(_ window: Window, newSecret: String?) { (self.window, secret, tellsSecret) = (window, newSecret, true) }

    private var fields: [(name: String, value: Value)] {
        [("client_id", .text(window.clientID))] + (tellsSecret ? [("client_secret", .optional(secret))] : []) + [
            ("id", .text(window.id)), ("name", .text(window.name)), ("protocol", .text(window.protocol.rawValue)),
            ("entry", .text(window.entry.rawValue)), ("state", .text(window.state.rawValue)), ("roles", .list(window.roles)),
            ("redirect_uris", .list(window.redirectURIs)), ("post_logout_redirect_uris", .list(window.postLogoutRedirectURIs)),
            ("backchannel_logout_uri", .optional(window.backchannelLogoutURIs.first)),
            ("frontchannel_logout_uri", .optional(window.frontchannelLogoutURIs.first)), ("service_urls", .list(window.serviceURLs)),
            ("token_endpoint_auth_method", .text(window.authMethod.rawValue)), ("grant_types", .list(window.grants)),
        ]
    }

    /// For lists.
    package var line: String {
        [window.id, window.protocol.rawValue, window.entry.rawValue, window.state.rawValue, window.name].joined(separator: "  ")
    }

    /// For people: one field a line, the empty ones left out.
    package var text: String {
        fields.compactMap { name, value in value.text.map { "\(name): \($0)" } }.joined(separator: "\n")
    }

    private enum Value: Encodable {
        case optional(String?)
        case list([String])
        static func text(_ text: String) -> Value { .optional(text) }

        var text: String? {
            switch self {
            case .optional(let text): text
            case .list(let list): list.isEmpty ? nil : list.joined(separator: " ")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .optional(let text): if let text { try container.encode(text) } else { try container.encodeNil() }
            case .list(let list): try container.encode(list)
            }
        }
    }
}

extension WindowDescription: Encodable {
    package func encode(to encoder: any Encoder) throws {
        try Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) }).encode(to: encoder)
    }
}

/// JSON for standard output: sorted keys, one line.
package enum JSONText {
    package static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
