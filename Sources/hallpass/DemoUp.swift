import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass demo up`: the whole service hall in the foreground.
struct DemoUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the demo in the foreground; SIGINT or SIGTERM stops everything it started.")

    @Option(help: ArgumentHelp("Where everything is put; an existing folder is reused.", valueName: "folder"))
    var dir = "var/demo"

    @Option(help: "The public origin's port; the five after it are used too.")
    var port = 8443

    @Option(help: ArgumentHelp("The project's root, with ca/ and scripts/ in it.", valueName: "folder"))
    var projectRoot = FileManager.default.currentDirectoryPath

    func run() async throws {
        do {
            let executables = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
            try await IdentityServer.Demo(folder: dir, port: port, projectRoot: projectRoot, executables: executables).run()
        } catch {
            FileHandle.standardError.write(Data("hallpass: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}
