import Foundation
import Logging
import Synchronization
import Testing

@testable import IdentityServer

@Suite("When sources are asked")
struct ScheduleTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("a list is fetched at three quarters of its remaining life, or a little sooner, and at most `refresh` from now")
    func success() {
        func seconds(_ left: Double?, refresh: Double = 100_000, jitter: Double = 0) -> Double {
            FetchSchedule.afterSuccess(at: Self.now, nextUpdate: left.map { Self.now + $0 }, refresh: refresh, jitter: jitter)
                .timeIntervalSince(Self.now)
        }
        #expect(seconds(4000) == 3000)
        #expect(abs(seconds(4000, jitter: 0.999_999) - 2667) < 1)
        #expect(seconds(1_000_000, refresh: 3600) == 3600)
        #expect(seconds(nil, refresh: 3600) == 3600)
        #expect(seconds(-5) == FetchSchedule.whenStale)
        #expect(seconds(-5, refresh: 10) == 10, "a list that ran out is asked for no later than `refresh`")
        #expect(seconds(0.1) == FetchSchedule.shortest)
    }

    @Test("after failures the wait doubles up to a quarter of an hour, or `refresh`; half of it is chance")
    func failure() {
        func seconds(_ failures: Int, refresh: Double = 100_000, jitter: Double = 0) -> Double {
            FetchSchedule.afterFailure(at: Self.now, failures: failures, refresh: refresh, jitter: jitter).timeIntervalSince(Self.now)
        }
        #expect([1, 2, 3, 4].map { seconds($0) } == [5, 10, 20, 40])
        #expect(seconds(1000) == 900)
        #expect(seconds(1000, refresh: 60) == 60)
        #expect(seconds(3, jitter: 0.5) == 15)
        #expect(seconds(.max, jitter: 0.999) > 450)
    }

    @Test("hanging sources take half of the places, one host two; the others go on")
    func slots() throws {
        func address(_ host: Int, _ path: Int = 0) throws -> SourceAddress {
            try #require(SourceAddress("http://h\(host).example/\(path)"))
        }
        var slots = FetchSlots()
        for host in 0..<10 { #expect(slots.take(try address(host), isFailing: true) == (host < FetchSlots.failing)) }
        #expect(slots.take(try address(20, 0), isFailing: false))
        #expect(!slots.take(try address(20, 0), isFailing: false), "it is asked already")
        #expect(slots.take(try address(20, 1), isFailing: false))
        #expect(!slots.take(try address(20, 2), isFailing: false), "a third at one host")
        for host in 30..<40 { #expect(slots.take(try address(host), isFailing: false) == (host < 32)) }
        slots.release(try address(20, 0))
        #expect(slots.take(try address(20, 2), isFailing: false))
    }

    @Test("a list that runs out is one alarm, its return one notice")
    func staleness() {
        let log = RecordedLog()
        var staleness = Staleness()
        let one = Staleness.Subject(source: "http://a.example", authorities: ["甲CA"])
        for (seconds, ends) in [(0.0, 10.0), (11, 10), (12, 10), (13, 100), (14, 100)] {
            staleness.update([one: Self.now + ends], at: Self.now + seconds, logger: log.logger)
            #expect(staleness.authorities == (seconds == 11 || seconds == 12 ? ["甲CA"] : []))
        }
        #expect(log.levels == [.critical, .notice])
        staleness.update([one: .distantPast], at: Self.now, logger: log.logger)
        staleness.update([:], at: Self.now, logger: log.logger)
        #expect(log.levels == [.critical, .notice, .critical], "a source that is gone is not well again")
        #expect(staleness.authorities.isEmpty)
    }
}

/// Keeps what is logged.
final class RecordedLog: Sendable {
    private let lines: LinesBox
    let logger: Logger

    private final class LinesBox: Sendable {
        let lines = Mutex<[(level: Logger.Level, text: String)]>([])
    }
    private struct Handler: LogHandler {
        let box: LinesBox
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String, function: String,
            line: UInt
        ) {
            box.lines.withLock { $0.append((level, "\(message) \(metadata ?? [:])")) }
        }
    }

    init() {
        let box = LinesBox()
        lines = box
        logger = Logger(label: "test") { _ in Handler(box: box) }
    }
    var levels: [Logger.Level] { lines.lines.withLock { $0.map(\.level) } }
    var text: String { lines.lines.withLock { $0.map(\.text).joined(separator: "\n") } }
}
