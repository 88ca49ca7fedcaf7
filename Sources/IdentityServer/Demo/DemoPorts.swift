import Foundation

/// The demo's six ports, one after another from the public one.
struct DemoPorts: Sendable {
    let first: Int
    var publicOrigin: Int { first }
    var certificateOrigin: Int { first + 1 }
    var openWindow: Int { first + 2 }
    var guardedWindow: Int { first + 3 }
    var ldap: Int { first + 4 }
    var ldaps: Int { first + 5 }

    init(first: Int) throws {
        guard (1024...65530).contains(first) else { throw DemoFailure("port \(first): six ports from 1024 to 65535 are needed") }
        self.first = first
    }

    /// Throws naming the ports that something else listens on.
    func checkFree() throws {
        let taken = (first...ldaps).filter { !Self.isFree($0) }
        guard taken.isEmpty else {
            throw DemoFailure("in use: port \(taken.map(String.init).joined(separator: ", ")); choose others with DEMO_PORT")
        }
    }

    /// On both loopback addresses: a stranger on ::1 would be reached as `localhost` before us.
    private static func isFree(_ port: Int) -> Bool {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = in_port_t(port).bigEndian
        four.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = in_port_t(port).bigEndian
        six.sin6_addr = in6addr_loopback
        return canListen(&four, AF_INET) && canListen(&six, AF_INET6)
    }

    /// False only when the address is taken: a machine without IPv6 has nobody on ::1.
    private static func canListen<Address>(_ address: inout Address, _ family: Int32) -> Bool {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        // Connections of a demo that has just ended may linger; a listener still refuses us.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let length = socklen_t(MemoryLayout<Address>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        return bound == 0 ? listen(descriptor, 1) == 0 || errno != EADDRINUSE : errno != EADDRINUSE
    }
}
