import CoreMetrics
import Foundation
import Metrics
import Synchronization

/// A swift-metrics backend that writes Prometheus' text format 0.0.4. Counters, gauges, and for timers and recorders a sum and a count.
package final class PrometheusMetrics: MetricsFactory, Sendable {
    package static let shared = PrometheusMetrics()
    /// A client cannot make more series than this, whatever it asks for.
    static let maximumSeries = 5_000

    /// One line of the exposition: a metric's name and its labels, already in the text's form.
    struct Series: Hashable, Sendable {
        let name: String
        let labels: String

        init(_ label: String, _ dimensions: [(String, String)], suffix: String = "") {
            name = "hallpass_" + Self.identifier(label) + suffix
            labels = dimensions.map { "\(Self.identifier($0.0))=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
        }

        /// `[a-zA-Z0-9_]` only.
        private static func identifier(_ text: String) -> String {
            String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        }

        private static func escape(_ text: String) -> String {
            text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
                .replacingOccurrences(of: "\n", with: "\\n")
        }

        var line: String { labels.isEmpty ? name : "\(name){\(labels)}" }
    }

    enum Kind: String { case counter, gauge }

    private struct State {
        var values: [Series: Double] = [:]
        var kinds: [String: Kind] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    func update(_ series: Series, _ kind: Kind, _ change: (inout Double) -> Void) {
        state.withLock { state in
            guard state.values[series] != nil || state.values.count < Self.maximumSeries else { return }
            state.kinds[series.name] = kind
            change(&state.values[series, default: 0])
        }
    }

    func remove(_ series: Series) { state.withLock { $0.values[series] = nil } }

    /// Every series, by name.
    package var exposition: String {
        let (values, kinds) = state.withLock { ($0.values, $0.kinds) }
        let names = Dictionary(grouping: values.keys, by: \.name)
        return names.keys.sorted().map { name in
            let lines = (names[name] ?? []).sorted { $0.labels < $1.labels }.map { "\($0.line) \(Self.number(values[$0] ?? 0))\n" }
            return "# TYPE \(name) \((kinds[name] ?? .gauge).rawValue)\n" + lines.joined()
        }.joined()
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        PrometheusCounter(metrics: self, series: Series(label, dimensions, suffix: "_total"))
    }
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        PrometheusGauge(metrics: self, series: Series(label, dimensions))
    }
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        PrometheusSummary(metrics: self, label: label, dimensions: dimensions)
    }
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        PrometheusSummary(metrics: self, label: label + "_seconds", dimensions: dimensions)
    }
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) { (handler as? PrometheusGauge)?.remove() }
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

private final class PrometheusCounter: CounterHandler, Sendable {
    private let metrics: PrometheusMetrics
    private let series: PrometheusMetrics.Series

    init(metrics: PrometheusMetrics, series: PrometheusMetrics.Series) {
        self.metrics = metrics
        self.series = series
    }
    func increment(by amount: Int64) { metrics.update(series, .counter) { $0 += Double(amount) } }
    func reset() { metrics.update(series, .counter) { $0 = 0 } }
}

private final class PrometheusGauge: MeterHandler, Sendable {
    private let metrics: PrometheusMetrics
    private let series: PrometheusMetrics.Series

    init(metrics: PrometheusMetrics, series: PrometheusMetrics.Series) {
        self.metrics = metrics
        self.series = series
    }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { metrics.update(series, .gauge) { $0 = value } }
    func increment(by amount: Double) { metrics.update(series, .gauge) { $0 += amount } }
    func decrement(by amount: Double) { metrics.update(series, .gauge) { $0 -= amount } }
    func remove() { metrics.remove(series) }
}

private final class PrometheusSummary: RecorderHandler, TimerHandler, Sendable {
    private let metrics: PrometheusMetrics
    private let sum: PrometheusMetrics.Series
    private let count: PrometheusMetrics.Series

    init(metrics: PrometheusMetrics, label: String, dimensions: [(String, String)]) {
        self.metrics = metrics
        sum = PrometheusMetrics.Series(label, dimensions, suffix: "_sum")
        count = PrometheusMetrics.Series(label, dimensions, suffix: "_count")
    }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        metrics.update(sum, .counter) { $0 += value }
        metrics.update(count, .counter) { $0 += 1 }
    }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
