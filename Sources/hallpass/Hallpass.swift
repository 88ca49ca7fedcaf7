import ArgumentParser

@main
struct Hallpass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hallpass", abstract: "Cross-certification identity and single sign-on.",
        subcommands: [Serve.self, Verify.self, DemoCommands.self])
}

struct DemoCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Start the demo, or make parts of it.", subcommands: [DemoUp.self, DemoFederation.self])
}
