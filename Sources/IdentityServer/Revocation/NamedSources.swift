import PKI

/// One CA's sources and its name for people.
package struct NamedSources: Sendable {
    package let name: String
    package let sources: RevocationSources
    /// The CA's certificate in its entry of the trust list.
    package let authority: Certificate
    package let rules: AuthorityRules
    package init(_ name: String, _ sources: RevocationSources, _ authority: Certificate, _ rules: AuthorityRules?) {
        self.name = name
        self.sources = sources
        self.authority = authority
        self.rules = rules ?? AuthorityRules()
    }
}
