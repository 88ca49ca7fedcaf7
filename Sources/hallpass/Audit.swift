import ArgumentParser
import IdentityServer

/// `hallpass audit …`: reads the audit log.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify and read the audit log.", subcommands: [Verify.self, List.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether the audit log is whole, and where it is not.")
        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            try await refusing {
                print(try await options.registry.verifiedAudit())
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the newest events, newest first.")
        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print one JSON object a line.")
        var json = false
        @Option(help: "At most so many.")
        var limit = 100

        func validate() throws {
            guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 1000000.") }
        }

        func run() async throws {
            try await refusing {
                for line in try await options.registry.auditLines(limit: limit, json: json) { print(line) }
            }
        }
    }
}
