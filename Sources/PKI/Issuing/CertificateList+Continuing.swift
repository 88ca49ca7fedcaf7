import Foundation
import SwiftASN1

/// For a CA that goes on from the list it published last.
extension CertificateList {
    /// Every entry in the order of serial numbers, as `IssuingAuthority.issueRevocationList` takes them (reason 0: not told).
    package var revokedCertificates: [(serial: [UInt8], date: Date, reason: Int)] {
        entries.map { (Array($0.key), $0.value.revoked, $0.value.reason ?? 0) }
            .sorted { $0.serial.lexicographicallyPrecedes($1.serial) }
    }

    /// cRLNumber (RFC 5280 §5.2.3); nil when absent, unreadable or longer than 7 octets (no CA here counts that far).
    package var number: Int? {
        guard let one = extensions.first(where: { $0.id == .listNumber }),
            let octets = try? ASN1Node.parse(one.value, "cRLNumber").integer("cRLNumber"), octets.count <= 7, octets.first ?? 0x80 < 0x80
        else { return nil }
        return octets.reduce(0) { $0 << 8 | Int($1) }
    }
}
