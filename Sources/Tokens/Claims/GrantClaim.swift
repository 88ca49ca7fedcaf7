/// What this person may do at this window: `grant {parameters, until}`.
public struct GrantClaim: Sendable, Equatable, Codable {
    /// Set by who granted; their meaning is the window's own.
    public var parameters: [String: String]
    /// From this second on the grant is over (a NumericDate); nil where it has no end of its own.
    public var until: NumericDate?

    public init(parameters: [String: String] = [:], until: NumericDate? = nil) {
        self.parameters = parameters
        self.until = until
    }
}
