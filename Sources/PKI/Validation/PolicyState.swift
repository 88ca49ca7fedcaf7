/// Certificate policies along a path: RFC 5280 §6.1's valid_policy_tree as RFC 9618 has it, folded to what those below can see.
///
/// Of the graph's lowest level only this matters later: which policies are expected next, and from which policies of the anchor's domain
/// each of them came (its roots: ancestors whose parent is anyPolicy). So the size is bounded by the policies of two certificates, and
/// never grows with the length of the path as the tree of RFC 5280 does.
struct PolicyState: Sendable, Hashable {
    /// Expected policy → its roots. The state that §6.1 calls a NULL tree is an empty one without `hasAny`.
    private(set) var expected: [ObjectIdentifier: Set<ObjectIdentifier>] = [:]
    /// The level has an anyPolicy node.
    private(set) var hasAny = true
    /// explicit_policy, policy_mapping, inhibit_anyPolicy (§6.1.2 (d), (e), (f)); Int.max stands for n + 1, which no path reaches.
    private(set) var explicitPolicy = Int.max
    private(set) var policyMapping: Int
    private(set) var inhibitAnyPolicy: Int

    /// Policies and mappings of one state; more are `too_complex`. OpenSSL bounds its policy tree at 1000 nodes.
    static let limit = 4096

    /// §6.1.2 (a), (e), (f). The initial explicit policy is asked at the end: what is NULL never comes back.
    init(_ inhibitions: Inhibitions) {
        policyMapping = inhibitions.contains(.policyMapping) ? 0 : Int.max
        inhibitAnyPolicy = inhibitions.contains(.anyPolicy) ? 0 : Int.max
    }

    var isNull: Bool { expected.isEmpty && !hasAny }

    /// §6.1.3 (d), (e), (f).
    mutating func process(_ certificate: Certificate, isLast: Bool) throws(Refusal) {
        let policies = certificate.extensions.policies
        var level: [ObjectIdentifier: Set<ObjectIdentifier>] = [:]
        // (d)(1): a policy that is expected goes on with its roots; one that only anyPolicy allows is a root itself.
        for policy in policies where policy != .anyPolicy {
            if let roots = expected[policy] {
                level[policy] = roots
            } else if hasAny {
                level[policy] = [policy]
            }
        }
        // (d)(2): anyPolicy goes on with everything that is expected.
        let assertsAny = policies.contains(.anyPolicy) && (inhibitAnyPolicy > 0 || (!isLast && certificate.isSelfIssued))
        if assertsAny { level.merge(expected) { own, _ in own } }
        // (d)(3) prunes what has no children; (e): without the extension nothing goes on.
        hasAny = hasAny && assertsAny
        expected = level
        try checkSize(certificate)
        guard explicitPolicy > 0 || !isNull else {
            throw Refusal(
                .policyNotAcceptable, "no policy is left although one is required (§6.1.3 (f))", certificate: certificate.fingerprint)
        }
    }

    /// §6.1.4 (a), (b), (h), (i), (j).
    mutating func prepare(after certificate: Certificate, isAnchor: Bool) throws(Refusal) {
        let extensions = certificate.extensions
        try map(extensions.policyMappings, certificate)
        if !certificate.isSelfIssued, !isAnchor {
            explicitPolicy = Self.decremented(explicitPolicy)
            policyMapping = Self.decremented(policyMapping)
            inhibitAnyPolicy = Self.decremented(inhibitAnyPolicy)
        }
        if let limit = extensions.policyConstraints?.requireExplicitPolicy { explicitPolicy = min(explicitPolicy, limit) }
        if let limit = extensions.policyConstraints?.inhibitPolicyMapping { policyMapping = min(policyMapping, limit) }
        if let limit = extensions.inhibitAnyPolicy { inhibitAnyPolicy = min(inhibitAnyPolicy, limit) }
    }

    /// §6.1.4 (a), (b).
    private mutating func map(_ mappings: [CertificateExtensions.PolicyMapping], _ certificate: Certificate) throws(Refusal) {
        guard !mappings.isEmpty else { return }
        guard !mappings.contains(where: { $0.issuerDomain == .anyPolicy || $0.subjectDomain == .anyPolicy }) else {
            throw Refusal(.policyNotAcceptable, "a policy mapping from or to anyPolicy (§6.1.4 (a))", certificate: certificate.fingerprint)
        }
        let mapped = Set(mappings.map(\.issuerDomain))
        var next = expected.filter { !mapped.contains($0.key) }
        if policyMapping > 0 {
            for mapping in mappings {
                guard let roots = expected[mapping.issuerDomain] ?? (hasAny ? [mapping.issuerDomain] : nil) else { continue }
                next[mapping.subjectDomain, default: []].formUnion(roots)
            }
        }
        expected = next
        try checkSize(certificate)
    }

    private func checkSize(_ certificate: Certificate) throws(Refusal) {
        guard expected.count <= Self.limit, expected.values.reduce(0, { $0 + $1.count }) <= Self.limit else {
            throw Refusal(.tooComplex, "more than \(Self.limit) policies", certificate: certificate.fingerprint)
        }
    }

    /// §6.1.5 (a), (b), (g) after the leaf was processed: the user-constrained-policy-set, or the refusal.
    /// `acceptable` is user-initial-policy-set, nil for any-policy.
    func conclude(_ leaf: Certificate, acceptable: Set<ObjectIdentifier>?, isRequired: Bool) throws(Refusal) -> Set<ObjectIdentifier> {
        let leafLimit = leaf.extensions.policyConstraints?.requireExplicitPolicy
        let isExplicit = isRequired || Self.decremented(explicitPolicy) == 0 || leafLimit == 0
        var found = Set(expected.values.joined())
        if let acceptable {
            found = hasAny ? acceptable : found.intersection(acceptable)
        } else if hasAny {
            found.insert(.anyPolicy)
        }
        guard !isExplicit || !found.isEmpty else {
            throw Refusal(.policyNotAcceptable, "no acceptable certificate policy (§6.1.5 (g))", certificate: leaf.fingerprint)
        }
        return found
    }

    private static func decremented(_ counter: Int) -> Int { counter == 0 || counter == Int.max ? counter : counter - 1 }

    /// At least as good for everything below. With anyPolicy in play, more expected policies are not simply better (a policy that is
    /// expected loses the root it would have been by itself), so then only equal states replace each other.
    func isAtLeast(_ other: PolicyState) -> Bool {
        guard explicitPolicy >= other.explicitPolicy, policyMapping >= other.policyMapping, inhibitAnyPolicy >= other.inhibitAnyPolicy
        else { return false }
        if expected == other.expected && hasAny == other.hasAny { return true }
        guard !hasAny, !other.hasAny else { return false }
        return other.expected.allSatisfy { policy, roots in expected[policy]?.isSuperset(of: roots) ?? false }
    }
}
