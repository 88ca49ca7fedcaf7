extension TrustList {
    /// Only what a path to this leaf could lead over, by names alone: a one-shot question does not walk the rest of a large pool.
    /// The issuers of indirect lists (RFC 5280 §4.2.1.13, cRLIssuer) count too.
    package func relevant(to leaf: Certificate) -> TrustList {
        let bySubject = Dictionary(grouping: authorities, by: \.subject)
        var names: Set<DistinguishedName> = []
        var queue = leaf.namesAbove
        while let name = queue.popLast() {
            guard names.insert(name).inserted else { continue }
            for certificate in bySubject[name] ?? [] { queue += certificate.namesAbove }
        }
        var list = self
        list.anchors = anchors.filter { names.contains($0.subject) }
        list.authorities = authorities.filter { names.contains($0.subject) }
        list.revocationLists = revocationLists.filter { names.contains($0.issuer) }
        return list
    }
}

extension Certificate {
    /// Its issuer, and whose lists speak of it.
    fileprivate var namesAbove: [DistinguishedName] {
        let listIssuers = extensions.distributionPoints.flatMap(\.issuers).compactMap { name in
            if case .directory(let issuer) = name { issuer } else { nil }
        }
        return [issuer] + listIssuers
    }
}
