import Foundation
import PKI
import Synchronization

/// Who a certificate says its holder is, whichever CA it came from. Read by the issuing CA's profile.
package struct Subject: Sendable, Equatable {
    package enum Identifier: Sendable, Equatable {
        /// A legal person's unified social credit code (GB 32100), check digit verified.
        case legalPerson(uscc: String)
        /// A natural person: a keyed hash of the identifier is stored, `masked` is what people see.
        case person(identifier: String, masked: String)
    }
    package let identifier: Identifier
    /// What stays the same over renewals at this CA (entity identifier), when the CA gives one.
    package let holder: String?
    /// Common name, for display.
    package let name: String
    /// Organization name as the certificate spells it.
    package let organization: String?
    /// Does the CA's entry let this certificate open a master (its `master.when`)?
    package let masterEligible: Bool
    package let acr: String
    package init(
        identifier: Identifier, holder: String?, name: String, organization: String?, masterEligible: Bool, acr: String
    ) {
        self.identifier = identifier
        self.holder = holder
        self.name = name
        self.organization = organization
        self.masterEligible = masterEligible
        self.acr = acr
    }
}

extension Subject: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the holder and with a masked number: what may stand in a log.
    package var description: String {
        switch identifier {
        case .legalPerson(let uscc): "\(name) (\(uscc))"
        case .person(_, let masked): "\(name) (\(masked))"
        }
    }
    package var debugDescription: String { description }
}

extension Registry {
    /// Reads the leaf by its issuer's profile. Throws `identity_missing`, `identity_malformed`, `identity_not_permitted`.
    package func subject(of path: ValidatedPath) throws(Refusal) -> Subject {
        try presented(path).subject
    }

    /// The leaf, who it names, and the rules of the CA that issued it.
    func presented(_ path: ValidatedPath) throws(Refusal) -> PresentedCertificate {
        let (entry, isPlatform) = authorities.withLock { ($0.entries[path.issuer], $0.platform.contains(path.issuer)) }
        guard let entry else { throw Refusal(.identityNotPermitted, "the trust list has no identity rules for the issuing CA") }
        return PresentedCertificate(path: path, subject: try entry.subject(of: path.leaf), entry: entry, isPlatform: isPlatform)
    }
}

/// A validated certificate whose holder has been read.
struct PresentedCertificate: Sendable {
    let path: ValidatedPath
    let subject: Subject
    let entry: AuthorityEntry
    /// Issued by the platform CA?
    let isPlatform: Bool

    /// How sure the path is (its policies, its CA's entry, a stale status); else what the CA's entry says of all its certificates.
    var acr: String { path.assurance ?? subject.acr }
    var fingerprint: String { path.leaf.fingerprint.description }
    /// The issuing CA by key and name, as rows keep it.
    var issuer: String { path.issuer.rowKey }
}

extension AuthorityKey {
    /// Name and key in one text; the name folded so that a re-encoded one is the same (RFC 5280 §7.1).
    var rowKey: String { keyDigest.hex + " " + name.description.lowercased() }
}
