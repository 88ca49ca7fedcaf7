import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass demo federation`: makes the demo's CAs, people, CRLs and trust list, or renews what is about to expire.
struct DemoFederation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "federation", abstract: "Make the demo federation from its description, or renew what is about to expire.")

    @Option(help: ArgumentHelp("The description.", valueName: "federation.yaml"))
    var description: String

    @Option(help: ArgumentHelp("Where to put it; an existing folder is reused.", valueName: "folder"))
    var out: String

    func run() throws {
        let manifest = try FederationMaker(description: description, folder: out, now: Date()).make()
        print("\(manifest.people.count) people, \(out)/federation.json")
    }
}
