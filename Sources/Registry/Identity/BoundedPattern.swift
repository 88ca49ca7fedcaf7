import Foundation

/// A regular expression of the trust list with exactly one group, whose text at the first match is what counts.
///
/// Patterns come from the operator and values from certificates, so both are bounded (256 characters), and a match that takes too many
/// steps counts as none: nobody can make a login slow.
package struct BoundedPattern: Sendable, Codable, Equatable {
    package static let lengthMaximum = 256
    /// ICU reports progress every ten thousand steps or so; honest patterns need a few hundred.
    private static let progressMaximum = 8

    package let text: String
    private let expression: NSRegularExpression

    package init(_ text: String) throws {
        guard text.count <= Self.lengthMaximum else {
            throw PatternFault(why: "the pattern is longer than \(Self.lengthMaximum) characters")
        }
        guard let expression = try? NSRegularExpression(pattern: text) else {
            throw PatternFault(why: "the pattern is not a regular expression")
        }
        guard expression.numberOfCaptureGroups == 1 else { throw PatternFault(why: "the pattern needs exactly one group") }
        self.text = text
        self.expression = expression
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let fault as PatternFault {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: fault.why)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// What the group holds; nil when the value does not match.
    package func match(_ value: String) -> String? {
        guard value.count <= Self.lengthMaximum else { return nil }
        var found: String?
        var progress = 0
        let range = NSRange(value.startIndex..., in: value)
        expression.enumerateMatches(in: value, options: .reportProgress, range: range) { result, _, stop in
            if let result {
                found = Range(result.range(at: 1), in: value).map { String(value[$0]) }
                stop.pointee = true
            } else {
                progress += 1
                if progress > Self.progressMaximum { stop.pointee = true }
            }
        }
        return found
    }

    package static func == (left: BoundedPattern, right: BoundedPattern) -> Bool { left.text == right.text }
}

struct PatternFault: Error {
    let why: String
}
