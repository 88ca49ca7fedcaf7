import Foundation

/// `application/x-www-form-urlencoded`, written and read.
enum FormURLEncoded {
    struct RepeatedParameter: Error {}

    private static let unreserved = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

    static func escape(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "" }

    static func text(_ parameters: [(String, String)]) -> String {
        parameters.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    /// A parameter sent twice throws (RFC 6749 §3.1).
    static func parameters(_ text: String) throws -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? ""
            }
            guard parameters.updateValue(halves.count > 1 ? halves[1] : "", forKey: halves[0]) == nil else { throw RepeatedParameter() }
        }
        return parameters
    }
}
