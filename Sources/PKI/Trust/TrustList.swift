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
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(octets: keyDigest)
    }
    /// The CA that this certificate is about (its subject).
    package init(subjectOf certificate: Certificate) {
        self.init(name: certificate.subject, keyDigest: Digest.sha256(certificate.publicKeyInfo))
    }
}

/// Anchors, other CA certificates (cross-certificates included), revocation statements and each CA's rules: what a graph is compiled from.
package struct TrustList: Sendable {
    package var anchors: [Certificate]
    package var authorities: [Certificate]
    package var revocationLists: [CertificateList]
    package var rules: [AuthorityKey: AuthorityRules]
    /// Cross-recognition: the roots named here are anchors too, for what fulfils an entry and nothing else.
    package var recognitions: [Recognition] = []
    /// `acr` values from weakest to strongest: of several paths the strongest is told.
    package var assuranceOrder: [String] = []
    /// The signer id of SM2 signatures by users: one for all, whichever CA certified them.
    package var userSignerID = AuthorityRules.defaultSignerID
    /// How weak keys and digests of certificates, lists and OCSP responses may be.
    package var floor = AlgorithmFloor.standard
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
