import Foundation
import NIOSSL
import PKI
import Registry
import Synchronization

/// The trust graph in force, swapped whole when the trust list or a revocation list changes; and what is refused beside it, at once, by
/// lists that came since it was compiled.
package final class TrustStore: Sendable {
    private struct InForce {
        var graph: TrustGraph
        var handshakeAuthorities: [NIOSSLCertificate]
        /// Removals act first: these lists are not in the graph yet.
        var denials: [Denial] = []
        /// CA certificates that left the trust list and may be in a graph that is being compiled still.
        var removed: Set<Fingerprint> = []
    }
    private struct Denial {
        let list: ArrivedList
        /// CA certificates that it revokes: no path runs over them, though another may lead around.
        let authorities: Set<Fingerprint>
    }
    private let inForce: Mutex<InForce>

    package init(_ graph: TrustGraph) {
        inForce = Mutex(InForce(graph: graph, handshakeAuthorities: Self.handshakeAuthorities(of: graph)))
    }

    package var graph: TrustGraph { inForce.withLock { $0.graph } }

    /// The CAs whose names the certificate origin's handshake sends. One that BoringSSL cannot read is left out: its people log in by
    /// signed challenge.
    var handshakeAuthorities: [NIOSSLCertificate] { inForce.withLock { $0.handshakeAuthorities } }

    /// Whatever this list revokes is refused from now on.
    func deny(_ list: ArrivedList, authorities: Set<Fingerprint>) {
        inForce.withLock { state in
            state.denials.append(Denial(list: list, authorities: authorities))
            state.graph = state.graph.denying(authorities)
        }
    }
    var denied: [ArrivedList] { inForce.withLock { $0.denials.map(\.list) } }

    /// CA certificates that left the trust list: no path runs over them from now on, until a graph of a list without them is in force.
    /// `named`: those of the list that takes its place; what comes back is let in by the next graph.
    func deny(removed: Set<Fingerprint>, named: Set<Fingerprint>) {
        inForce.withLock { state in
            state.removed = state.removed.subtracting(named).union(removed)
            state.graph = state.graph.denying(removed)
        }
    }

    /// Puts a graph in force; `covering`: the lists it was compiled with among those denied; `named`: the CA certificates of the trust list
    /// it was compiled from. One of these that was removed meanwhile stays denied: the compile was under way when it left.
    package func replace(_ graph: TrustGraph, covering: [ArrivedList] = [], named: Set<Fingerprint>) {
        let authorities = Self.handshakeAuthorities(of: graph)
        let covered = Set(covering.map(\.record.digest))
        inForce.withLock { state in
            state.denials.removeAll { covered.contains($0.list.record.digest) }
            state.removed.formIntersection(named)
            state.graph = state.denials.reduce(graph.denying(state.removed)) { $0.denying($1.authorities) }
            state.handshakeAuthorities = authorities
        }
    }

    /// The verdict of the graph in force, of lists that came since, and of a responder's answer about the leaf.
    package func validate(
        _ leaf: Certificate, intermediates: [Certificate] = [], purpose: Purpose = .client, answer: ResponderAnswer? = nil, at now: Date
    ) throws(Refusal) -> ValidatedPath {
        let (graph, denied) = inForce.withLock { ($0.graph, $0.denials.map(\.list)) }
        let responses = answer.flatMap { try? OCSPResponse(der: $0.response) }.map { [$0] } ?? []
        let path = try graph.validate(leaf, intermediates: intermediates, responses: responses, purpose: purpose, at: now)
        guard !denied.isEmpty else { return path }
        for (certificate, issuer) in zip(path.certificates, path.certificates.dropFirst()) {
            let key = AuthorityKey(subjectOf: issuer)
            for list in denied {
                if let refusal = list.refusal(of: certificate, issuer: key, isLeaf: certificate == leaf) { throw refusal }
            }
        }
        return path
    }

    private static func handshakeAuthorities(of graph: TrustGraph) -> [NIOSSLCertificate] {
        graph.leafIssuers.compactMap { try? NIOSSLCertificate(bytes: $0.der, format: .der) }
    }
}
