import Foundation

/// A CA is known by its name and key together (never by name alone).
package struct AuthorityKey: Hashable, Sendable {
    package let name: DistinguishedName
    /// SHA-256 of the DER SubjectPublicKeyInfo.
    package let keyDigest: [UInt8]
    package init(name: DistinguishedName, keyDigest: [UInt8]) {
        self.name = name
        self.keyDigest = keyDigest
    }
    /// The CA that this certificate is about (its subject).
    package init(subjectOf certificate: Certificate) {
        self.init(name: certificate.subject, keyDigest: Digest.sha256(certificate.publicKeyInfo))
    }
}

/// What the path machinery needs of one CA's entry (identity rules live in Registry).
package struct AuthorityRules: Sendable {
    package enum Revocation: String, Sendable, Codable { case hard, off }
    package var revocation: Revocation
    /// May this CA issue leaves that log in? (Only those names are sent as acceptable CA names.)
    package var issuesLeaves: Bool
    /// Named relaxations of RFC 5280 §4's profile, one by one (see `docs/trust-list.md`).
    package var relaxations: Set<String>
    package init(revocation: Revocation = .hard, issuesLeaves: Bool = true, relaxations: Set<String> = []) {
        self.revocation = revocation
        self.issuesLeaves = issuesLeaves
        self.relaxations = relaxations
    }
}

/// Anchors, other CA certificates (cross-certificates included), revocation lists and each CA's rules: what a graph is compiled from.
package struct TrustList: Sendable {
    package var anchors: [Certificate]
    package var authorities: [Certificate]
    package var revocationLists: [CertificateList]
    package var rules: [AuthorityKey: AuthorityRules]
    package init(
        anchors: [Certificate], authorities: [Certificate] = [], revocationLists: [CertificateList] = [],
        rules: [AuthorityKey: AuthorityRules] = [:]
    ) {
        self.anchors = anchors
        self.authorities = authorities
        self.revocationLists = revocationLists
        self.rules = rules
    }
}
