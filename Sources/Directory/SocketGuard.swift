import CLDAP
import Dispatch
import Foundation
import Synchronization

/// Ends a blocking call of libldap that takes too long, by shutting its socket down from outside.
///
/// libldap's own timeouts do not cover the TLS handshake nor a server that sends a byte at a time (seen with 2.5: a silent server
/// holds the caller for ever). The guard keeps a duplicate of the descriptor, so it never touches a number that was reused.
final class SocketGuard: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        var expired = false
    }
    private let state = Mutex(State())
    private let permits: @Sendable ([UInt8]) -> Bool
    private static let timers = DispatchQueue(label: "directory timeouts")

    /// `permits`: may we talk to this address (its 4 or 16 octets)?
    init(permits: @escaping @Sendable ([UInt8]) -> Bool = { _ in true }) { self.permits = permits }

    deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

    /// Runs `work`; the socket is shut down if that takes longer than `limit`.
    func bounded<Value>(by limit: Duration, _ work: () -> Value) -> Value {
        let expiry = DispatchWorkItem { [weak self] in self?.expire() }
        Self.timers.asyncAfter(deadline: .now() + .milliseconds(Int(limit / .milliseconds(1))), execute: expiry)
        defer { expiry.cancel() }
        return work()
    }

    /// Called when libldap has connected, before TLS and before anything is sent. False: leave this address.
    fileprivate func watch(_ descriptor: Int32, at address: UnsafePointer<sockaddr>?) -> Bool {
        guard let octets = Self.octets(of: address), permits(octets) else { return false }
        watch(descriptor)
        return true
    }

    private static func octets(of address: UnsafePointer<sockaddr>?) -> [UInt8]? {
        guard let address else { return nil }
        let bytes = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: return withUnsafeBytes(of: bytes.load(as: sockaddr_in.self).sin_addr, Array.init)
        case AF_INET6: return withUnsafeBytes(of: bytes.load(as: sockaddr_in6.self).sin6_addr, Array.init)
        default: return nil
        }
    }

    private func watch(_ descriptor: Int32) {
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = dup(descriptor)
            if state.expired { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func expire() {
        state.withLock { state in
            state.expired = true
            if state.descriptor >= 0 { shutdown(state.descriptor, Int32(SHUT_RDWR)) }
        }
    }
}

/// The memory that libldap calls back through (`LDAP_OPT_CONNECT_CB`); it must outlive the handle.
final class ConnectCallback {
    private let callbacks = UnsafeMutablePointer<ldap_conncb>.allocate(capacity: 1)
    private let socketGuard: SocketGuard

    init(_ socketGuard: SocketGuard) {
        self.socketGuard = socketGuard
        callbacks.initialize(
            to: ldap_conncb(
                lc_add: { _, buffer, _, address, callbacks in
                    var descriptor: ber_socket_t = -1
                    guard let argument = callbacks?.pointee.lc_arg else { return -1 }
                    guard ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &descriptor) == 1 else { return -1 }
                    return Unmanaged<SocketGuard>.fromOpaque(argument).takeUnretainedValue().watch(descriptor, at: address) ? 0 : -1
                },
                lc_del: { _, _, _ in },
                lc_arg: Unmanaged.passUnretained(socketGuard).toOpaque()))
    }

    deinit { callbacks.deallocate() }

    func install(on handle: OpaquePointer) -> Int32 { ldap_set_option(handle, LDAP_OPT_CONNECT_CB, callbacks) }
}
