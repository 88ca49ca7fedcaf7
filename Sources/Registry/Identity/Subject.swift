import Foundation
import PKI

/// Who a certificate says its holder is, whichever CA it came from (owner: registry-b). Read by the issuing CA's profile.
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
    package init(identifier: Identifier, holder: String?, name: String, organization: String?, masterEligible: Bool, acr: String) {
        self.identifier = identifier
        self.holder = holder
        self.name = name
        self.organization = organization
        self.masterEligible = masterEligible
        self.acr = acr
    }
}

/// What the registry knows of each CA beyond its path rules: identity profile, what it may assert, master opening, assurance.
/// Decoded from the trust list by IdentityServer. (registry-b designs the profile's Codable types here.)
package struct AuthorityBook: Sendable {
    package init() {}
}

extension Registry {
    /// Reads the leaf by its issuer's profile. Throws `identity_missing`, `identity_malformed`, `identity_not_permitted`.
    package func subject(of path: ValidatedPath) throws(Refusal) -> Subject { fatalError("stub (registry-b)") }
}
