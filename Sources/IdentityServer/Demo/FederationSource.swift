import Foundation

/// Everything that a description and the files it names say, with nothing unknown in them.
struct FederationSource: Sendable {
    let description: FederationDescription
    let ceremonies: [Ceremony]
    let profiles: [String: IssuingProfile]
    let people: [FederationPerson]
    let legalPersons: [FederationLegalPersons.Entry]
    let trustList: String

    init(path: String) throws {
        let base = URL(fileURLWithPath: path).deletingLastPathComponent()
        func file(_ name: String) -> String { base.appendingPathComponent(name).path }

        description = try StrictYAML.load(FederationDescription.self, path: path)
        guard description.version == 1 else { throw FederationFailure("\(path): version \(description.version) is not 1") }
        ceremonies = try description.ceremonies.map { try StrictYAML.load(Ceremony.self, path: file($0)) }
        let all = try description.profiles.map { try StrictYAML.load(IssuingProfile.self, path: file($0)) }
        profiles = try Self.indexed(all, by: \.id)
        people = try StrictYAML.load(FederationPeople.self, path: file(description.people)).people
        legalPersons = try StrictYAML.load(FederationLegalPersons.self, path: file(description.legalPersons)).legalPersons
        trustList = try String(contentsOfFile: file(description.trustList), encoding: .utf8)
        _ = try Self.indexed(people, by: \.id)
        _ = try Self.indexed(ceremonies, by: \.id)
    }

    private static func indexed<Value>(_ values: [Value], by id: (Value) -> String) throws -> [String: Value] {
        try values.reduce(into: [:]) { index, value in
            let name = id(value)
            // Ids become file names.
            guard name.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,62}/) != nil else {
                throw FederationFailure("id `\(name)`: lower-case letters, digits and hyphens only")
            }
            guard index.updateValue(value, forKey: name) == nil else { throw FederationFailure("id `\(name)` stands twice") }
        }
    }
}
