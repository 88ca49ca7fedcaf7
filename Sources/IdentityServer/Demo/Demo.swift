import Directory
import Foundation
import Logging
import PKI
import Registry

/// The whole service hall on one machine: makes or renews what it needs in a folder, starts slapd, the server, two windows, and waits
/// until a signal or the end of one of them (once all is ready the directory may fail: the server must bear it).
/// `run` is the file's story from beginning to end.
package struct Demo: Sendable {
    private let folder: DemoFolder
    private let ports: DemoPorts
    private let projectRoot: String
    /// Where the executables `hallpass` and `DemoWindow` are.
    private let executables: String

    /// `folder`: `DEMO_DIR`, made if need be. `port`: the first of six. Throws `DemoFailure`.
    package init(folder: String, port: Int, projectRoot: String, executables: String) throws {
        self.folder = try DemoFolder(path: folder, projectRoot: projectRoot)
        self.ports = try DemoPorts(first: port)
        self.projectRoot = projectRoot
        self.executables = executables
    }

    /// Returns after SIGINT or SIGTERM, with everything stopped; throws `DemoFailure` when something did not start or ended by itself.
    package func run() async throws {
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        try ports.checkFree()
        let cast = DemoCast(folder: folder)
        let outcome = await Result { try await perform(cast) }
        DemoLog.say("stopping")
        await cast.stop()
        try outcome.get()
    }

    private func perform(_ cast: DemoCast) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await start(cast)
                try await Task.sleep(for: .seconds(.max / 2))
            }
            group.addTask {
                for await ending in cast.endings {
                    guard case .child(let name, let how) = ending else { return }
                    if name == "slapd", folder.read(DemoManifest.file) != nil {
                        DemoLog.say("slapd ended by itself (\(how)): the demo goes on without its directory")
                        continue
                    }
                    throw DemoFailure("\(name) ended by itself (\(how)); \(folder.file("logs/\(name).log")):\n\(cast.lastWords(of: name))")
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func start(_ cast: DemoCast) async throws {
        unlink(folder.file(DemoManifest.file))
        DemoLog.say("certificates, revocation lists and trust list")
        let federation = try FederationMaker(
            description: "\(projectRoot)/ca/federation.yaml", folder: folder.file("federation"), now: Date()
        ).make()
        let secrets = try DemoSecrets.load(from: folder)
        let configuration = try DemoConfiguration(folder: folder, ports: ports, federation: federation, secrets: secrets).write()

        let opening = DemoOpening(
            folder: folder, ports: ports, federation: federation, configuration: try ServerConfiguration.load(path: configuration))
        try await opening.directory(cast, secrets: secrets, script: "\(projectRoot)/scripts/run-slapd")
        let manifest = try await opening.registry(secrets: secrets)
        try await opening.server(cast, executable: "\(executables)/hallpass", configuration: configuration)
        try await opening.windows(cast, executable: "\(executables)/DemoWindow")
        try folder.write(manifest, to: DemoManifest.file)
        DemoLog.ready("ready: https://localhost:\(ports.publicOrigin)")
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
