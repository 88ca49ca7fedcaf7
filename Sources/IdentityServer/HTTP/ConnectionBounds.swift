import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes
import NIOTLS

/// How much of a connection's time and memory one client may hold.
struct ConnectionBounds: Sendable {
    /// From the TCP connection to the end of the TLS handshake; there is no timeout in the TLS layer itself.
    var handshake: TimeAmount = .seconds(10)
    /// Without a request, or waiting for the rest of its headers.
    var idle: TimeAmount = .seconds(30)
    /// From a request's head to the end of its body.
    var body: TimeAmount = .seconds(30)
    /// Bytes of a body that reach the handlers; what follows is dropped. More than any handler accepts.
    var bodyBytes = 1024 * 1024
    /// A public connection is told to go after this (HTTP/2).
    var age: Duration = .seconds(3600)
    var maximumConnections = 10_000
}

/// Closes a connection whose TLS handshake does not end in time, and logs why a handshake failed.
final class HandshakeBounds: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let limit: TimeAmount
    private let logger: Logger
    private var deadline: Scheduled<Void>?
    private var isDone = false

    init(limit: TimeAmount, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            isDone = true
            deadline?.cancel()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isDone {
            let address = context.channel.remoteAddress?.ipAddress ?? "unknown"
            logger.info("the TLS handshake failed", metadata: ["address": "\(address)", "why": "\(error)"])
            context.close(promise: nil)
        }
        context.fireErrorCaught(error)
    }
}

/// Bounds each request's body in time and size; on the certificate origin also ends the connection after its first answer.
final class RequestBounds: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let bounds: ConnectionBounds
    private let oneRequest: Bool
    private var deadline: Scheduled<Void>?
    private var received = 0
    private var requests = 0

    init(bounds: ConnectionBounds, oneRequest: Bool) {
        self.bounds = bounds
        self.oneRequest = oneRequest
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: begin(context)
        case .body(let bytes): received += bytes.readableBytes
        case .end: deadline?.cancel()
        }
        if oneRequest, requests > 1 { return }
        if case .body = unwrapInboundIn(data), received > bounds.bodyBytes { return }
        context.fireChannelRead(data)
    }

    private func begin(_ context: ChannelHandlerContext) {
        requests += 1
        received = 0
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: bounds.body) { channel.close(promise: nil) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard oneRequest else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let channel = context.channel
            let done = promise ?? context.eventLoop.makePromise()
            done.futureResult.whenComplete { _ in channel.close(promise: nil) }
            context.writeAndFlush(data, promise: done)
        }
    }
}
