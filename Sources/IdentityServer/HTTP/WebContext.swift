import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What each request carries.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's address without port, for audit and throttling.
    package let address: String
    /// DER certificates the client presented, leaf first, not validated; only on the certificate origin, empty elsewhere.
    package let peerCertificates: [[UInt8]]

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
        peerCertificates = PeerCertificates.current?.der ?? []
    }
}

/// The certificates of one TLS connection. The handshake fills it; the requests of that connection read it through the task-local,
/// since a request context sees only the channel.
final class PeerCertificates: Sendable {
    @TaskLocal static var current: PeerCertificates?
    private let chain = Mutex<[[UInt8]]>([])

    var der: [[UInt8]] { chain.withLock { $0 } }
    func set(_ der: [[UInt8]]) { chain.withLock { $0 = der } }
}
