import Foundation
import Registry

/// A CA's identity rules to begin an entry with: one of `ca/identity-profiles/*.yaml`, or an operator's own file of that form.
struct IdentityProfileFile {
    private struct Content: Codable {
        let profile: String
        let title: String
        /// How sure the source is: `confirmed`, `partly`, `general`.
        let confidence: Confidence
        let notes: String?
        let entry: Entry
    }
    enum Confidence: String, Codable { case confirmed, partly, general }
    /// Of `AuthorityEntry`, what does not name the CA.
    private struct Entry: Codable {
        let master: MasterRule?
        let mayAssert: Assertions?
        let identity: IdentityProfile?

        enum CodingKeys: String, CodingKey {
            case master, identity
            case mayAssert = "may_assert"
        }
    }

    let title: String
    let confidence: Confidence
    /// The entry's lines as they are written, comments too, without their common margin.
    let lines: [String]

    /// A name among those that are shipped, or a file.
    static func find(_ name: String) throws -> IdentityProfileFile {
        let isName = name.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,62}/) != nil
        guard isName, !FileManager.default.fileExists(atPath: name) else { return try IdentityProfileFile(path: name) }
        let path = try Resources.folder("IdentityProfiles").appending(path: "\(name).yaml").path
        guard FileManager.default.fileExists(atPath: path) else {
            throw OperatorFailure("there is no identity profile \(name); there are: \(shipped.joined(separator: ", "))")
        }
        return try IdentityProfileFile(path: path)
    }

    static var shipped: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Resources.folder("IdentityProfiles").path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    init(path: String) throws {
        let located = try StrictYAML.located(Content.self, path: path)
        title = located.value.title
        confidence = located.value.confidence
        let rows = located.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = rows.firstIndex(where: { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) == "entry:" }) else {
            throw located.error(["entry"], "`entry` must be the last key, with one key a line below it")
        }
        let body = rows[(start + 1)...]
        let margin = body.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        guard margin > 0 else { throw located.error(["entry"], "`entry` must be the last key") }
        var lines = body.map { String($0.dropFirst(margin)) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
    }
}
