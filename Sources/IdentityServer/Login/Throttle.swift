import Foundation
import HTTPTypes
import PKI
import Registry
import Synchronization

/// How often something may be tried, for each account and each address: a leaky bucket (generic cell rate algorithm) for each key, in
/// this process's memory, of bounded size.
package final class Throttle: Sendable {
    /// More keys than this and the ones nearest to being free again are forgotten.
    static let maximumKeys = 100_000
    private let now: CurrentTime
    /// When each key's bucket will be empty again.
    private let empties = Mutex<[String: Date]>([:])

    package init(now: @escaping CurrentTime) { self.now = now }

    /// Counts one try. Throws `throttled` with Retry-After (RFC 9110 §10.2.3) when `limit` tries within `period` are used up; a try that
    /// is refused does not count.
    func count(_ key: String, limit: Int, period: Duration) throws {
        let moment = now()
        let interval = period.timeInterval / Double(max(limit, 1))
        let wait: Double? = empties.withLock { empties in
            let next = max(empties[key] ?? moment, moment).addingTimeInterval(interval)
            let over = next.timeIntervalSince(moment) - period.timeInterval
            guard over <= 0.001 else { return over }
            empties[key] = next
            Self.forget(&empties, at: moment)
            return nil
        }
        guard let wait else { return }
        var problem = Problem(Refusal(.throttled, "more than \(limit) tries in \(Int(period.timeInterval)) s"))
        problem.headers[.retryAfter] = String(Int(wait.rounded(.up)))
        throw problem
    }

    /// After a success: the key starts afresh.
    func reset(_ key: String) { empties.withLock { $0[key] = nil } }

    private static func forget(_ empties: inout [String: Date], at moment: Date) {
        guard empties.count > maximumKeys else { return }
        empties = empties.filter { $0.value > moment }
        let excess = empties.count - maximumKeys * 3 / 4
        guard excess > 0 else { return }
        for (key, _) in empties.sorted(by: { $0.value < $1.value }).prefix(excess) { empties[key] = nil }
    }
}
