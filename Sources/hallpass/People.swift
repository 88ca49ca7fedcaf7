import ArgumentParser
import IdentityServer

/// `hallpass legal-persons …`: the register of legal persons, whether the server is running or not.
struct LegalPersonsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "legal-persons", abstract: "Keep the register of legal persons.", subcommands: [Import.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add and rename legal persons from a CSV file with the header uscc,name; one bad line refuses the whole file.")
        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The file, UTF-8.")
        var csv: String

        func run() async throws {
            try await refusing {
                print(try await options.registry.importLegalPersons(file: csv))
            }
        }
    }
}

/// `hallpass staff …`: what operators do for members of staff beside the directory.
struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Members of staff, beside what the directory says.", subcommands: [BindCertificate.self])

    struct BindCertificate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a member of staff log in with a personal certificate too, for what a password is too weak for.")
        @OptionGroup var options: ConfigurationOption
        @Option(help: "The user name in the directory.")
        var uid: String
        @Argument(help: "PEM file: the certificate, then any intermediates.")
        var certificate: String

        func run() async throws {
            try await refusing {
                print(try await options.registry.bindCertificate(file: certificate, toStaff: uid))
            }
        }
    }
}
