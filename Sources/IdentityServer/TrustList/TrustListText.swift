import Foundation
import Yams

/// A trust list as text, changed in places so that an operator's comments and order stay.
struct TrustListText {
    private(set) var text: String
    private let file: String

    init(_ text: String, file: String) {
        self.text = text
        self.file = file
    }

    /// Puts a file's name at the end of a list of names.
    mutating func append(_ name: String, to key: String) throws {
        try append(lines: [Self.quoted(name)], to: key)
    }

    /// Puts an item of several lines, the first of which follows the dash, at the end of a list.
    mutating func append(lines: [String], to key: String) throws {
        let root = try mapping()
        guard let index = root.firstIndex(where: { $0.key.string == key }) else { return appendKey(key, lines) }
        guard let items = root[index].value.sequence, let mark = items.mark, let first = lines.first else {
            throw ConfigurationError(file: file, line: root[index].key.mark?.line, "`\(key)` is no list")
        }
        guard character(at: mark) != "[" else { return try prepend(first, toFlowAt: mark, isEmpty: items.isEmpty, lines.count == 1) }
        let following = root[root.index(after: index)...].first?.key.mark?.line
        insert(Self.item(lines, indent: mark.column - 1), before: following)
    }

    /// Puts another scalar for the one that stands at this place.
    mutating func replace(_ place: [YAMLStep], with name: String) throws {
        guard let node = try composed()?.at(place), let old = node.string, let mark = node.mark else {
            throw OperatorFailure("\(file): nothing stands where a name was to be replaced")
        }
        var lines = rows
        let scalars = Array(lines[mark.line - 1].unicodeScalars)
        let head = String(String.UnicodeScalarView(scalars.prefix(mark.column - 1)))
        let rest = String(String.UnicodeScalarView(scalars.dropFirst(mark.column - 1)))
        let written = [old, Self.quoted(old), "'\(old)'"].first { rest.hasPrefix($0) }
        guard let written else { throw ConfigurationError(file: file, line: mark.line, "\(old) is not written in one piece") }
        lines[mark.line - 1] = head + Self.quoted(name) + rest.dropFirst(written.count)
        text = lines.joined(separator: "\n")
    }

    /// A scalar in double quotes: JSON's are YAML's.
    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    /// Of CRLF the CR stays with its row. Scalars are looked at, as CRLF is one `Character`, which no LF equals.
    private var rows: [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    /// With marks that count the same lines as `rows`.
    private func composed() throws -> Node? {
        guard !hasOtherLineEnds else {
            throw ConfigurationError(file: file, "has lines that end otherwise than with LF or CRLF; edit it by hand")
        }
        return try Yams.compose(yaml: text)
    }

    /// YAML 1.1 §5.4: these end a line as well.
    private var hasOtherLineEnds: Bool {
        text.replacing("\r\n", with: "\n").unicodeScalars.contains { ["\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
    }

    /// Composed nodes do not tell whether they were written in brackets.
    private func character(at mark: Mark) -> Unicode.Scalar? {
        rows[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first
    }

    private func mapping() throws -> Node.Mapping {
        guard let root = try composed()?.mapping, root.mark.map({ character(at: $0) }) != "{" else {
            throw ConfigurationError(file: file, line: 1, "is not written with one key a line; edit it by hand")
        }
        return root
    }

    private static func item(_ lines: [String], indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return lines.enumerated().map { index, line in line.isEmpty ? "" : margin + (index == 0 ? "- " : "  ") + line }
    }

    private mutating func appendKey(_ key: String, _ lines: [String]) {
        if text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
        text += (["", "\(key):"] + Self.item(lines, indent: 2)).joined(separator: "\n") + "\n"
    }

    /// Before the key that follows and the comments and empty lines above it, which are about that key; nil: at the end.
    private mutating func insert(_ item: [String], before following: Int?) {
        var lines = rows
        var end = following.map { $0 - 1 } ?? lines.count
        while end > 0, lines[end - 1].isEmpty || lines[end - 1].hasPrefix("#") || lines[end - 1].allSatisfy(\.isWhitespace) { end -= 1 }
        lines.insert(contentsOf: item, at: end)
        text = lines.joined(separator: "\n")
        if text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
    }

    private mutating func prepend(_ scalar: String, toFlowAt mark: Mark, isEmpty: Bool, _ isScalar: Bool) throws {
        guard isScalar else { throw ConfigurationError(file: file, line: mark.line, "write the list with one entry a line") }
        var lines = rows
        let scalars = Array(lines[mark.line - 1].unicodeScalars)
        let head = String(String.UnicodeScalarView(scalars.prefix(mark.column)))
        let rest = String(String.UnicodeScalarView(scalars.dropFirst(mark.column)))
        lines[mark.line - 1] = head + scalar + (isEmpty ? "" : ", ") + rest
        text = lines.joined(separator: "\n")
    }
}
