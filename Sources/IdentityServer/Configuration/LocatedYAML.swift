import Yams

/// One step from a YAML mapping or sequence to what it holds.
enum YAMLStep: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case index(Int)

    init(stringLiteral key: String) { self = .key(key) }
    init(integerLiteral index: Int) { self = .index(index) }
}

/// A value that was read from YAML and where the file says each part of it, for faults that show only when it is used.
struct LocatedYAML<Value> {
    let value: Value
    let text: String
    let root: Node
    let file: String

    /// An error at the line of this place, or of the innermost mapping around it that the file does have.
    func error(_ place: [YAMLStep], _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, line: root.line(at: place), message)
    }
}

extension Node {
    /// The line where this place begins: its key's, for a value in a mapping.
    func line(at place: [YAMLStep]) -> Int? {
        var node = self
        var line = mark?.line
        for step in place {
            switch step {
            case .key(let name):
                guard let (key, value) = node.mapping?.first(where: { $0.key.string == name }) else { return line }
                line = key.mark?.line ?? line
                node = value
            case .index(let index):
                guard let items = node.sequence, items.indices.contains(index) else { return line }
                node = items[index]
                line = node.mark?.line ?? line
            }
        }
        return line
    }

    /// What stands at this place; nil when there is nothing.
    func at(_ place: [YAMLStep]) -> Node? {
        place.reduce(self as Node?) { node, step in
            switch step {
            case .key(let name): node?.mapping?.first { $0.key.string == name }?.value
            case .index(let index): node?.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }
}
