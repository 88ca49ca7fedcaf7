import Foundation

/// What revocation says of one certificate at one moment.
enum RevocationStatus: Sendable {
    /// Not listed; the statement holds until then.
    case good(until: Date)
    case revoked(since: Date, reason: Int?)
    case unavailable(String)
}

/// The CRLs of a graph, each with the authority whose key signed it. Lists that no known key signed, or that may not be used, are kept
/// with the reason, for explanations.
struct RevocationBook: Sendable {
    private struct Entry: Sendable {
        let list: CertificateList
        let signer: Int
    }

    private var usable: [DistinguishedName: [Entry]] = [:]
    private var unusable: [DistinguishedName: [Refusal]] = [:]
    /// Authorities that signed usable lists.
    private(set) var signers: Set<Int> = []

    /// §6.3.3 at first depth: complete lists of the certificate's own issuer. `status` looks only at lists signed by `issuer` itself,
    /// if it may sign lists, or by an authority that `isSigner` accepts for the same anchor.
    func status(of certificate: Certificate, issuer: PathState, now: Date, isSigner: (Int) -> Bool) -> RevocationStatus {
        var goodUntil: Date?
        var why = unusable[certificate.issuer]?.first?.why ?? "no CRL of \(certificate.issuer)"
        for entry in usable[certificate.issuer] ?? [] {
            let list = entry.list
            guard (entry.signer == issuer.authority && issuer.signsLists) || isSigner(entry.signer) else {
                why = "the CRL's signer may not sign CRLs under this anchor (§6.3.3 (f))"
                continue
            }
            guard list.thisUpdate <= now else { why = "the CRL is of \(list.thisUpdate.rfc3339), in the future"; continue }
            guard let next = list.nextUpdate else { why = "the CRL does not say when the next one comes (§5.1.2.5)"; continue }
            guard next >= now else { why = "the CRL expired at \(next.rfc3339)"; continue }
            if let listed = list.entry(for: certificate.serial), listed.reason != Self.removeFromCRL {
                return .revoked(since: listed.revoked, reason: listed.reason)
            }
            goodUntil = max(goodUntil ?? next, next)
        }
        return goodUntil.map { .good(until: $0) } ?? .unavailable(why)
    }

    /// CRLReason removeFromCRL (§5.3.1) has a meaning in delta CRLs only: in a complete list it revokes nothing.
    private static let removeFromCRL = 8
    /// CRLReason certificateHold.
    static let certificateHold = 6

    /// Puts a list under its signer. The signature is checked with each key of the issuer's name.
    mutating func add(_ list: CertificateList, candidates: [Int], authorities: [Authority], profile: Profile) {
        do throws(Refusal) {
            try Self.checkExtensions(of: list)
            var refusal = Refusal(.revocationUnavailable, "a CRL of a CA that is not known: \(list.issuer)")
            for candidate in candidates {
                if let fault = list.signatureFault(by: authorities[candidate]) {
                    refusal = Refusal(.revocationUnavailable, "the CRL of \(list.issuer): \(fault.why)")
                    continue
                }
                try profile.check(list, relaxed: authorities[candidate].rules.relaxations)
                usable[list.issuer, default: []].append(Entry(list: list, signer: candidate))
                signers.insert(candidate)
                return
            }
            throw refusal
        } catch {
            unusable[list.issuer, default: []].append(error)
        }
    }

    /// §5.2: an unknown critical extension makes the list tell nothing. Issuing distribution points (§5.2.5) and deltas (§5.2.4) narrow
    /// what a list says; as long as they are not implemented they are refused, critical or not.
    private static func checkExtensions(of list: CertificateList) throws(Refusal) {
        for one in list.extensions {
            let isKnown = one.id == .listNumber || one.id == .authorityKeyIdentifier || one.id == .issuerAlternativeName
            guard !one.isCritical || isKnown, one.id != .issuingDistributionPoint, one.id != .deltaIndicator else {
                throw Refusal(.revocationUnavailable, "the CRL of \(list.issuer) has extension \(one.id), which is not supported")
            }
        }
        guard !list.hasCertificateIssuers else {
            throw Refusal(.revocationUnavailable, "entries of the CRL of \(list.issuer) name issuers, but it is not indirect (§5.3.3)")
        }
        if let unknown = list.unknownEntryExtension {
            throw Refusal(
                .revocationUnavailable,
                "an entry of the CRL of \(list.issuer) has the critical extension \(unknown), which is not supported")
        }
    }

}
