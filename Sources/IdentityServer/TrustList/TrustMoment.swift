import Foundation

/// A moment in the trust list: an RFC 3339 date-time, or a full-date (§5.6) that means the whole day, UTC.
struct TrustMoment {
    /// The first second that is meant.
    let start: Date
    /// The last.
    let end: Date

    init?(_ text: String) {
        if let moment = Timestamp.parse(text) {
            (start, end) = (moment, moment)
        } else if text.utf8.count == 10, let day = Timestamp.parse(text + "T00:00:00Z") {
            (start, end) = (day, day.addingTimeInterval(86_399))
        } else {
            return nil
        }
    }
}
