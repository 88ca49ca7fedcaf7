import Foundation

/// The certificates of a path down to here, shared between the paths that begin alike.
final class PathLink: Sendable {
    let certificate: Certificate
    /// Index of the authority this certificate makes.
    let authority: Int
    let above: PathLink?

    init(_ certificate: Certificate, authority: Int, above: PathLink?) {
        self.certificate = certificate
        self.authority = authority
        self.above = above
    }

    /// From here up to the anchor.
    var certificates: [Certificate] {
        var list = [certificate]
        var link = above
        while let one = link {
            list.append(one.certificate)
            link = one.above
        }
        return list
    }

    func passes(authority: Int) -> Bool {
        var link: PathLink? = self
        while let one = link {
            if one.authority == authority { return true }
            link = one.above
        }
        return false
    }
}

/// The state of RFC 5280 §6.1 after a CA certificate has been processed and the next is prepared for (§6.1.4).
/// `authority` is working_issuer_name and working_public_key; the rest is what the path so far leaves to those below.
struct PathState: Sendable {
    let anchor: Int
    let authority: Int
    let link: PathLink
    /// Certificates, the anchor included.
    let length: Int
    /// Intermediates so far that are not self-issued.
    var depth: Int
    /// max_path_length (§6.1.2 (k)).
    var maxPathLength: Int
    /// permitted_subtrees, excluded_subtrees (§6.1.2 (b), (c)).
    var names: NameScope
    var keyPurposes: KeyPurposes
    var policies: PolicyState
    /// All certificates of the path and the trust list's entries of their CAs are valid from … to, inclusive.
    var validFrom: Date
    var validUntil: Date
    /// The least nextUpdate of the statuses of its CAs.
    var freshUntil: Date
    /// May this CA sign CRLs, by the certificate that made it (§6.3.3 (f))?
    var signsLists: Bool

    /// The trust list's entry of this CA counts only from … to.
    func limited(by rules: AuthorityRules) -> PathState {
        var state = self
        state.validFrom = max(validFrom, rules.validFrom)
        state.validUntil = min(validUntil, rules.validUntil)
        return state
    }

    /// At least as good in every component, so that whatever validates below `other` validates below this.
    func replaces(_ other: PathState) -> Bool {
        anchor == other.anchor && length <= other.length && depth <= other.depth && maxPathLength >= other.maxPathLength
            && validFrom <= other.validFrom && validUntil >= other.validUntil && freshUntil >= other.freshUntil
            && (signsLists || !other.signsLists) && keyPurposes.isAtLeast(other.keyPurposes)
            && names.isAtLeast(other.names) && policies.isAtLeast(other.policies)
    }
}

/// Where a path could not go on: the certificate is told by whoever keeps this.
struct DeadEnd: Sendable {
    let refusal: Refusal
    /// The path above the certificate, its issuer first.
    let above: PathLink
}
