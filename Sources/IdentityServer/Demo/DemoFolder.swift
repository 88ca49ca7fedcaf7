import Foundation

/// `DEMO_DIR`: everything the demo makes, readable by its owner alone, and held by one demo at a time.
struct DemoFolder: Sendable {
    /// Absolute.
    let path: String
    private let projectRoot: String

    /// `path` and the paths in demo.json are relative to `projectRoot`.
    init(path: String, projectRoot: String) throws {
        let root = URL(fileURLWithPath: projectRoot, isDirectory: true).standardizedFileURL
        self.projectRoot = root.path
        self.path = URL(fileURLWithPath: path, isDirectory: true, relativeTo: root).standardizedFileURL.path
        for name in ["", "server", "directory", "windows", "nginx", "nginx/temp", "site", "logs"] { try Self.makeFolder(self.file(name)) }
    }

    private static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func file(_ name: String) -> String { name.isEmpty ? path : "\(path)/\(name)" }

    /// As demo.json tells it: relative to the project's root where the folder is below it, else absolute.
    func told(_ name: String) -> String {
        let file = file(name)
        return file.hasPrefix(projectRoot + "/") ? String(file.dropFirst(projectRoot.count + 1)) : file
    }

    func read(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }

    /// Mode 0600, and whole: written aside, then put in place.
    func write(_ text: String, to name: String) throws {
        let path = file(name)
        let aside = "\(path).new"
        unlink(aside)
        guard FileManager.default.createFile(atPath: aside, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]),
            rename(aside, path) == 0
        else { throw DemoFailure("\(path) cannot be written") }
    }

    /// Held until the process ends, however it ends. Returns the descriptor that holds it.
    func lock() throws -> FileHandle {
        let descriptor = open(file("demo.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DemoFailure("\(path) cannot be written") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DemoFailure("\(path) is in use by a running demo; stop that one or choose another folder with DEMO_DIR")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
