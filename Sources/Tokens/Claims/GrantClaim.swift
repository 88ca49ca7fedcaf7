/// What this person may do at this window: `grant {parameters, until}`.
public struct GrantClaim: Sendable, Equatable, Codable {
    /// Set by who granted; their meaning is the window's own.
    public var parameters: [String: String]
    /// From this second on the grant is over (a NumericDate); nil (null in a token) where it has no end of its own.
    public var until: NumericDate?

    public init(parameters: [String: String] = [:], until: NumericDate? = nil) {
        self.parameters = parameters
        self.until = until
    }

    /// `until` always stands there, as null where there is no end.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(until, forKey: .until)
    }

    private enum CodingKeys: CodingKey { case parameters, until }
}
