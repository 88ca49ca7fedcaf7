import Foundation

/// When a source is asked again. `jitter` is from 0 up to 1: sources that were asked together do not stay together.
enum FetchSchedule {
    /// A source is not asked more often than this, whatever its list says.
    static let shortest: TimeInterval = 1
    /// A list that has run out, or says no end: asked again so soon.
    static let whenStale: TimeInterval = 60
    static let firstRetry: TimeInterval = 5
    static let longestRetry: TimeInterval = 900

    /// Ahead of nextUpdate: after two thirds to three quarters of what is left, and at most `refresh` from now.
    static func afterSuccess(at now: Date, nextUpdate: Date?, refresh: TimeInterval, jitter: Double) -> Date {
        let left = nextUpdate.map { $0.timeIntervalSince(now) } ?? .infinity
        let life = left > 0 ? left * (0.75 - jitter / 12) : whenStale
        return now.addingTimeInterval(max(shortest, min(life, refresh * (1 - jitter / 10))))
    }

    /// Twice as long after each failure, up to a quarter of an hour or `refresh`; half of it is chance.
    static func afterFailure(at now: Date, failures: Int, refresh: TimeInterval, jitter: Double) -> Date {
        let doubled = firstRetry * pow(2, Double(min(max(failures, 1), 16) - 1))
        let longest = max(firstRetry, min(longestRetry, refresh))
        return now.addingTimeInterval(max(shortest, min(doubled, longest) * (1 - jitter / 2)))
    }
}
