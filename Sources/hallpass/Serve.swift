import ArgumentParser
import Foundation
import IdentityServer
import Logging

/// `hallpass serve`: the identity server in the foreground.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the identity server in the foreground until SIGTERM or SIGINT.")

    @Option(help: ArgumentHelp("The server's configuration.", valueName: "hallpass.yaml"))
    var config: String

    func run() async throws {
        do {
            let configuration = try ServerConfiguration.load(path: config)
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            var logger = Logger(label: "hallpass")
            logger.logLevel = configuration.logLevel
            try await HallpassServer(configuration: configuration, logger: logger).run()
        } catch {
            FileHandle.standardError.write(Data("hallpass: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }
}
