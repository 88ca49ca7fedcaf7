import ArgumentParser
import Foundation
import IdentityServer

extension TrustCommand {
    struct Graph: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Draw the mesh of CAs as SVG, with the path of a certificate in it.")
        @Option(help: ArgumentHelp("The server's configuration, whose trust list is drawn.", valueName: "file"))
        var config: String?
        @Option(help: ArgumentHelp("A trust list, or PEM files of anchors, instead.", valueName: "file-or-dir"))
        var trust: String?
        @Option(help: ArgumentHelp("Where the picture is written; `-` for standard output.", valueName: "file"))
        var svg: String
        @Option(help: ArgumentHelp("A certificate (PEM or DER) whose path is drawn.", valueName: "file"))
        var leaf: String?
        @Option(help: ArgumentHelp("Certificates that would come with it.", valueName: "file"))
        var intermediate: [String] = []
        @Option(help: ArgumentHelp("The time that is judged; now if absent.", valueName: "rfc3339"))
        var at: String?

        func validate() throws {
            guard (config == nil) != (trust == nil) else { throw ValidationError("name either --config or --trust") }
            guard at.map(Verification.isTime) ?? true else { throw ValidationError("--at is not an RFC 3339 time") }
        }

        func run() throws {
            do {
                var picture = try config.map(MeshPicture.init(configurationPath:)) ?? MeshPicture(trust: trust ?? "")
                (picture.leaf, picture.intermediates, picture.at) = (leaf, intermediate, at)
                let (text, refusal) = try picture.draw()
                if svg == "-" { print(text, terminator: "") } else { try Data(text.utf8).write(to: URL(fileURLWithPath: svg)) }
                guard let refusal else { return }
                FileHandle.standardError.write(Data("\(refusal)\n".utf8))
            } catch {
                FileHandle.standardError.write(Data("\(error)\n".utf8))
                throw ExitCode(1)
            }
            throw ExitCode(1)
        }
    }
}
