import Foundation
import Logging
import Metrics
import Registry

/// Which lists have run out: an alarm when one does, a notice when it is well again, each once.
struct Staleness {
    struct Subject: Hashable {
        let source: String
        let authorities: [String]
    }
    private var stale: Set<Subject> = []

    /// CAs with a list that has run out.
    var authorities: Set<String> { Set(stale.flatMap(\.authorities)) }

    mutating func update(_ ends: [Subject: Date], at moment: Date, logger: Logger) {
        let now = Set(ends.filter { $0.value < moment }.keys)
        for subject in now.subtracting(stale) {
            let until = ends[subject].flatMap { $0 == .distantPast ? nil : $0.formatted(.iso8601) } ?? "never"
            logger.critical(
                "a revocation list has run out",
                metadata: ["ca": "\(subject.authorities.joined(separator: ", "))", "source": "\(subject.source)", "until": "\(until)"])
        }
        for subject in stale.subtracting(now) where ends[subject] != nil {
            logger.notice(
                "a revocation list is current again",
                metadata: ["ca": "\(subject.authorities.joined(separator: ", "))", "source": "\(subject.source)"])
        }
        stale = now
    }
}

/// The figures of one source, in `/metrics`.
struct SourceMetrics {
    private let labels: [(String, String)]

    /// Without what a query might hold.
    init(source: String) { labels = [("source", source.hasPrefix("http") ? String(source.prefix { $0 != "?" }) : source)] }

    func set(_ state: SourceState, now: Date) {
        set(left: state.nextUpdate, entries: state.entries, now: now)
        if let fetched = state.fetched { gauge("revocation_source_age_seconds").record(now.timeIntervalSince(fetched)) }
    }

    func set(left nextUpdate: Date?, entries: Int, now: Date) {
        if let nextUpdate { gauge("revocation_list_seconds_left").record(nextUpdate.timeIntervalSince(now)) }
        gauge("revocation_list_entries").record(entries)
    }

    func countFailure() { Counter(label: "revocation_source_failures", dimensions: labels).increment() }

    /// A source that is not asked any more has no age.
    func remove() {
        for name in ["revocation_source_age_seconds", "revocation_list_seconds_left", "revocation_list_entries"] { gauge(name).destroy() }
    }

    private func gauge(_ name: String) -> Gauge { Gauge(label: name, dimensions: labels) }
}
