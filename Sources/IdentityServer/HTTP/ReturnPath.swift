import Foundation

/// A place on the public origin to go on to after login: an absolute path with its query, nothing that a browser could read as another
/// origin. The only way to make one is to pass the check.
package struct ReturnPath: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package static let home = ReturnPath(checked: "/")

    private init(checked: String) { description = checked }

    /// Nil unless it begins with exactly one `/`, is printable ASCII without backslash (RFC 3986 knows no others; browsers read `\` as
    /// `/`, WHATWG URL §4.4) or fragment, has no `//` start even after percent-decoding, and is at most 2048 bytes.
    package init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.first == UInt8(ascii: "/") else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("\\"), !text.contains("#") else { return nil }
        let path = text.prefix { $0 != "?" }
        guard let decoded = String(path).removingPercentEncoding, !decoded.hasPrefix("//") else { return nil }
        guard !decoded.contains("\\"), !decoded.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return nil }
        self.init(checked: text)
    }

    /// As a query value.
    package var encoded: String { FormEncoding.encode(description) }
}
