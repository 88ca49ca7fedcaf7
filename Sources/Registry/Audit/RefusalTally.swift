import Foundation

/// Counts anonymous refusals that are alike, so that whoever hammers at the door fills neither the log nor the memory.
struct RefusalTally: Sendable {
    static let window: TimeInterval = 60
    /// Beyond so many different ones at a time, addresses are no longer told apart.
    static let limit = 1000

    private struct Key: Hashable {
        let kind: String
        let code: String
        let address: String?
    }

    private struct Count {
        let opened: Date
        /// Refusals after the first, which is in the log by itself.
        var repeated = 0
        var last: Date
    }

    private var counts: [Key: Count] = [:]

    /// Is this an event to write by itself? A refusal that repeats one of the same minute is counted instead.
    mutating func isNew(_ event: AuditEvent, at moment: Date) -> Bool {
        guard event.actor == .anonymous, event.kind.hasSuffix(".refused") else { return true }
        let key = key(for: event)
        if counts[key] != nil {
            counts[key]?.repeated += 1
            counts[key]?.last = moment
            return false
        }
        counts[key] = Count(opened: moment, last: moment)
        return true
    }

    /// Takes out the minutes that are over; one event for each that saw a repetition.
    mutating func closeWindows(before moment: Date) -> [AuditEvent] {
        let closed = counts.filter { $0.value.opened.addingTimeInterval(Self.window) <= moment }
        for key in closed.keys { counts[key] = nil }
        return closed.filter { $0.value.repeated > 0 }.sorted { $0.value.opened < $1.value.opened }.map { Self.event($0.key, $0.value) }
    }

    private func key(for event: AuditEvent) -> Key {
        let code = String((event.details["code"] ?? "").prefix(64))
        let kind = String(event.kind.prefix(64))
        let precise = Key(kind: kind, code: code, address: event.address.map { String($0.prefix(64)) })
        guard counts[precise] == nil, counts.count >= Self.limit else { return precise }
        return Key(kind: kind, code: code, address: nil)
    }

    private static func event(_ key: Key, _ count: Count) -> AuditEvent {
        AuditEvent(
            key.kind, actor: .anonymous, address: key.address,
            details: [
                "code": key.code, "repeated": String(count.repeated),
                "from": count.opened.formatted(.iso8601), "until": count.last.formatted(.iso8601),
            ])
    }
}
