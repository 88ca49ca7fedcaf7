import Foundation
import Synchronization

/// The programs of a running demo: started one after another, stopped in the opposite order; tells when one ends by itself.
final class DemoCast: Sendable {
    enum Ending: Sendable {
        case signal
        case child(name: String, how: String)
    }

    /// What happened first comes first.
    let endings: AsyncStream<Ending>
    private let report: AsyncStream<Ending>.Continuation
    private let children = Mutex<[DemoChild]>([])
    private let sources: Mutex<[any DispatchSourceSignal]>
    private let folder: DemoFolder

    /// From here on SIGINT and SIGTERM are endings.
    init(folder: DemoFolder) {
        self.folder = folder
        let (endings, report) = AsyncStream.makeStream(of: Ending.self)
        (self.endings, self.report) = (endings, report)
        Foundation.signal(SIGPIPE, SIG_IGN)
        sources = Mutex(
            [SIGINT, SIGTERM].map { number in
                Foundation.signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { report.yield(.signal) }
                source.resume()
                return source
            })
    }

    func start(_ name: String, _ command: [String]) throws {
        let child = try DemoChild(name: name, command: command, logFile: folder.file("logs/\(name).log")) { [report] how in
            report.yield(.child(name: name, how: how))
        }
        children.withLock { $0.append(child) }
    }

    /// The last lines of that child's log.
    func lastWords(of name: String) -> String { children.withLock { $0.last { $0.name == name }?.lastWords ?? "" } }

    func stop() async {
        for child in children.withLock({ $0.reversed() }) { await child.stop() }
    }
}
