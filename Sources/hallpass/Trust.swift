import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass trust …`: shows and changes the trust list of a configuration, whether the server is running or not.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Show the trust list and change it: draft, try, apply, go back.",
        subcommands: [Show.self, Add.self, Try.self, Diff.self, Apply.self, Rollback.self, Graph.self])
}

/// Which draft.
struct DraftOption: ParsableArguments {
    @Option(help: ArgumentHelp("The draft's folder; `draft` beside the list in force if absent.", valueName: "folder"))
    var draft: String?
}

extension TrustCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the list in force, its version and those before it.")
        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let report = try await OperatorTrust(configurationPath: options.config).report()
                print(json ? try JSONText.of(report) : report.text)
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what a draft changes, and who would lose their path.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var draft: DraftOption
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let difference = try await OperatorTrust(configurationPath: options.config).difference(draft: draft.draft)
                print(json ? try JSONText.of(difference) : difference.text)
            }
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge sample certificates by a draft: every check, the identity that is read, and what changes for them.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var draft: DraftOption
        @Flag(help: "Print a JSON array.")
        var json = false
        @Argument(help: "PEM or DER files: a certificate, then any intermediates that would come with it.")
        var certificate: [String]

        func run() async throws {
            try await refusing {
                let trials = try await OperatorTrust(configurationPath: options.config).trials(of: certificate, draft: draft.draft)
                for trial in trials where trial.isRefused { FileHandle.standardError.write(Data((trial.reason + "\n").utf8)) }
                print(json ? try JSONText.of(trials) : trials.map(\.text).joined(separator: "\n"))
                if trials.contains(where: \.isRefused) { throw ExitCode(1) }
            }
        }
    }
}
