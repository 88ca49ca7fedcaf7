import Foundation

/// What a window registered beyond the ordinary, kept as one JSON object. Every member may be absent; absent means the default. Names in the
/// stored JSON are those of RFC 7591, OpenID Connect Registration or the standard that the member's comment cites.
package struct WindowOptions: Sendable, Codable, Equatable {
    package init() {}
}

extension WindowOptions {
    func stored() throws -> SQLValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .text(String(decoding: try encoder.encode(self), as: UTF8.self))
    }

    init(stored: String) throws { self = try JSONDecoder().decode(WindowOptions.self, from: Data(stored.utf8)) }
}
