import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL

/// The certificate origin's connections: TLS that asks for a client certificate, HTTP/1.1, one request, no resumption.
///
/// TLS proves that the client holds the key. Whether the certificate is any good is decided by our own rules when the request comes, so
/// that a refusal is a readable page and not a dead connection: every certificate passes the handshake and its DER is kept.
struct CertificateChannel: HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        let connection: HTTP1Channel.Value
        let peers: PeerCertificates
        var channel: any Channel { connection.channel }
    }

    let responder: Responder
    private let material: TLSMaterial
    private let authorities: @Sendable () -> [NIOSSLCertificate]
    private let bounds: ConnectionBounds
    private let http1: HTTP1Channel

    /// `authorities`: the CAs whose names the handshake sends, so that browsers offer the right certificates.
    init(
        material: TLSMaterial, authorities: @escaping @Sendable () -> [NIOSSLCertificate], bounds: ConnectionBounds,
        responder: @escaping Responder
    ) {
        self.material = material
        self.authorities = authorities
        self.bounds = bounds
        self.responder = responder
        http1 = HTTP1Channel(responder: responder, configuration: .bounded(bounds, oneRequest: true))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peers = PeerCertificates()
        return channel.eventLoop.makeCompletedFuture {
            let context = try material.certificateContext(authorities: authorities())
            // Never `extractPublicKey()` on these: it traps on key types that BoringSSL does not know.
            let tls = NIOSSLServerHandler(
                context: context,
                customVerificationCallback: { chain, promise in
                    peers.set(chain.compactMap { try? $0.toDERBytes() })
                    promise.succeed(.certificateVerified)
                }, configuration: .init())
            try channel.pipeline.syncOperations.addHandler(tls)
            try channel.pipeline.syncOperations.addHandler(HandshakeBounds(limit: bounds.handshake, logger: logger))
        }.flatMap {
            http1.setup(channel: channel, logger: logger).map { Value(connection: $0, peers: peers) }
        }
    }

    func handle(value: Value, logger: Logger) async {
        await PeerCertificates.$current.withValue(value.peers) { await http1.handle(value: value.connection, logger: logger) }
    }
}
