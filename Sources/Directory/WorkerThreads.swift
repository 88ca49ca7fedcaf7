import Dispatch
import Foundation
import Synchronization

/// A fixed number of threads for calls that block: neither event loops nor the cooperative pool ever wait for a directory.
final class WorkerThreads: Sendable {
    private let queue: JobQueue

    /// `waiting`: how many jobs may queue up; one more is refused at once, so that a flood costs memory for no more than that.
    init(name: String, count: Int, waiting: Int) {
        queue = JobQueue(waiting: waiting)
        for _ in 0..<count {
            let thread = Thread { [queue] in
                Self.blockBrokenPipeSignal()
                while let job = queue.next() { job() }
            }
            thread.name = name
            thread.start()
        }
    }

    deinit { queue.close() }

    /// Runs `work` on one of the threads.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws(DirectoryError) -> Value) async throws(DirectoryError) -> Value {
        let result: Result<Value, DirectoryError> = await withCheckedContinuation { continuation in
            let accepted = queue.add {
                do throws(DirectoryError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !accepted { continuation.resume(returning: .failure(.unavailable("too many requests wait for the directory"))) }
        }
        return try result.get()
    }

    /// libldap writes to sockets that the server may have closed: that is an error code to us, not the end of the process.
    private static func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}

/// First in, first out; `next` blocks until there is a job, and answers nil once closed and empty.
private final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void
    private struct State {
        var jobs: [Job] = []
        var closed = false
    }
    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let waiting: Int

    init(waiting: Int) { self.waiting = waiting }

    func add(_ job: @escaping Job) -> Bool {
        let accepted = state.withLock { state in
            guard !state.closed, state.jobs.count < waiting else { return false }
            state.jobs.append(job)
            return true
        }
        if accepted { available.signal() }
        return accepted
    }

    func next() -> Job? {
        available.wait()
        let job: Job? = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        // Closed: wake the next thread as well.
        if job == nil { available.signal() }
        return job
    }

    func close() {
        state.withLock { $0.closed = true }
        available.signal()
    }
}
