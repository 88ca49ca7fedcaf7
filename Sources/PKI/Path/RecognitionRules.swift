import Foundation

/// Cross-recognition (docs/trust-list.md): below a root that entries of mutual recognition name, only what fulfils one of them counts.
extension TrustWalk {
    /// The entry that recognises this leaf; nil where the anchor is an ordinary one. Throws why the nearest entry does not.
    func recognition(of leaf: Certificate, _ policies: Set<ObjectIdentifier>, over state: PathState, at now: Date) throws(Refusal)
        -> Recognition?
    {
        guard let entries = recognitions[state.anchor] else { return nil }
        let issuer = authorities[state.authority].key
        var faults = [Refusal]()
        for entry in entries {
            guard let fault = entry.fault(of: leaf, policies, issuer: issuer, at: now) else { return entry }
            faults.append(fault)
        }
        // An entry of the leaf's own CA says more than those of its neighbours.
        throw faults.first { $0.code == .policyNotAcceptable } ?? faults[0]
    }
}

extension Recognition {
    /// The first condition that does not hold.
    fileprivate func fault(of leaf: Certificate, _ own: Set<ObjectIdentifier>, issuer leafIssuer: AuthorityKey, at now: Date) -> Refusal? {
        guard issuer == leafIssuer else {
            return Refusal(.pathNotFound, "the issuing CA is not the one that `\(name)` recognises", certificate: leaf.fingerprint)
        }
        guard status(at: now) == .granted else {
            return Refusal(.pathNotFound, "the recognition `\(name)` is not granted at this time", certificate: leaf.fingerprint)
        }
        for rule in type where !rule.holds(for: leaf.subject) {
            return Refusal(
                .policyNotAcceptable,
                "the certificate is not of the type that `\(name)` recognises: \(rule.attribute) is not \(rule.value)",
                certificate: leaf.fingerprint)
        }
        guard own.contains(where: { policy in policies.contains { $0.contains(policy) } }) else {
            return Refusal(.policyNotAcceptable, "the certificate has no policy that `\(name)` recognises", certificate: leaf.fingerprint)
        }
        return nil
    }
}

extension Recognition.TypeRule {
    fileprivate func holds(for subject: DistinguishedName) -> Bool {
        let wanted = DirectoryString.folded(value)
        return subject.values(attribute).contains { DirectoryString.folded($0) == wanted }
    }
}

extension AssuranceTable {
    func level(for policies: Set<ObjectIdentifier>, isStale: Bool) -> String? {
        let fresh = rows.first { row in policies.contains { row.policy.contains($0) } }?.level ?? level
        return isStale ? staleLevel ?? fresh : fresh
    }
}
