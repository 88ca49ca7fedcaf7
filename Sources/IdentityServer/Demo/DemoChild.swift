import Foundation
import Synchronization

/// A program the demo runs: in a process group of its own (so that the demo decides the order of stopping), its output in a log file,
/// killed by the kernel when the demo itself is killed.
final class DemoChild: Sendable {
    let name: String
    private let process = Mutex<pid_t?>(nil)
    /// A child may have ended before anybody asks whether it started.
    private let wasStarted = Mutex(false)
    private let logFile: String

    /// `onExit` is called once, from another thread, with how it ended.
    init(name: String, command: [String], logFile: String, onExit: @escaping @Sendable (String) -> Void) throws {
        self.name = name
        self.logFile = logFile
        let started = DispatchSemaphore(value: 0)
        // The kernel's signal follows the thread that starts the child: this one stays as long as the child does.
        Thread { [self] in
            let pid = Self.spawn(command, logFile: logFile)
            process.withLock { $0 = pid }
            wasStarted.withLock { $0 = pid != nil }
            started.signal()
            if let pid { onExit(wait(for: pid)) }
        }.start()
        started.wait()
        guard wasStarted.withLock({ $0 }) else { throw DemoFailure("\(name): \(command[0]) cannot be started") }
    }

    var isRunning: Bool { process.withLock { $0 != nil } }

    /// Asks it to end, insists after `patience` (a server lets open connections end). Returns when it has ended.
    func stop(patience: Duration = .seconds(10)) async {
        signal(SIGTERM)
        let deadline = ContinuousClock.now + patience
        while isRunning {
            if ContinuousClock.now > deadline { signal(SIGKILL) }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// What it last wrote, for the person who reads why the demo ended.
    var lastWords: String {
        let lines = String(decoding: FileManager.default.contents(atPath: logFile) ?? Data(), as: UTF8.self).split(separator: "\n")
        return lines.suffix(5).map { "  \($0)" }.joined(separator: "\n")
    }

    /// Under the lock: the number still belongs to our child, since it is forgotten before it is reaped.
    private func signal(_ number: Int32) { process.withLock { if let pid = $0 { kill(-pid, number) } } }

    private func wait(for pid: pid_t) -> String {
        var status: Int32 = 0
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        process.withLock {
            waitpid(pid, &status, 0)
            $0 = nil
        }
        let killer = status & 0x7f
        return killer == 0 ? "exit status \((status >> 8) & 0xff)" : "signal \(killer)"
    }

    private static func spawn(_ command: [String], logFile: String) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What we ignore or block, it must not inherit.
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = (["setpriv", "--pdeathsig", "KILL", "--"] + command).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        return posix_spawn(&pid, "/usr/bin/setpriv", &actions, &attributes, &arguments, environ) == 0 ? pid : nil
    }
}
