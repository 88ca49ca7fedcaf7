import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOSSL

/// The public origin's connections: TLS, then HTTP/2 or HTTP/1.1 by ALPN (RFC 7301). Never asks for a certificate.
struct PublicChannel: HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<NIONegotiatedHTTPVersion<HTTP1Channel.Value, HTTP2Channel.Value>>
        let channel: any Channel
    }

    let responder: Responder
    private let material: TLSMaterial
    private let bounds: ConnectionBounds
    private let http1: HTTP1Channel
    private let http2: HTTP2Channel

    init(material: TLSMaterial, bounds: ConnectionBounds, responder: @escaping Responder) {
        self.material = material
        self.bounds = bounds
        self.responder = responder
        let stream = HTTP1Channel.Configuration.bounded(bounds, oneRequest: false)
        http1 = HTTP1Channel(responder: responder, configuration: stream)
        var connection = HTTP2Channel.Configuration(
            idleTimeout: .nanoseconds(bounds.idle.nanoseconds), gracefulCloseTimeout: .seconds(10), streamConfiguration: stream)
        connection.maxAgeTimeout = bounds.age
        http2 = HTTP2Channel(responder: responder, configuration: connection)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: material.publicContext))
            try pipeline.addHandler(HandshakeBounds(limit: bounds.handshake, logger: logger))
        }.flatMap {
            channel.configureHTTP2AsyncSecureUpgrade {
                http1.setup(channel: $0, logger: logger)
            } http2ConnectionInitializer: {
                http2.setup(channel: $0, logger: logger)
            }
        }.map { Value(negotiated: $0, channel: channel) }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let connection): await http2.handle(value: connection, logger: logger)
            }
        } catch {
            logger.debug("a connection ended before HTTP began", metadata: ["why": "\(error)"])
        }
    }
}

extension HTTP1Channel.Configuration {
    /// Headers of up to 64 KiB are read, so that the 431 answer can be given (`HeaderBounds`); beyond, the connection ends with 400.
    static func bounded(_ bounds: ConnectionBounds, oneRequest: Bool) -> Self {
        Self(
            additionalChannelHandlers: [RequestBounds(bounds: bounds, oneRequest: oneRequest)], idleTimeout: bounds.idle,
            httpDecoderConfiguration: .init(maxHeaderFieldSize: 64 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 200))
    }
}
