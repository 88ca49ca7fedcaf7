/// For whom a token is: one string or an array of them in JSON (RFC 7519 §4.1.3). Compared exactly, byte for byte.
public struct Audience: Sendable, Equatable, Codable {
    public var members: [String]

    public init(_ members: String...) { self.members = members }

    public func contains(_ member: String) -> Bool { members.contains { $0.utf8.elementsEqual(member.utf8) } }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if members.count == 1 { try container.encode(members[0]) } else { try container.encode(members) }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(String.self) {
            members = [one]
        } else {
            members = try container.decode([String].self)
        }
    }
}
