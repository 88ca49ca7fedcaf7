import Dispatch
import Foundation
import PKI
import Synchronization

/// One question to a mesh, compiled and asked; what it says is told beside the time.
func meshFigures(_ question: Question) {
    let start = processMicros()
    let graph = question.graph()
    let compiled = processMicros()
    let outcome: String
    do {
        outcome = "accepted over \(try graph.validate(question.leaf, at: question.now).certificates.count) certificates"
    } catch {
        outcome = error.code.rawValue
    }
    figure("once", micros: processMicros() - start, outcome: outcome)
    figure("compile", micros: compiled - start)
    measure("leaf parsed", batches: 11, calls: 20) { _ = try? graph.validate(question.leaf, at: question.now) }
}

/// The time on the wall of logins (99th of 100) by `quiet`'s graph, alone and while `hostile`'s mesh is compiled again and again.
func harmFigures(hostile: Question, quiet: Question) throws {
    let graph = quiet.graph()
    func logins() throws -> Double {
        let clock = ContinuousClock()
        var times = [Double]()
        for _ in 0..<2000 {
            let elapsed = try clock.measure { _ = try graph.validate(quiet.leaf, at: quiet.now) }
            times.append(Double(elapsed.components.attoseconds) / 1e12)
        }
        return times.sorted()[1980]
    }
    figure("login alone", micros: try logins())
    let isDone = Mutex(false)
    let ended = DispatchSemaphore(value: 0)
    let thread = Thread {
        while !isDone.withLock({ $0 }) { _ = hostile.graph() }
        ended.signal()
    }
    thread.start()
    // OpenSSL is gone as soon as the process begins to exit: the thread must be done by then.
    defer {
        isDone.withLock { $0 = true }
        ended.wait()
    }
    figure("login while a hostile mesh is walked", micros: try logins())
}
