import Foundation

/// Whole seconds since 1970-01-01T00:00:00Z (RFC 7519 §2). Every time in our tokens has this form, `grant.until` included.
public struct NumericDate: Sendable, Hashable, Comparable, Codable {
    public var seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    /// Cut to whole seconds.
    public init(_ date: Date) { seconds = Int64(date.timeIntervalSince1970.rounded(.down)) }

    public var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }

    public static func < (left: NumericDate, right: NumericDate) -> Bool { left.seconds < right.seconds }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }

    /// Fractions are allowed by the standard and cut; values outside the years 1970 to 9999 are refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let value = try container.decode(Double.self)
        guard value >= 0, value < 253_402_300_800 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a NumericDate between 1970 and 9999")
        }
        seconds = Int64(value)
    }
}
