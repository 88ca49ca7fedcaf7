import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Does an https server answer? One request on a new connection, its certificate checked against the demo's TLS CA.
struct DemoProbe {
    private let context: NIOSSLContext

    init(authority: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        context = try NIOSSLContext(configuration: configuration)
    }

    /// The status of `GET path`; nil when nothing answers (yet).
    func status(host: String, port: Int, path: String) async -> Int? {
        // An IP address is checked against the certificate by its address, not sent as a server name (RFC 6066 §3).
        let name = host == "127.0.0.1" ? nil : host
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Int?.self)
        let request = "GET \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\nConnection: close\r\n\r\n"
        let bootstrap = ClientBootstrap(group: promise.futureResult.eventLoop).connectTimeout(.seconds(2))
            .channelInitializer { [context] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: context, serverHostname: name), StatusReader(request: request, promise: promise),
                    ])
                }
            }
        bootstrap.connect(host: "127.0.0.1", port: port).whenFailure { _ in promise.succeed(nil) }
        return (try? await promise.futureResult.get()) ?? nil
    }
}

/// Sends the request once TLS stands and reads the status line.
private final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let request: String
    private let promise: EventLoopPromise<Int?>
    private var received = ""

    init(request: String, promise: EventLoopPromise<Int?>) {
        self.request = request
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard received.contains("\r\n") || received.utf8.count > 1024 else { return }
        promise.succeed(received.hasPrefix("HTTP/1.1 ") ? Int(received.dropFirst(9).prefix(3)) : nil)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
