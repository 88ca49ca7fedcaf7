import PKI

/// `name_constraints` of a ceremony (RFC 5280 §4.2.1.10).
package struct FederationNameConstraints: Codable, Sendable {
    package struct Names: Codable, Sendable {
        /// Subjects as elsewhere, from the country down: everything that begins so.
        package let directories: [[[String: String]]]?
        package let emails: [String]?
        package let hosts: [String]?

        fileprivate func subtrees() throws -> [CertificateExtension.Subtree] {
            try (directories ?? []).map { .directory(try FederationNames.template($0)) } + (emails ?? []).map { .email($0) }
                + (hosts ?? []).map { .host($0) }
        }
    }
    package let permitted: Names?
    package let excluded: Names?

    fileprivate func certificateExtension() throws -> CertificateExtension {
        try .nameConstraints(permitted: permitted?.subtrees() ?? [], excluded: excluded?.subtrees() ?? [])
    }
}

/// One of a ceremony's `policy_mappings`: what the issuer calls `issuer`, the subject's house calls `subject` (§4.2.1.5).
package struct FederationPolicyMapping: Codable, Sendable {
    package let issuer: String
    package let subject: String
}

/// `policy_constraints` of a ceremony, in certificates that may follow before it counts (§4.2.1.11).
package struct FederationPolicyConstraints: Codable, Sendable {
    package let requireExplicit: UInt8?
    package let inhibitMapping: UInt8?

    enum CodingKeys: String, CodingKey {
        case requireExplicit = "require_explicit"
        case inhibitMapping = "inhibit_mapping"
    }
}

extension Ceremony {
    /// Everything that makes the subject a CA, and bounds it.
    func authorityExtensions() throws -> [CertificateExtension] {
        let bounds: [CertificateExtension?] = [
            try extendedKeyUsage.map { try .extendedKeyUsage($0) },
            try policies.map { try .policies($0) },
            try policyMappings.map { try .policyMappings($0.map { ($0.issuer, $0.subject) }) },
            try policyConstraints.map { try .policyConstraints(requireExplicit: $0.requireExplicit, inhibitMapping: $0.inhibitMapping) },
            inhibitAny.map { .inhibitAnyPolicy(after: $0) },
            try nameConstraints?.certificateExtension(),
        ]
        return [.certificateAuthority(pathLength: pathLength), .keyUsage([.keyCertSign, .cRLSign])] + bounds.compactMap(\.self)
    }

    /// Does it hold anything that only a CA's certificate may?
    var constrains: Bool {
        nameConstraints != nil || policyMappings != nil || policyConstraints != nil || inhibitAny != nil || extendedKeyUsage != nil
    }
}
