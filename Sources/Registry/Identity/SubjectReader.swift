import PKI

extension AuthorityEntry {
    /// Reads who holds this certificate: identifier first, then whether this CA may say so, then the rest.
    func subject(of leaf: Certificate) throws(Refusal) -> Subject {
        guard let identity else { throw Refusal(.identityNotPermitted, "the issuing CA has no identity profile") }
        let identifier = try identity.identifier(of: leaf, permittedBy: mayAssert)
        let organization = identity.organization?.firstText(in: leaf)?.maskingNumbers
        let holder = identity.holderIdentifier(of: leaf, besides: identifier)
        return Subject(
            identifier: identifier, holder: holder,
            name: identity.displayName(of: leaf) ?? organization ?? identifier.display, organization: organization,
            masterEligible: master.opening != .never && mayAssert.kinds.contains(.master) && master.admits(leaf, holder: holder),
            acr: assurance)
    }
}

extension Subject.Identifier {
    fileprivate var display: String {
        switch self {
        case .legalPerson(let uscc): uscc
        case .person(_, let masked): masked
        }
    }
}

extension IdentityProfile {
    /// A legal person where one is named, else a natural person. Broken never falls back to the next kind.
    fileprivate func identifier(of leaf: Certificate, permittedBy rules: Assertions) throws(Refusal) -> Subject.Identifier {
        let code = try only(legalPerson, in: leaf, as: "USCC") { text throws(IdentifierFault) in try UnifiedSocialCreditCode(text) }
        if let code {
            try rules.permit(code)
            return .legalPerson(uscc: code.text)
        }
        let number = try only(person, in: leaf, as: "citizen's number") { text throws(IdentifierFault) in try CitizenIdentifier(text) }
        guard let number else { throw Refusal(.identityMissing, "nothing stands where this CA puts its identifiers") }
        try rules.permit(number)
        return .person(identifier: number.text, masked: number.masked)
    }

    /// The one number that the sources agree on. Values that do not check are passed over while another does; two different numbers, or
    /// none that checks, refuse. The number itself is never told.
    private func only<Number: Hashable>(
        _ sources: [IdentitySource], in leaf: Certificate, as what: String, parse: (String) throws(IdentifierFault) -> Number
    ) throws(Refusal) -> Number? {
        var numbers = Set<Number>()
        var fault: String?
        for reading in sources.flatMap({ $0.readings(in: leaf) }) {
            guard case .text(let text) = reading else {
                fault = fault ?? "it is not text in the encoding of the CA's profile"
                continue
            }
            do throws(IdentifierFault) {
                numbers.insert(try parse(text))
            } catch {
                fault = fault ?? ((try? OrganizationCode(text)) == nil ? error.rawValue : "it is an organization code alone")
            }
        }
        guard numbers.count < 2 else { throw Refusal(.identityMalformed, "the certificate holds two different numbers as \(what)") }
        if let fault, numbers.isEmpty { throw Refusal(.identityMalformed, "the \(what) in the certificate is not one: \(fault)") }
        return numbers.first
    }

    /// The entity identifier, unless it is only the legal person's or person's number again: that would make one account of everybody who
    /// holds a certificate of the same organization.
    fileprivate func holderIdentifier(of leaf: Certificate, besides identifier: Subject.Identifier) -> String? {
        let number =
            switch identifier {
            case .legalPerson(let uscc): uscc
            case .person(let identifier, _): identifier
            }
        return holder.lazy.compactMap { $0.firstText(in: leaf) }.first { $0.uppercased() != number }
    }

    fileprivate func displayName(of leaf: Certificate) -> String? {
        let text = name?.firstText(in: leaf) ?? leaf.subject.commonName
        return text.map { String($0.maskingNumbers.prefix(128)) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension IdentitySource {
    fileprivate func firstText(in certificate: Certificate) -> String? {
        readings(in: certificate).lazy.compactMap { if case .text(let text) = $0 { text } else { nil } }.first
    }
}
