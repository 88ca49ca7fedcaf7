extension TrustList {
    /// Only what a path to this leaf could lead over, by names alone: a one-shot question does not walk the rest of a large pool.
    package func relevant(to leaf: Certificate) -> TrustList {
        let bySubject = Dictionary(grouping: authorities, by: \.subject)
        var names: Set<DistinguishedName> = [leaf.issuer]
        var queue = [leaf.issuer]
        while let name = queue.popLast() {
            for certificate in bySubject[name] ?? [] where names.insert(certificate.issuer).inserted { queue.append(certificate.issuer) }
        }
        var list = self
        list.anchors = anchors.filter { names.contains($0.subject) }
        list.authorities = authorities.filter { names.contains($0.subject) }
        list.revocationLists = revocationLists.filter { names.contains($0.issuer) }
        return list
    }
}
