import Foundation

/// RFC 3339 date and time (§5.6), cut to whole seconds.
enum Timestamp {
    /// Nil for anything that is not a date-time with an offset.
    static func parse(_ text: String) -> Date? {
        let pattern = /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))/
        guard text.utf8.count <= 64, let match = text.wholeMatch(of: pattern) else { return nil }
        let (_, year, month, day, hour, minute, second, _, sign, offsetHour, offsetMinute) = match.output
        var offset = 0
        if let sign, let offsetHour, let offsetMinute, let hours = Int(offsetHour), let minutes = Int(offsetMinute) {
            guard hours < 24, minutes < 60 else { return nil }
            offset = (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
        }
        var components = DateComponents()
        components.year = Int(year)
        components.month = Int(month)
        components.day = Int(day)
        components.hour = Int(hour)
        components.minute = Int(minute)
        components.second = Int(second)
        guard (components.hour ?? 24) < 24, (components.minute ?? 60) < 60, (components.second ?? 61) <= 60 else { return nil }
        guard let date = calendar.date(from: components), calendar.component(.day, from: date) == components.day || components.second == 60,
            calendar.component(.month, from: date) == components.month || components.second == 60
        else { return nil }
        return date.addingTimeInterval(TimeInterval(-offset))
    }

    /// Proleptic, as RFC 3339 counts.
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        return calendar
    }()
}
