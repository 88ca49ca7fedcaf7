import PKI

/// What a CA may say at all. Without this the weakest CA of a federation impersonates every company.
package struct Assertions: Sendable, Codable, Equatable {
    package enum IdentifierType: String, Sendable, Codable {
        case uscc
        case citizenID = "citizen_id"
    }
    package var identifiers: Set<IdentifierType>
    /// How a USCC may begin (department and category). Must be named for a CA that asserts USCCs.
    package var usccPrefixes: [String]
    /// How the region of a USCC or a citizen's number may begin; nil: everywhere.
    package var regionPrefixes: [String]?
    /// What its certificates may be here.
    package var kinds: Set<CertificateKind>

    /// Nothing, unless named.
    package init(
        identifiers: Set<IdentifierType> = [], usccPrefixes: [String] = [], regionPrefixes: [String]? = nil,
        kinds: Set<CertificateKind> = []
    ) {
        self.identifiers = identifiers
        self.usccPrefixes = usccPrefixes
        self.regionPrefixes = regionPrefixes
        self.kinds = kinds
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case identifiers
        case usccPrefixes = "uscc_prefixes"
        case regionPrefixes = "region_prefixes"
        case kinds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        identifiers = try container.decode(Set<IdentifierType>.self, forKey: .identifiers)
        usccPrefixes = try container.decodeIfPresent([String].self, forKey: .usccPrefixes) ?? []
        regionPrefixes = try container.decodeIfPresent([String].self, forKey: .regionPrefixes)
        kinds = try container.decode(Set<CertificateKind>.self, forKey: .kinds)
        if identifiers.contains(.uscc), usccPrefixes.isEmpty {
            throw DecodingError.dataCorruptedError(
                forKey: .usccPrefixes, in: container, debugDescription: "a CA that asserts USCCs names the prefixes it may assert")
        }
    }

    func permit(_ code: UnifiedSocialCreditCode) throws(Refusal) {
        guard identifiers.contains(.uscc) else { throw Refusal(.identityNotPermitted, "the issuing CA may not name legal persons") }
        guard usccPrefixes.contains(where: code.text.hasPrefix) else {
            throw Refusal(.identityNotPermitted, "the issuing CA may not assert USCCs that begin with \(code.text.prefix(2))")
        }
        try permit(region: code.region)
        guard !kinds.isDisjoint(with: [.master, .sub]) else {
            throw Refusal(.identityNotPermitted, "the issuing CA may not issue master or sub-certificates")
        }
    }

    func permit(_ number: CitizenIdentifier) throws(Refusal) {
        guard identifiers.contains(.citizenID) else { throw Refusal(.identityNotPermitted, "the issuing CA may not name natural persons") }
        try permit(region: number.region)
        try permit(.personal)
    }

    func permit(_ kind: CertificateKind) throws(Refusal) {
        guard kinds.contains(kind) else {
            throw Refusal(.identityNotPermitted, "the issuing CA may not issue \(kind.rawValue) certificates")
        }
    }

    private func permit(region: String) throws(Refusal) {
        guard let regionPrefixes, !regionPrefixes.contains(where: region.hasPrefix) else { return }
        throw Refusal(.identityNotPermitted, "the issuing CA may not assert identities of the region \(region.prefix(4))")
    }
}
