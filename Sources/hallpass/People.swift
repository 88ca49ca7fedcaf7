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
