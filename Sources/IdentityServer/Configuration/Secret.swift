import Foundation

/// A secret in a configuration file: inline, or `{file: PATH}`, or `{env: NAME}`.
enum Secret: Codable, Sendable {
    case inline(String)
    case file(String)
    case environment(String)

    private enum CodingKeys: String, CodingKey { case file, env }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .inline(text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let file = try container.decodeIfPresent(String.self, forKey: .file)
        let name = try container.decodeIfPresent(String.self, forKey: .env)
        switch (file, name) {
        case (let file?, nil): self = .file(file)
        case (nil, let name?): self = .environment(name)
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "is neither a text nor {file: PATH} nor {env: NAME}"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .inline(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .file(let path):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .file)
        case .environment(let name):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .env)
        }
    }

    /// The secret itself, without the line end a file may have. A file that others than its owner may read is refused.
    func value(_ key: String, in folder: ConfigurationFolder) throws -> String {
        switch self {
        case .inline(let text): return text
        case .environment(let name):
            guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else {
                throw folder.error("`\(key)`: the environment has no \(name)")
            }
            return text
        case .file(let name):
            let path = folder.resolve(name)
            let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            guard let mode, let data = FileManager.default.contents(atPath: path) else {
                throw folder.error("`\(key)`: \(path) cannot be read")
            }
            guard mode & 0o077 == 0 else { throw folder.error("`\(key)`: \(path) may be read by others; make it mode 0600") }
            return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }
}

/// The configuration file's folder: where its relative paths start.
struct ConfigurationFolder {
    let file: String

    func resolve(_ path: String) -> String {
        let base = URL(fileURLWithPath: file).deletingLastPathComponent()
        return URL(fileURLWithPath: path, relativeTo: base).standardizedFileURL.path
    }

    func error(_ message: String) -> ConfigurationError { ConfigurationError(file: file, message) }
}
