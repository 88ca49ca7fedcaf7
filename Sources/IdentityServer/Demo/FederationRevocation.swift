import Foundation
import PKI

/// Publishes each CA's full CRL: kept while it says the same and is valid for another week.
struct FederationRevocation {
    let folder: FederationFolder
    let ceremonies: FederationCeremonies
    let now: Date

    func publish(_ ceremony: Ceremony, revoked: [(serial: [UInt8], reason: Int)]) throws {
        guard let days = ceremony.crlDays else { return }
        let authority = try ceremonies.authority(ceremony.id, for: "CRL")
        let file = "crls/\(ceremony.id).crl"
        let list = try authority.issueRevocationList(
            revoked: revoked.map { ($0.serial, now, $0.reason) }, number: Int(now.timeIntervalSince1970), thisUpdate: now,
            nextUpdate: now.addingTimeInterval(Double(days) * 86_400))
        try folder.write(list.der, to: file)
    }
}
