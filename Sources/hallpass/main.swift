import ArgumentParser

struct Hallpass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hallpass", abstract: "Cross-certification identity and single sign-on.",
        subcommands: [Verify.self, WindowCommand.self, AuditCommand.self, Demo.self])
}

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Parts of the demo.", subcommands: [DemoFederation.self])
}

await Hallpass.main()
