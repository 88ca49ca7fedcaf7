import Foundation
import FuzzEntries
import IdentityServer
import PKI

/// A trust list as an operator hands it in: refused with where and why, or taken. It can name `FuzzFiles`; others are not there.
package enum TrustListEntry {
    package static let name = "trust-list"

    /// In memory where there is such a folder: a fuzzer writes one for each input.
    private static let folder = Result {
        let parent =
            FileManager.default.fileExists(atPath: "/dev/shm") ? URL(fileURLWithPath: "/dev/shm") : FileManager.default.temporaryDirectory
        let folder = parent.appendingPathComponent("hallpass-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in try FuzzFiles.made() { try Data(file.bytes).write(to: folder.appendingPathComponent(file.name)) }
        return folder
    }

    package static func run(_ bytes: [UInt8]) throws {
        let file = try folder.get().appendingPathComponent("trust.yaml")
        try Data(bytes).write(to: file)
        do {
            let loaded = try LoadedTrustList.load(path: file.path)
            guard !loaded.list.anchors.isEmpty else { throw Finding("a list without anchors is taken") }
            // What is taken can be compiled, whatever its rules say.
            _ = TrustGraph(loaded.list, at: FuzzFiles.now).refusedAuthorities.map(\.description)
        } catch let error as ConfigurationError {
            guard !error.description.isEmpty else { throw Finding("a refusal that says nothing") }
        }
    }

    package static func cleanUp() { if let folder = try? folder.get() { try? FileManager.default.removeItem(at: folder) } }
}
