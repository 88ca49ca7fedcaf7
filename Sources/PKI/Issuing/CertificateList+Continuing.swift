import Foundation

/// For a CA that goes on from the list it published last.
extension CertificateList {
    /// Every entry in the order of serial numbers, as `IssuingAuthority.issueRevocationList` takes them (reason 0: not told).
    package var revokedCertificates: [(serial: [UInt8], date: Date, reason: Int)] {
        let regular = index.records.map { (serial: $0.serial.content, entry: index.entry($0)) }
        let odd = index.odd.map { (serial: $0.key.serial, entry: $0.value) }
        return (regular + odd).sorted { $0.serial.lexicographicallyPrecedes($1.serial) }
            .map { ($0.serial, $0.entry.revoked, $0.entry.reason ?? 0) }
    }

    /// cRLNumber (RFC 5280 §5.2.3); nil when absent or longer than 7 octets (no CA here counts that far).
    package var number: Int? {
        guard let magnitude = listNumber?.magnitude, magnitude.count <= 7 else { return nil }
        return magnitude.reduce(0) { $0 << 8 | Int($1) }
    }
}
