import Foundation
import Yams

/// What is wrong with a file an operator wrote, and where.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; nil when the whole file is meant.
    package let line: Int?
    package let message: String

    package init(file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }
    /// `FILE:LINE: what is wrong`.
    package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// YAML into Codable values with nothing ignored: a key that the type does not know is refused with its line.
///
/// How unknown keys are found: the decoded value is encoded again, and whatever stands in the file but not in that was not understood.
/// So a type's own coding keys are the only list of keys there is.
package enum StrictYAML {
    /// Larger than any file an operator writes by hand.
    static let maximumBytes = 4 * 1024 * 1024

    package static func load<Value: Codable>(_ type: Value.Type, path: String) throws -> Value {
        guard let data = FileManager.default.contents(atPath: path) else { throw ConfigurationError(file: path, "cannot be read") }
        guard data.count <= maximumBytes, let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError(file: path, "is not UTF-8 text of at most \(maximumBytes) bytes")
        }
        return try decode(type, text, file: path)
    }

    package static func decode<Value: Codable>(_ type: Value.Type, _ text: String, file: String) throws -> Value {
        let node = try compose(text, file)
        do {
            let value = try YAMLDecoder().decode(type, from: node)
            let understood = try Yams.compose(yaml: YAMLEncoder().encode(value))
            try refuseUnknown(in: node, understood: understood, at: [], file: file)
            return value
        } catch let error as DecodingError {
            throw located(error, in: node, file: file)
        }
    }

    private static func compose(_ text: String, _ file: String) throws -> Node {
        do {
            guard let node = try Yams.compose(yaml: text) else { throw ConfigurationError(file: file, "is empty") }
            return node
        } catch let error as YamlError {
            throw ConfigurationError(file: file, line: error.line, "is not YAML: \(error.problem)")
        }
    }

    private static func refuseUnknown(in node: Node, understood: Node?, at path: [String], file: String) throws {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                let name = key.string ?? ""
                guard let known = understood?.mapping?[name] else {
                    let place = path.isEmpty ? "" : " in `\(path.joined(separator: "."))`"
                    throw ConfigurationError(file: file, line: key.mark?.line, "`\(name)`\(place) is unknown or has no value")
                }
                try refuseUnknown(in: value, understood: known, at: path + [name], file: file)
            }
        case .sequence(let items):
            for (index, item) in items.enumerated() {
                let known = understood?.sequence.flatMap { index < $0.count ? $0[index] : nil }
                try refuseUnknown(in: item, understood: known, at: path + [String(index)], file: file)
            }
        default: break
        }
    }

    private static func located(_ error: DecodingError, in root: Node, file: String) -> ConfigurationError {
        var node = root
        for key in error.codingPath {
            let next = key.intValue.flatMap { index in node.sequence.flatMap { index < $0.count ? $0[index] : nil } }
            guard let child = next ?? node.mapping?[key.stringValue] else { break }
            node = child
        }
        return ConfigurationError(file: file, line: node.mark?.line, error.explanation)
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
