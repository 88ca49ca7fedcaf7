import ArgumentParser
import IdentityServer

/// What `hallpass trust` changes.
extension TrustCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a CA into a draft, made from the list in force if there is none; nothing is in force by it.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var draft: DraftOption
        @Option(help: ArgumentHelp("PEM: the issuing CA's certificate and those above it.", valueName: "file"))
        var chain: String
        @Option(help: "What people call the CA.")
        var name: String
        @Flag(help: "Make the chain's root an anchor: trust begins there.")
        var anchor = false
        @Option(
            help: ArgumentHelp(
                "Where its certificates say who holds them: \(OperatorTrust.profiles.joined(separator: ", ")), or a file.",
                valueName: "name-or-file"))
        var profile: String?
        @Option(help: ArgumentHelp("A revocation list of the CA or one above it.", valueName: "file"))
        var crl: [String] = []
        @Option(help: "hard (the default), soft or off.")
        var revocation: TrustAddition.Revocation = .hard
        @Option(help: ArgumentHelp("The acr of logins with its certificates.", valueName: "uri"))
        var assurance: String?

        func run() async throws {
            try await refusing {
                var addition = TrustAddition(chain: chain, name: name)
                addition.isAnchor = anchor
                addition.profile = profile
                addition.revocationLists = crl
                addition.revocation = revocation
                addition.assurance = assurance
                print(try await OperatorTrust(configurationPath: options.config).add(addition, draft: draft.draft))
            }
        }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a draft and let it come into force as a new version.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var draft: DraftOption
        @Option(help: "Why, for the audit.")
        var note: String?
        @Flag(help: "The CA certificates that the draft leaves out are revoked: no rollback brings them back.")
        var revoked = false
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let operators = try OperatorTrust(configurationPath: options.config, creating: true)
                let outcome = try await operators.apply(draft: draft.draft, note: note, marksRevoked: revoked)
                print(json ? try JSONText.of(outcome) : outcome.text)
            }
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the version before back, or another; revocation lists and revoked CAs stay as they are.")
        @OptionGroup var options: ConfigurationOption
        @Option(help: "The version to bring back, as a new one.")
        var to: Int64?
        @Flag(help: "Bring back CA certificates that are revoked, too.")
        var force = false
        @Option(help: "Why, for the audit; --force needs it.")
        var reason: String?
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard !force || reason?.isEmpty == false else { throw ValidationError("--force needs --reason TEXT.") }
            guard force || reason == nil else { throw ValidationError("--reason belongs to --force.") }
        }

        func run() async throws {
            try await refusing {
                let operators = try OperatorTrust(configurationPath: options.config)
                let outcome = try await operators.rollback(to: to, force: reason)
                print(json ? try JSONText.of(outcome) : outcome.text)
            }
        }
    }
}

extension TrustAddition.Revocation: ExpressibleByArgument {}
