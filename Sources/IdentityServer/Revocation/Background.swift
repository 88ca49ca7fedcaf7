import NIOPosix

/// Threads for work that computes for long: neither event loops nor the cooperative pool, where logins run, wait for it.
struct Background: Sendable {
    private let threads: NIOThreadPool

    private init(_ count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    /// Compiling trust graphs; one at a time.
    static let graphs = Background(1)
    /// Parsing lists of tens of megabytes and checking their signatures.
    static let lists = Background(2)

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.runIfActive(work)
    }
}
