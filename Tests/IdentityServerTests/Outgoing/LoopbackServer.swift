import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server on 127.0.0.1 that answers each request with bytes of the test's making: no HTTP library between, so that it can misbehave.
final class LoopbackServer: Sendable {
    enum Answer: Sendable {
        /// Sent, then the connection is closed.
        case bytes([UInt8])
        /// Nothing, for as long as the other side waits.
        case silence
        /// `head`, then zeros for as long as they are taken.
        case endless(head: String)
    }

    private struct State {
        var requests: [String] = []
        var answer: @Sendable (String) -> Answer
    }
    let port: Int
    private let channel: any Channel
    private let state: StateBox

    private final class StateBox: Sendable {
        let state: Mutex<State>
        init(_ answer: @escaping @Sendable (String) -> Answer) { state = Mutex(State(answer: answer)) }
    }

    init(_ answer: @escaping @Sendable (String) -> Answer) async throws {
        let state = StateBox(answer)
        self.state = state
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        RequestHandler { text in
                            state.state.withLock { state in
                                state.requests.append(text)
                                return state.answer(text)
                            }
                        })
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit { channel.close(promise: nil) }

    /// Heads and bodies of the requests so far.
    var requests: [String] { state.state.withLock { $0.requests } }
    func answer(_ answer: @escaping @Sendable (String) -> Answer) { state.state.withLock { $0.answer = answer } }

    static func ok(_ body: [UInt8], _ headers: String...) -> Answer {
        let lines = ["HTTP/1.1 200 OK", "Content-Length: \(body.count)"] + headers
        return .bytes(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }
    static func head(_ lines: String...) -> Answer { .bytes(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)) }

    /// Collects one request by its blank line and Content-Length.
    private final class RequestHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: (String) -> Answer
        private var received = ""
        private var isAnswered = false

        init(answer: @escaping (String) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
            guard !isAnswered, let end = received.range(of: "\r\n\r\n") else { return }
            let length = received.lowercased().split(separator: "content-length: ").dropFirst().first
                .flatMap { Int($0.prefix { $0.isNumber }) }
            // A body of bytes that are no text counts differently: any of it will do.
            guard (length ?? 0) == 0 || !received[end.upperBound...].isEmpty else { return }
            isAnswered = true
            switch answer(received) {
            case .bytes(let bytes):
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in bound.value.close(promise: nil) }
            case .silence: break
            case .endless(let head):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
                flood(context)
            }
        }

        private func flood(_ context: ChannelHandlerContext) {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(repeating: 0, count: 65_536))).whenSuccess {
                bound.value.0.flood(bound.value.1)
            }
        }
    }
}
