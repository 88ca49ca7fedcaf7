import Foundation
import Synchronization

/// A listening socket on 127.0.0.1 with a port of the kernel's choice.
func listeningSocket() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withSocketAddress(&address) { bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 }
    guard bound, withSocketAddress(&address, { getsockname(descriptor, $0, &length) }) == 0 else { throw TestFailure("no free port") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
}

func freePort() throws -> UInt16 {
    let (descriptor, port) = try listeningSocket()
    close(descriptor)
    return port
}

func connectedSocket(port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: port)
    if withSocketAddress(&address, { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) == 0 { return descriptor }
    close(descriptor)
    return nil
}

/// Until something listens there; gives up after ten seconds.
func waitForPort(_ port: UInt16) throws {
    for _ in 0..<1000 {
        if let descriptor = connectedSocket(port: port) {
            close(descriptor)
            return
        }
        usleep(10_000)
    }
    throw TestFailure("nothing listens on port \(port)")
}

private func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}

private func withSocketAddress<Value>(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Value) -> Value {
    withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
}

/// A server that keeps what it is sent, and answers each message with `reply` (nil: with silence).
final class RecordingServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let record = Mutex((connections: 0, bytes: [UInt8]()))

    init(reply: [UInt8]?) throws {
        (listener, port) = try listeningSocket()
        Thread { [listener, weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                self?.record.withLock { $0.connections += 1 }
                var buffer = [UInt8](repeating: 0, count: 65536)
                while case let count = read(connection, &buffer, buffer.count), count > 0 {
                    self?.record.withLock { $0.bytes += buffer[..<count] }
                    if let reply { _ = send(connection, reply, reply.count, Int32(MSG_NOSIGNAL)) }
                }
                close(connection)
            }
        }.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var connections: Int { record.withLock { $0.connections } }
    var received: [UInt8] { record.withLock { $0.bytes } }
}

/// Sends `beginning` to whoever connects, then one byte after another, for as long as they are taken.
func drippingServer(beginning: [UInt8]) throws -> UInt16 {
    let (listener, port) = try listeningSocket()
    Thread {
        let connection = accept(listener, nil, nil)
        close(listener)
        var bytes = beginning
        while send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count {
            bytes = [0]
            usleep(20_000)
        }
        close(connection)
    }.start()
    return port
}

/// Passes one connection through to `port`, and calls `onLimit` once when the server has sent that many bytes.
final class CountingProxy: Sendable {
    let port: UInt16

    init(to upstream: UInt16, limit: Int, onLimit: @escaping @Sendable () -> Void) throws {
        let (listener, port) = try listeningSocket()
        self.port = port
        Thread {
            let client = accept(listener, nil, nil)
            close(listener)
            guard client >= 0, let server = connectedSocket(port: upstream) else { return }
            Thread { Self.pump(from: client, to: server) { _ in } }.start()
            var total = 0
            Self.pump(from: server, to: client) { count in
                if total < limit, total + count >= limit { onLimit() }
                total += count
            }
        }.start()
    }

    private static func pump(from source: Int32, to target: Int32, counting: (Int) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(source, &buffer, buffer.count), count > 0 {
            counting(count)
            if send(target, buffer, count, Int32(MSG_NOSIGNAL)) < count { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }
}
