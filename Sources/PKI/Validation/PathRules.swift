import Foundation

/// RFC 5280 §6.1, step by step. Signatures and revocation are looked up by the walk, which calls these in the section's order.
struct PathRules: Sendable {
    let profile: Profile
    /// Of the anchor only name and key count (§6.1.1 (d)); otherwise its own fields constrain too (RFC 5937).
    let isAnchorConstraining: Bool

    private let initialPolicies: PolicyState

    init(_ settings: ValidationSettings) {
        profile = Profile(isEnforced: !settings.isLax, floor: settings.floor)
        isAnchorConstraining = !settings.isLax
        initialPolicies = PolicyState(settings.inhibitions)
    }

    /// §6.1.2, with the anchor's constraints as initial values (RFC 5937 §3).
    func begin(_ anchor: Certificate, index: Int, authority: Int, relaxed: Set<String>, now: Date) throws(Refusal) -> PathState {
        var state = PathState(
            anchor: index, authority: authority, link: PathLink(anchor, authority: authority, above: nil), length: 1, depth: 0,
            maxPathLength: Int.max, names: .everything, keyPurposes: .any, policies: initialPolicies, validFrom: .distantPast,
            validUntil: .distantFuture,
            freshUntil: .distantFuture,
            signsLists: true)
        guard isAnchorConstraining else { return state }
        try profile.check(anchor, as: .anchor, relaxed: relaxed)
        try checkValidity(of: anchor, at: now)
        if anchor.extensions.first(.certificatePolicies) != nil { try state.policies.process(anchor, isLast: false) }
        try prepare(&state, after: anchor, isAnchor: true, isVersionOneAllowed: relaxed.contains(ProfileRule.version.rawValue))
        return state
    }

    /// §6.1.3 (validity, extensions) and §6.1.4 for a CA certificate below `state`. Signature (a)(1), revocation (a)(3) and
    /// issuer name (a)(4) are the walk's.
    func extend(_ state: PathState, with certificate: Certificate, authority: Int, relaxed: Set<String>, now: Date) throws(Refusal)
        -> PathState
    {
        try profile.check(certificate, as: .authority, relaxed: relaxed)
        try checkValidity(of: certificate, at: now)
        var next = PathState(
            anchor: state.anchor, authority: authority, link: PathLink(certificate, authority: authority, above: state.link),
            length: state.length + 1, depth: state.depth, maxPathLength: state.maxPathLength, names: state.names,
            keyPurposes: state.keyPurposes, policies: state.policies, validFrom: state.validFrom, validUntil: state.validUntil,
            freshUntil: state.freshUntil, signsLists: state.signsLists)
        // §6.1.3 (b), (c): of self-issued certificates only the last of a path.
        if !certificate.isSelfIssued { try state.names.check(certificate) }
        try next.policies.process(certificate, isLast: false)
        // §6.1.4 (l): self-issued certificates do not count.
        if !certificate.isSelfIssued {
            guard next.maxPathLength > 0 else {
                throw Refusal(.constraintViolated, "path length exhausted above this CA (§6.1.4 (l))", certificate: certificate.fingerprint)
            }
            next.maxPathLength -= 1
            next.depth += 1
        }
        try prepare(&next, after: certificate, isAnchor: false, isVersionOneAllowed: false)
        return next
    }

    /// §6.1.4 (a), (b), (g) to (k), (m), (n), (o).
    private func prepare(_ state: inout PathState, after certificate: Certificate, isAnchor: Bool, isVersionOneAllowed: Bool)
        throws(Refusal)
    {
        let extensions = certificate.extensions
        guard certificate.isAuthority || (isVersionOneAllowed && certificate.version < 3) else {
            throw Refusal(.constraintViolated, "not a CA by its basicConstraints (§6.1.4 (k))", certificate: certificate.fingerprint)
        }
        if let limit = extensions.basicConstraints?.pathLength { state.maxPathLength = min(state.maxPathLength, limit) }
        if let usage = extensions.keyUsage, !usage.contains(.keyCertSign) {
            throw Refusal(.constraintViolated, "keyUsage without keyCertSign (§6.1.4 (n))", certificate: certificate.fingerprint)
        }
        try checkExtensions(of: certificate)
        try state.policies.prepare(after: certificate, isAnchor: isAnchor)
        if let constraints = extensions.nameConstraints { try state.names.narrow(by: constraints, of: certificate) }
        state.signsLists = extensions.keyUsage?.contains(.cRLSign) ?? true
        state.keyPurposes = state.keyPurposes.intersected(with: extensions.keyPurposes)
        state.validFrom = max(state.validFrom, certificate.notBefore)
        state.validUntil = min(state.validUntil, certificate.notAfter)
    }

    /// A certificate that has expired never comes back; one that is not yet valid is kept for later and judged when it is asked for.
    private func checkValidity(of certificate: Certificate, at now: Date) throws(Refusal) {
        guard certificate.notAfter >= now else {
            throw Refusal(.pathNotFound, "CA certificate expired at \(certificate.notAfter.rfc3339)", certificate: certificate.fingerprint)
        }
    }

