import Synchronization

/// Ends the wait for work that takes too long. The work is cancelled; whether it hears of it or not, the waiter goes on.
enum TimeLimit {
    static func run<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws(FetchFailure) -> Value
    ) async throws(FetchFailure) -> Value {
        let race = Race<Value>()
        let worker = Task {
            do throws(FetchFailure) {
                race.finish(.success(try await work()))
            } catch {
                race.finish(.failure(error))
            }
        }
        let timer = Task {
            try? await Task.sleep(for: limit)
            race.finish(.failure(FetchFailure("no whole answer in \(limit)")))
        }
        let result = await withTaskCancellationHandler {
            await race.result()
        } onCancel: {
            race.finish(.failure(FetchFailure("given up")))
        }
        worker.cancel()
        timer.cancel()
        return try result.get()
    }
}

/// The first result counts; one waiter.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Result<Value, FetchFailure>, Never>)
        case finished(Result<Value, FetchFailure>)
    }
    private let state = Mutex(State.running)

    func finish(_ result: Result<Value, FetchFailure>) {
        let waiter: CheckedContinuation<Result<Value, FetchFailure>, Never>? = state.withLock { state in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .waiting(let continuation):
                state = .finished(result)
                return continuation
            case .finished: return nil
            }
        }
        waiter?.resume(returning: result)
    }

    func result() async -> Result<Value, FetchFailure> {
        await withCheckedContinuation { continuation in
            let finished: Result<Value, FetchFailure>? = state.withLock { state in
                if case .finished(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let finished { continuation.resume(returning: finished) }
        }
    }
}
