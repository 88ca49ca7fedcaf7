import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass serve`: the server, in the foreground, until SIGINT or SIGTERM.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server in the foreground until SIGINT or SIGTERM.")

    @Option(help: ArgumentHelp("The server's configuration.", valueName: "file"))
    var config: String

    func run() async throws {
        do {
            try await HallpassServer.serve(configurationPath: config)
        } catch {
            FileHandle.standardError.write(Data("hallpass serve: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}
