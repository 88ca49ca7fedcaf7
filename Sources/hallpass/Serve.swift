import ArgumentParser
import Foundation
import IdentityServer
import Logging
import Metrics

/// `hallpass serve`: the server, in the foreground, until SIGINT or SIGTERM.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server in the foreground until SIGINT or SIGTERM.")

    @Option(help: ArgumentHelp("The server's configuration.", valueName: "file"))
    var config: String

    func run() async throws {
        let server: HallpassServer
        do {
            let configuration = try ServerConfiguration.load(path: config)
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            MetricsSystem.bootstrap(PrometheusMetrics.shared)
            var logger = Logger(label: "hallpass")
            logger.logLevel = configuration.logLevel
            server = try await HallpassServer(configuration: configuration, logger: logger)
        } catch {
            FileHandle.standardError.write(Data("hallpass serve: \(error)\n".utf8))
            throw ExitCode(1)
        }
        try await server.run()
    }
}
