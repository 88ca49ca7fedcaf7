import PKI

/// What a CA's entry makes of a certificate, for an operator who tries the entry before it counts.
package struct IdentityTrial: Sendable {
    /// One value that stands where the profile looks. Numbers are masked.
    package struct Reading: Sendable, Equatable {
        /// The profile's key.
        package let what: String
        package let from: IdentitySource.Place
        package let oid: String
        /// Nil: something stands there that is not text in that encoding.
        package let value: String?
    }
    package let readings: [Reading]
    package let subject: Result<Subject, Refusal>
    /// What its certificates may be here.
    package let kinds: [CertificateKind]
}

extension AuthorityEntry {
    package func tryOn(_ leaf: Certificate) -> IdentityTrial {
        let subject = Result { () throws(Refusal) in try self.subject(of: leaf) }
        return IdentityTrial(readings: identity?.trialReadings(in: leaf) ?? [], subject: subject, kinds: kinds(of: subject))
    }

    private func kinds(of subject: Result<Subject, Refusal>) -> [CertificateKind] {
        guard case .success(let subject) = subject else { return [] }
        let possible: [CertificateKind]
        switch subject.identifier {
        case .legalPerson: possible = subject.masterEligible ? [.master, .sub] : [.sub]
        case .person: possible = [.personal]
        }
        return possible.filter(mayAssert.kinds.contains)
    }
}

extension IdentityProfile {
    fileprivate func trialReadings(in leaf: Certificate) -> [IdentityTrial.Reading] {
        let places =
            legalPerson.map { ("legal_person", $0) } + person.map { ("person", $0) } + holder.map { ("holder", $0) }
            + [name].compactMap(\.self).map { ("name", $0) } + [organization].compactMap(\.self).map { ("organization", $0) }
        return places.flatMap { what, source in
            source.readings(in: leaf).map { reading in
                let value: String? = if case .text(let text) = reading { text.maskedForTrial } else { nil }
                return IdentityTrial.Reading(what: what, from: source.from, oid: source.oid, value: value)
            }
        }
    }
}

extension String {
    /// A USCC is public and stays; citizens' numbers, also inside of longer values, do not.
    fileprivate var maskedForTrial: String { (try? UnifiedSocialCreditCode(self)) == nil ? maskingNumbers : self }
}
