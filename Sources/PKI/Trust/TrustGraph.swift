import Foundation

/// What a certificate is asked to be good for.
package enum Purpose: String, Sendable { case client, server, any }

/// A leaf that validated, with what later rules need.
package struct ValidatedPath: Sendable {
    /// Leaf first, anchor last.
    package let certificates: [Certificate]
    /// The CA that issued the leaf: where its rules and identity profile are found.
    package let issuer: AuthorityKey
    /// user-constrained-policy-set (RFC 5280 §6.1.6), dotted.
    package let policies: [String]
    /// The earliest of the path's notAfter values and revocation statuses' nextUpdate: the verdict holds no longer than this.
    package let goodUntil: Date

    package var leaf: Certificate { certificates[0] }
    package var fingerprints: [Fingerprint] { certificates.map(\.fingerprint) }
    package init(certificates: [Certificate], issuer: AuthorityKey, policies: [String], goodUntil: Date) {
        self.certificates = certificates
        self.issuer = issuer
        self.policies = policies
        self.goodUntil = goodUntil
    }
}

/// The mesh of CAs validated ahead of time: walked forward from each anchor with RFC 5280 §6.1's state (docs/architecture.md).
/// Immutable; a new one is compiled and swapped when trust or revocation changes. (owner: pki-core)
package struct TrustGraph: Sendable {
    /// Compiles for `now`. CAs that did not survive are kept with their refusal for explanations.
    package init(_ list: TrustList, at now: Date) { fatalError("stub") }

    /// The certificate's path, or the refusal told first. `intermediates` came with the leaf and are forgotten afterwards.
    /// About 100 µs of CPU: call off the event loop only when revocation needs the network (not yet).
    package func validate(_ leaf: Certificate, intermediates: [Certificate] = [], purpose: Purpose = .client, at now: Date) throws(Refusal) -> ValidatedPath {
        fatalError("stub")
    }

    /// Is any of these (a session's path) revoked or removed in this graph? Nil: all still good. (Removals act first.)
    package func refusal(forPath fingerprints: [Fingerprint], at now: Date) -> Refusal? { fatalError("stub") }

    /// Subject names of CAs that may issue leaves: the acceptable-CA names of the certificate origin's handshake; DER certificates.
    package var leafIssuers: [Certificate] { fatalError("stub") }
}