    /// §6.1.4 (o), §6.1.5 (f): what is critical must be understood.
    func checkExtensions(of certificate: Certificate) throws(Refusal) {
        for one in certificate.extensions.all where one.isCritical && !Self.processed.contains(one.id) {
            throw Refusal(.extensionNotSupported, "extension \(one.id) is not supported", certificate: certificate.fingerprint)
        }
    }

    private static let processed: Set<ObjectIdentifier> = [
        .basicConstraints, .keyUsage, .extendedKeyUsage, .subjectKeyIdentifier, .authorityKeyIdentifier, .subjectAlternativeName,
        .issuerAlternativeName, .nameConstraints, .distributionPoints, .certificatePolicies, .policyMappings, .policyConstraints,
        .inhibitAnyPolicy,
    ]
}

extension PathRules {
    /// The leaf's own faults, whatever path it has: profile, validity, usages, extensions (§6.1.3 (a)(2), §6.1.5 (f)).
    func checkLeaf(_ leaf: Certificate, _ request: ValidationRequest, relaxed: Set<String>, now: Date) throws(Refusal) {
        try profile.check(leaf, as: .leaf, relaxed: relaxed)
        guard now >= leaf.notBefore else {
            throw Refusal(.certificateNotYetValid, "valid from \(leaf.notBefore.rfc3339)", certificate: leaf.fingerprint)
        }
        guard now <= leaf.notAfter else {
            throw Refusal(.certificateExpired, "expired at \(leaf.notAfter.rfc3339)", certificate: leaf.fingerprint)
        }
        if let usage = leaf.keyUsage, !usage.isSuperset(of: request.keyUsage) {
            let missing = request.keyUsage.subtracting(usage).names.joined(separator: ", ")
            throw Refusal(.purposeNotPermitted, "keyUsage without \(missing)", certificate: leaf.fingerprint)
        }
        try checkSigning(leaf, request)
        let own = KeyPurposes.any.intersected(with: leaf.extensions.keyPurposes)
        if let missing = request.keyPurposes.first(where: { !own.allows($0) }) {
            throw Refusal(.purposeNotPermitted, "extKeyUsage without \(KeyPurposes.name(of: missing))", certificate: leaf.fingerprint)
        }
        try checkExtensions(of: leaf)
    }

    /// §6.1.3 (d) to (f) for the leaf and §6.1.5 (a), (b), (g): user-constrained-policy-set, and of the leaf's own policies those that the
    /// path lets it assert.
    func concludePolicies(_ state: PathState, _ leaf: Certificate, _ request: ValidationRequest) throws(Refusal) -> (
        constrained: Set<ObjectIdentifier>, own: Set<ObjectIdentifier>
    ) {
        var policies = state.policies
        try policies.process(leaf, isLast: true)
        let constrained = try policies.conclude(leaf, acceptable: request.acceptablePolicies, isRequired: request.isPolicyRequired)
        // Where no CA says anything of policies, nobody restricts what the issuing CA asserts.
        let isRestricted = state.link.certificates.contains { $0.extensions.first(.certificatePolicies) != nil }
        return (constrained, isRestricted ? Set(policies.expected.keys) : Set(leaf.extensions.policies))
    }

    /// What the path above asks of this leaf, this moment and this question. The leaf's names count even when it is self-issued
    /// (§6.1.3 (b), (c)).
    func conclude(_ state: PathState, _ leaf: Certificate, _ request: ValidationRequest, now: Date) throws(Refusal) {
        guard now >= state.validFrom else {
            throw Refusal(
                .pathNotFound, "a CA certificate of the path, or its entry in the trust list, is valid from \(state.validFrom.rfc3339)",
                certificate: state.link.certificates.first { now < $0.notBefore }?.fingerprint)
        }
        guard now <= state.validUntil else {
            throw Refusal(
                .pathNotFound, "a CA certificate of the path, or its entry in the trust list, expired at \(state.validUntil.rfc3339)",
                certificate: state.link.certificates.first { now > $0.notAfter }?.fingerprint)
        }
        guard now <= state.freshUntil else {
            throw Refusal(.revocationUnavailable, "a CRL that the path rests on expired at \(state.freshUntil.rfc3339)")
        }
        if let limit = request.maximumDepth, state.depth > limit {
            throw Refusal(.constraintViolated, "\(state.depth) intermediates where \(limit) are allowed")
        }
        if let missing = request.keyPurposes.first(where: { !state.keyPurposes.allows($0) }) {
            throw Refusal(.purposeNotPermitted, "a CA of the path does not allow purpose \(KeyPurposes.name(of: missing))")
        }
        try state.names.check(leaf)
        guard !request.signatureAlgorithms.isEmpty else { return }
        for one in [leaf] + state.link.certificates.dropLast()
        where !request.signatureAlgorithms.contains(one.signature.algorithm.description) {
            throw Refusal(
                .algorithmNotPermitted, "signature algorithm \(one.signature.algorithm) was not asked for", certificate: one.fingerprint)
        }
    }
}

extension Date {
    /// RFC 3339 in UTC, whole seconds.
    package var rfc3339: String { formatted(.iso8601) }
}
