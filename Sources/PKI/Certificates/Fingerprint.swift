/// SHA-256 over a certificate's DER: how certificates are named in paths, sessions, deny sets and the audit.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }
    package init(of der: [UInt8]) { self.bytes = Digest.sha256(der) }
    /// 64 hexadecimal digits, either case; nil otherwise.
    package init?(hex: String) {
        guard let bytes = [UInt8](hex: hex), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(octets: bytes) }
    /// 64 lower-case hexadecimal digits.
    package var description: String { bytes.hex }
    package static func < (left: Fingerprint, right: Fingerprint) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
