import ArgumentParser

struct Hallpass: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hallpass", abstract: "Cross-certification identity and single sign-on.", subcommands: [Verify.self, Demo.self])
}

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Parts of the demo.", subcommands: [DemoFederation.self])
}

Hallpass.main()
