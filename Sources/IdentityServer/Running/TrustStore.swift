import Foundation
import NIOSSL
import PKI
import Registry
import Synchronization

/// The trust graph in force, swapped whole when the trust list or a revocation list changes.
package final class TrustStore: Sendable {
    private struct InForce {
        let graph: TrustGraph
        let handshakeAuthorities: [NIOSSLCertificate]
    }
    private let inForce: Mutex<InForce>

    package init(_ graph: TrustGraph) { inForce = Mutex(Self.prepare(graph)) }

    package var graph: TrustGraph { inForce.withLock { $0.graph } }

    /// The CAs whose names the certificate origin's handshake sends. One that BoringSSL cannot read is left out: its people log in by
    /// signed challenge.
    var handshakeAuthorities: [NIOSSLCertificate] { inForce.withLock { $0.handshakeAuthorities } }

    package func replace(_ graph: TrustGraph) {
        let fresh = Self.prepare(graph)
        inForce.withLock { $0 = fresh }
    }

    private static func prepare(_ graph: TrustGraph) -> InForce {
        InForce(graph: graph, handshakeAuthorities: graph.leafIssuers.compactMap { try? NIOSSLCertificate(bytes: $0.der, format: .der) })
    }
}
