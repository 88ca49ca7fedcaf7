import Foundation
import PKI

/// Publishes each CA's full CRL: kept while it says everything it must and is valid for another week.
///
/// A list goes on from the one before it: what was revoked meanwhile (by the server, for its own CA) stays revoked.
struct FederationRevocation {
    let folder: FederationFolder
    let ceremonies: FederationCeremonies
    let now: Date

    func publish(_ ceremony: Ceremony, revoked: [(serial: [UInt8], reason: Int)]) throws {
        guard let days = ceremony.crlDays else { return }
        let file = "crls/\(ceremony.id).crl"
        let last = try folder.bytes(file).map { try CertificateList(bytes: $0) }
        let missing = revoked.filter { last?.entry(for: $0.serial) == nil }
        if let next = last?.nextUpdate, missing.isEmpty, next >= now.addingTimeInterval(7 * 86_400) { return }
        let list = try ceremonies.authority(ceremony.id, for: "CRL").issueRevocationList(
            revoked: (last?.revokedCertificates ?? []) + missing.map { ($0.serial, now, $0.reason) },
            number: (last?.number ?? 0) + 1, thisUpdate: now, nextUpdate: now.addingTimeInterval(Double(days) * 86_400))
        try folder.write(list.der, to: file)
    }
}
