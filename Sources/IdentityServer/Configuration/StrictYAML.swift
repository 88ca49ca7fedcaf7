import Foundation
import Yams

/// What is wrong with a file an operator wrote, and where.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; nil when the whole file is meant.
    package let line: Int?
    package let message: String
    /// What else is wrong, in the order of lines.
    package private(set) var further: [ConfigurationError] = []

    package init(file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// All of these as one error, told in the order of lines; nil when there are none.
    package init?(all errors: [ConfigurationError]) {
        let sorted = errors.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(\.element)
        guard let first = sorted.first else { return nil }
        self = first
        further += sorted.dropFirst()
    }

    /// `FILE:LINE: what is wrong`, one line for each thing that is.
    package var description: String {
        ([line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"] + further.map(\.description)).joined(separator: "\n")
    }
}

/// YAML into Codable values with nothing ignored: a key that the type does not know is refused with its line.
///
/// How unknown keys are found: the decoded value is encoded again, and whatever stands in the file but not in that was not understood.
/// So a type's own coding keys are the only list of keys there is.
package enum StrictYAML {
    /// Larger than any file an operator writes by hand.
    static let maximumBytes = 4 * 1024 * 1024

    package static func load<Value: Codable>(_ type: Value.Type, path: String) throws -> Value {
        try located(type, path: path).value
    }

    /// With the places where the file says what it says.
    static func located<Value: Codable>(_ type: Value.Type, path: String) throws -> LocatedYAML<Value> {
        guard let data = FileManager.default.contents(atPath: path) else { throw ConfigurationError(file: path, "cannot be read") }
        guard data.count <= maximumBytes, let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError(file: path, "is not UTF-8 text of at most \(maximumBytes) bytes")
        }
        return try located(type, text, file: path)
    }

    package static func decode<Value: Codable>(_ type: Value.Type, _ text: String, file: String) throws -> Value {
        try located(type, text, file: file).value
    }

    static func located<Value: Codable>(_ type: Value.Type, _ text: String, file: String) throws -> LocatedYAML<Value> {
        let node = try compose(text, file)
        do {
            let value = try YAMLDecoder().decode(type, from: node)
            let understood = try Yams.compose(yaml: YAMLEncoder().encode(value))
            if let error = ConfigurationError(all: unknown(in: node, understood: understood, at: [], file: file)) { throw error }
            return LocatedYAML(value: value, text: text, root: node, file: file)
        } catch let error as DecodingError {
            throw located(error, in: node, file: file)
        }
    }

    private static func compose(_ text: String, _ file: String) throws -> Node {
        if let line = YAMLAnchors.line(in: text) {
            throw ConfigurationError(file: file, line: line, "has an anchor (`&`) of a list or a mapping; write it out where it is needed")
        }
        do {
            guard let node = try Yams.compose(yaml: text) else { throw ConfigurationError(file: file, "is empty") }
            return node
        } catch let error as YamlError {
            throw ConfigurationError(file: file, line: error.line, "is not YAML: \(error.problem)")
        }
    }

    private static func unknown(in node: Node, understood: Node?, at path: [String], file: String) -> [ConfigurationError] {
        switch node {
        case .mapping(let mapping):
            return mapping.flatMap { key, value in
                let name = key.string ?? ""
                guard let known = understood?.mapping?[name] else {
                    let place = path.isEmpty ? "" : " in `\(path.joined(separator: "."))`"
                    return [ConfigurationError(file: file, line: key.mark?.line, "`\(name)`\(place) is unknown or has no value")]
                }
                return unknown(in: value, understood: known, at: path + [name], file: file)
            }
        case .sequence(let items):
            return items.enumerated().flatMap { index, item in
                let known = understood?.sequence.flatMap { index < $0.count ? $0[index] : nil }
                return unknown(in: item, understood: known, at: path + [String(index)], file: file)
            }
        default: return []
        }
    }

    private static func located(_ error: DecodingError, in root: Node, file: String) -> ConfigurationError {
        let steps = error.codingPath.map { key in key.intValue.map { YAMLStep.index($0) } ?? .key(key.stringValue) }
        return ConfigurationError(file: file, line: root.line(at: steps), error.explanation)
    }
}

extension DecodingError {
    fileprivate var codingPath: [any CodingKey] {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath
        @unknown default: []
        }
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }
    fileprivate var problem: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping: "a key stands twice"
        default: "it cannot be read"
        }
    }
}
