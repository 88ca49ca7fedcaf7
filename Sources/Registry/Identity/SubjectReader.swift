import PKI

extension AuthorityEntry {
    /// Reads who holds this certificate: identifier first, then whether this CA may say so, then the rest.
    package func subject(of leaf: Certificate) throws(Refusal) -> Subject {
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
    /// A legal person where one is named, else a natural person. Which number a text is, check digits and what this CA may assert decide:
    /// a CA may write both kinds in one place. What is broken never falls back to something else.
    fileprivate func identifier(of leaf: Certificate, permittedBy rules: Assertions) throws(Refusal) -> Subject.Identifier {
        var codes = Numbers(legalPerson, in: leaf) { text throws(IdentifierFault) in try UnifiedSocialCreditCode(text) }
        var citizens = Numbers(person, in: leaf) { text throws(IdentifierFault) in try CitizenIdentifier(text) }
        for (text, code) in codes.valid {
            guard let citizen = citizens.valid[text] else { continue }
            switch (
                rules.permits { () throws(Refusal) in try rules.permit(code) },
                rules.permits { () throws(Refusal) in try rules.permit(citizen) }
            ) {
            case (true, true): throw Refusal(.identityMalformed, "the number fits both a legal and a natural person of this CA")
            case (false, true): codes.valid[text] = nil
            default: citizens.valid[text] = nil
            }
        }
        if let code = try codes.only(besides: Set(citizens.valid.keys), as: "USCC") {
            try rules.permit(code)
            return .legalPerson(uscc: code.text)
        }
        guard let number = try citizens.only(besides: [], as: "citizen's number") else {
            throw Refusal(.identityMissing, "nothing stands where this CA puts its identifiers")
        }
        try rules.permit(number)
        return .person(identifier: number.text, masked: number.masked)
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

/// What some sources hold, tried as one kind of number.
private struct Numbers<Number: Hashable> {
    /// By the text they stand in.
    var valid = [String: Number]()
    /// Why the other texts are not such numbers; the numbers themselves are never told.
    private var faults = [(text: String?, why: String)]()

    init(_ sources: [IdentitySource], in leaf: Certificate, parse: (String) throws(IdentifierFault) -> Number) {
        for reading in sources.flatMap({ $0.readings(in: leaf) }) {
            guard case .text(let text) = reading else {
                faults.append((nil, "it is not text in the encoding of the CA's profile"))
                continue
            }
            do throws(IdentifierFault) {
                valid[text] = try parse(text)
            } catch {
                faults.append((text, (try? OrganizationCode(text)) == nil ? error.rawValue : "it is an organization code alone"))
            }
        }
    }

    /// The one number that the sources agree on, or nil where there is none. Texts that do not check are passed over while another does;
    /// two different numbers, or none that checks, refuse. Texts in `others` are numbers of the other kind, not faults.
    func only(besides others: Set<String>, as what: String) throws(Refusal) -> Number? {
        let numbers = Set(valid.values)
        guard numbers.count < 2 else { throw Refusal(.identityMalformed, "the certificate holds two different numbers as \(what)") }
        if let number = numbers.first { return number }
        guard let fault = faults.first(where: { $0.text.map { !others.contains($0) } ?? true }) else { return nil }
        throw Refusal(.identityMalformed, "the \(what) in the certificate is not one: \(fault.why)")
    }
}

extension Assertions {
    fileprivate func permits(_ rule: () throws(Refusal) -> Void) -> Bool {
        do throws(Refusal) {
            try rule()
            return true
        } catch {
            return false
        }
    }
}
