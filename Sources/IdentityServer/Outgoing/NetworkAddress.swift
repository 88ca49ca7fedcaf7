import Foundation
import NIOPosix

/// The octets of an IP address, 4 or 16 of them.
struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    let octets: [UInt8]

    /// Is it one that the whole internet may route to? (IANA's special-purpose registries, RFC 6890.)
    var isPublic: Bool {
        switch octets.count {
        case 4: !Self.specialIPv4.contains { Self.matches(octets, $0.0, $0.1) }
        case 16: isPublicIPv6
        default: false
        }
    }

    private var isPublicIPv6: Bool {
        // ::ffff:0:0/96 (RFC 4291 §2.5.5.2): the IPv4 address in it is what is talked to.
        if octets[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] { return NetworkAddress(octets: Array(octets[12...])).isPublic }
        // Global unicast is 2000::/3 only; within it stand the prefixes below.
        return octets[0] & 0xe0 == 0x20 && !Self.specialIPv6.contains { Self.matches(octets, $0.0, $0.1) }
    }

    /// This network, private, shared, loopback, link-local, protocol assignments, documentation, benchmarks, 6to4 relays, multicast,
    /// reserved and broadcast.
    private static let specialIPv4: [([UInt8], Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24), ([192, 0, 2], 24),
        ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]
    /// Protocol assignments with Teredo, documentation, and 6to4, which wraps any IPv4 address.
    private static let specialIPv6: [([UInt8], Int)] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x20, 0x02], 16), ([0x3f, 0xff, 0x00], 20),
    ]

    private static func matches(_ octets: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
            return octets[bit / 8] & mask == wanted & mask
        }
    }

    var description: String {
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: octets.count - 1, by: 2)
            .map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    init(octets: [UInt8]) { self.octets = octets }
}

/// From a host's name to its addresses.
package typealias HostResolver = @Sendable (_ host: String) async throws -> [[UInt8]]

enum SystemResolver {
    /// Its own threads: a name server that does not answer holds none of those that anything else waits for.
    private static let threads = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    /// By getaddrinfo; a literal address is itself.
    static let resolve: HostResolver = { host in
        try await threads.runIfActive {
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            hints.ai_flags = AI_ADDRCONFIG
            var list: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw FetchFailure("\(host) has no address") }
            defer { freeaddrinfo(list) }
            return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { $0.flatMap { octets(of: $0.pointee.ai_addr) } }
        }
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
}
