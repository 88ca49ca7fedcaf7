import Foundation
import PKI

/// What the demo made up on its first run and needs again on the next (`secrets.json`, mode 0600).
struct DemoSecrets: Codable {
    var sealingKey: String
    var directoryReader: String
    var directoryManager: String
    /// By uid.
    var staff: [String: String]
    /// Client secrets by window.
    var windows: [String: String] = [:]

    static let file = "secrets.json"

    /// Those of the last run; new ones where there are none.
    static func load(from folder: DemoFolder, random: RandomSource = SecureRandom.system) throws -> DemoSecrets {
        if let data = folder.read(file) {
            guard let secrets = try? JSONDecoder().decode(DemoSecrets.self, from: data) else {
                throw DemoFailure("\(folder.file(file)) is unreadable; make demo-clean removes the folder")
            }
            return secrets
        }
        let staff = Dictionary(uniqueKeysWithValues: StaffTree.members.map { ($0.uid, random(12).hex) })
        let secrets = DemoSecrets(
            sealingKey: random(32).hex, directoryReader: random(16).hex, directoryManager: random(16).hex, staff: staff)
        try secrets.save(to: folder)
        return secrets
    }

    func save(to folder: DemoFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try folder.write(String(decoding: encoder.encode(self), as: UTF8.self), to: Self.file)
    }
}
