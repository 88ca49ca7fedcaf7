import Foundation

/// The mesh of a trust graph as it can be drawn: CAs by name and key, and the certificates between them.
package struct TrustMesh: Sendable {
    package struct Authority: Sendable {
        package let key: AuthorityKey
        package let isAnchor: Bool
        /// A path from an anchor leads here now.
        package let isReached: Bool
    }

    /// A CA certificate: who signed it, whom it is about.
    package struct Link: Sendable {
        package let certificate: Certificate
        /// Index of the issuer; nil: no CA of that name is known.
        package let issuer: Int?
        package let subject: Int
        /// Why no path runs over it; nil: one may.
        package let refusal: Refusal?
    }

    package let authorities: [Authority]
    package let links: [Link]
}

extension TrustGraph {
    /// Anchors, CAs and every CA certificate with what became of it; the order is that of fingerprints.
    package func mesh(at now: Date) -> TrustMesh { walk.mesh(at: now.wholeSeconds) }
}

extension TrustWalk {
    fileprivate func mesh(at now: Date) -> TrustMesh {
        let anchored = Set(anchors.compactMap { authority(about: $0) })
        let nodes = authorities.indices.map { index in
            let isReached = states[index].contains { now >= $0.validFrom && now <= $0.validUntil && now <= $0.freshUntil }
            return TrustMesh.Authority(key: authorities[index].key, isAnchor: anchored.contains(index), isReached: isReached)
        }
        let links = certificates.indices.compactMap { index in
            authority(about: certificates[index]).map { link(index, about: $0) }
        }
        return TrustMesh(authorities: nodes, links: links)
    }

    private func link(_ index: Int, about subject: Int) -> TrustMesh.Link {
        let certificate = certificates[index]
        let named = authorities(named: certificate.issuer, keyIdentifier: certificate.extensions.authorityKeyIdentifier?.keyIdentifier)
        let signer = named.first { self.authorities[$0].verify(certificate.signature) == nil }
        let ends = deadEnds[index]?.map(\.refusal).filter { $0.code != .signatureInvalid || signer == nil } ?? []
        return TrustMesh.Link(certificate: certificate, issuer: signer ?? named.first, subject: subject, refusal: ends.first)
    }
}
