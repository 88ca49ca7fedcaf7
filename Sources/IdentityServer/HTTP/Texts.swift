import Foundation
import Mustache

/// What people read, in each language: `Locales/<language>/<part>.json` is reached in templates as `{{t.<part>.…}}`.
/// A text that holds `{{…}}` is a template itself, filled from the page's values.
package struct Texts: Sendable {
    private let trees: [Language: [String: any Sendable]]

    /// Reads every file of the folder. Throws for a file that is not a tree of strings.
    init(directory: URL) throws {
        var trees: [Language: [String: any Sendable]] = [:]
        for language in Language.allCases {
            var tree: [String: any Sendable] = [:]
            let folder = directory.appending(path: language.rawValue)
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            where file.pathExtension == "json" {
                let part = try JSONDecoder().decode(TextNode.self, from: Data(contentsOf: file))
                tree[file.deletingPathExtension().lastPathComponent] = try part.value()
            }
            trees[language] = tree
        }
        self.trees = trees
    }

    func tree(_ language: Language) -> [String: any Sendable] { trees[language] ?? [:] }

    /// By dotted path; nil when absent.
    package func text(_ path: String, _ language: Language) -> String? {
        var node: any Sendable = tree(language)
        for key in path.split(separator: ".") {
            guard let branch = node as? [String: any Sendable], let next = branch[String(key)] else { return nil }
            node = next
        }
        return (node as? String) ?? (node as? MustacheTemplate)?.description
    }

    /// A problem's title, what was wrong, and what to do next. Codes without texts fall back to the general ones.
    package func problem(_ code: String, _ language: Language) -> (title: String, detail: String, next: String) {
        let known = text("problem.\(code).title", language) == nil ? "internal_error" : code
        let part = { (name: String) in text("problem.\(known).\(name)", language) ?? code }
        return (part("title"), part("detail"), part("next"))
    }
}

/// A string or a group of texts.
private enum TextNode: Decodable {
    case text(String)
    case group([String: TextNode])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .group(try container.decode([String: TextNode].self))
        }
    }

    func value() throws -> any Sendable {
        switch self {
        case .text(let text) where text.contains("{{"): try MustacheTemplate(string: text)
        case .text(let text): text
        case .group(let nodes): try nodes.mapValues { try $0.value() }
        }
    }
}
