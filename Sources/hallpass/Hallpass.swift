import ArgumentParser

@main
struct Hallpass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hallpass", abstract: "Cross-certification identity and single sign-on.",
        subcommands: [
            Serve.self, Verify.self, TrustCommand.self, WindowCommand.self, LegalPersonsCommand.self, StaffCommand.self, AuditCommand.self,
            DemoCommands.self,
        ])
}

struct DemoCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The demo and its parts.", subcommands: [DemoUp.self, DemoFederation.self])
}
