import PKI
import Registry

extension TrustListFile {
    /// One CA: path rules here, identity rules in `AuthorityEntry`, both from one mapping.
    package struct CA: Codable, Sendable {
        package var certificate: String
        package var issuesLeaves: Bool
        package var revocation: AuthorityRules.Revocation
        package var soft: SoftRevocation?
        package var revocationSources: RevocationSources?
        package var relaxations: [String]
        /// Of SM2 signatures on what this CA signs.
        package var signerID: String?
        package var assuranceByPolicy: [PolicyLevel]?
        /// RFC 3339 dates or date-times; the entry counts from … to, inclusive.
        package var validFrom: String?
        package var validUntil: String?
        package var entry: AuthorityEntry

        private enum CodingKeys: String, CodingKey {
            case certificate, revocation, soft, relaxations
            case issuesLeaves = "issues_leaves"
            case revocationSources = "revocation_sources"
            case signerID = "signer_id"
            case assuranceByPolicy = "assurance_by_policy"
            case validFrom = "valid_from"
            case validUntil = "valid_until"
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            certificate = try container.decode(String.self, forKey: .certificate)
            issuesLeaves = try container.decodeIfPresent(Bool.self, forKey: .issuesLeaves) ?? true
            revocation = try container.decodeIfPresent(AuthorityRules.Revocation.self, forKey: .revocation) ?? .hard
            soft = try container.decodeIfPresent(SoftRevocation.self, forKey: .soft)
            revocationSources = try container.decodeIfPresent(RevocationSources.self, forKey: .revocationSources)
            relaxations = try container.decodeIfPresent([String].self, forKey: .relaxations) ?? []
            signerID = try container.decodeIfPresent(String.self, forKey: .signerID)
            assuranceByPolicy = try container.decodeIfPresent([PolicyLevel].self, forKey: .assuranceByPolicy)
            validFrom = try container.decodeIfPresent(String.self, forKey: .validFrom)
            validUntil = try container.decodeIfPresent(String.self, forKey: .validUntil)
            entry = try AuthorityEntry(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(certificate, forKey: .certificate)
            try container.encode(issuesLeaves, forKey: .issuesLeaves)
            try container.encode(revocation, forKey: .revocation)
            try container.encodeIfPresent(soft, forKey: .soft)
            try container.encodeIfPresent(revocationSources, forKey: .revocationSources)
            try container.encode(relaxations, forKey: .relaxations)
            try container.encodeIfPresent(signerID, forKey: .signerID)
            try container.encodeIfPresent(assuranceByPolicy, forKey: .assuranceByPolicy)
            try container.encodeIfPresent(validFrom, forKey: .validFrom)
            try container.encodeIfPresent(validUntil, forKey: .validUntil)
            try entry.encode(to: encoder)
        }
    }
}
