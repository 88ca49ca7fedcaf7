import HTTPTypes
import Hummingbird

/// The languages of pages and problem documents.
package enum Language: String, Sendable, CaseIterable {
    case chinese = "zh-Hans"
    case english = "en"

    /// The cookie that remembers a choice made by the language switch.
    static let cookieName = "hallpass_language"

    /// The language of a range such as `zh-CN` or `en`; nil for languages we have no texts in.
    init?(range: Substring) {
        switch range.split(separator: "-").first?.lowercased() {
        case "zh": self = .chinese
        case "en": self = .english
        default: return nil
        }
    }
}

extension Request {
    /// By the `hallpass_language` cookie, else Accept-Language (RFC 9110 §12.5.4), else Chinese.
    package var language: Language {
        if let chosen = cookie(Language.cookieName).flatMap(Language.init(rawValue:)) { return chosen }
        return headers[.acceptLanguage].flatMap(Self.preferredLanguage) ?? .chinese
    }

    private static func preferredLanguage(_ header: String) -> Language? {
        weighted(header).compactMap { item in Language(range: item.value).map { ($0, item.weight) } }
            .filter { $0.1 > 0 }
            .reduce(nil) { best, next -> (Language, Double)? in
                if let best, best.1 >= next.1 { best } else { next }
            }?.0
    }

    /// The items of a comma-separated header with their `q` weights (RFC 9110 §12.4.2), in the order sent; at most 32 are looked at.
    static func weighted(_ header: String) -> [(value: Substring, weight: Double)] {
        header.split(separator: ",").prefix(32).map { item in
            let parts = item.split(separator: ";").map { $0.trimmingSpaces }
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return (parts.first ?? "", weight ?? 1)
        }
    }
}

extension Substring {
    /// Without spaces and tabs at either end (RFC 9110's OWS).
    var trimmingSpaces: Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else { return "" }
        return self[start...end]
    }
}
