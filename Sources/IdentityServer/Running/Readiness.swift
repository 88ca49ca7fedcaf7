import Synchronization

/// What has to have happened once before the server may be called ready.
package final class Readiness: Sendable {
    private let directoryTried: Mutex<Bool>

    /// `waitsForDirectory`: the first sync must have ended, one way or the other.
    package init(waitsForDirectory: Bool) { directoryTried = Mutex(!waitsForDirectory) }

    func directoryWasTried() { directoryTried.withLock { $0 = true } }
    var isDirectoryTried: Bool { directoryTried.withLock { $0 } }
}
