import Foundation

/// A CRL whose signature was verified, with what it covers and, for a complete one, the deltas that go on from it.
struct ScopedList: Sendable {
    let list: CertificateList
    /// The authority whose key signed it.
    let signer: Int
    let point: IssuingDistributionPoint?
    /// DER of the issuingDistributionPoint: a delta's must be its complete list's (§6.3.3 (c)(2)).
    private let scope: ArraySlice<UInt8>?
    private let pointNames: [GeneralName]?
    /// The newest first.
    private(set) var deltas: [CertificateList] = []

    /// Throws `revocation_unavailable` for a list that says something that is not understood.
    init(_ list: CertificateList, signer: Int) throws(Refusal) {
        self.list = list
        self.signer = signer
        scope = list.extensions.first { $0.id == .issuingDistributionPoint }?.value
        do throws(Malformed) {
            point = try scope.map { value throws(Malformed) in try IssuingDistributionPoint(value) }
        } catch {
            throw Refusal(.revocationUnavailable, "the CRL of \(list.issuer): \(error.reason)")
        }
        pointNames = point?.name?.names(issuer: list.issuer)
        try checkExtensions()
    }

    /// §5.2, §5.3: an unknown critical extension makes the list tell nothing.
    private func checkExtensions() throws(Refusal) {
        for one in list.extensions where one.isCritical && !Self.known.contains(one.id) {
            throw Refusal(.revocationUnavailable, "the CRL of \(list.issuer) has extension \(one.id), which is not supported")
        }
        if let unknown = list.unknownEntryExtension {
            throw Refusal(
                .revocationUnavailable,
                "an entry of the CRL of \(list.issuer) has the critical extension \(unknown), which is not supported")
        }
        if list.hasCertificateIssuers, point?.isIndirect != true {
            throw Refusal(.revocationUnavailable, "the CRL of \(list.issuer) names other issuers but is not indirect (§5.3.3)")
        }
    }

    private static let known: Set<ObjectIdentifier> = [
        .listNumber, .authorityKeyIdentifier, .issuerAlternativeName, .issuingDistributionPoint, .deltaIndicator, .freshestList,
    ]

    /// Same signer and scope: of these lists a newer one takes the place of older ones (§5.2.3).
    func replaces(_ other: ScopedList) -> Bool { signer == other.signer && scope == other.scope }

    /// Takes a delta that goes on from this list (§5.2.4, §6.3.3 (c)): same signer and scope, a base not after this list, itself after it.
    mutating func take(_ delta: ScopedList) {
        guard delta.signer == signer, delta.scope == scope, let base = delta.list.baseNumber, let number = list.listNumber,
            let own = delta.list.listNumber, base <= number, number < own
        else { return }
        let place = deltas.firstIndex { delta.list.isNewer(than: $0) } ?? deltas.count
        deltas.insert(delta.list, at: place)
    }

    /// Why the list does not speak of this certificate at this distribution point (§6.3.3 (b)); nil: it does.
    func fault(for certificate: Certificate, at wanted: DistributionPoint) -> String? {
        if !wanted.issuers.isEmpty, point?.isIndirect != true { return "the CRL of \(list.issuer) is not indirect (§6.3.3 (b)(1))" }
        guard let point else { return nil }
        if let own = pointNames {
            let asked = wanted.name?.names(issuer: list.issuer) ?? wanted.issuers
            guard own.contains(where: asked.contains) else { return "the CRL is of another distribution point (§6.3.3 (b)(2)(i))" }
        }
        if point.onlyUserCertificates, certificate.isAuthority { return "the CRL is not about CA certificates (§6.3.3 (b)(2)(ii))" }
        if point.onlyAuthorities, !certificate.isAuthority { return "the CRL is about CA certificates only (§6.3.3 (b)(2)(iii))" }
        return point.onlyAttributeCertificates ? "the CRL is about attribute certificates (§6.3.3 (b)(2)(iv))" : nil
    }

    /// What the newest statement says, deltas first (§6.3.3 (i) to (k)); nil: not revoked. A delta past its end still says whom it revoked:
    /// only a newer complete list takes that back.
    func entry(for certificate: Certificate, at now: Date) -> CertificateList.Entry? {
        for delta in deltas where delta.thisUpdate <= now {
            guard let entry = delta.entry(for: certificate.serial, issuer: certificate.issuer) else { continue }
            if entry.reason != CertificateList.removeFromCRL { return entry }
            guard let next = delta.nextUpdate, next >= now else { continue }
            return nil
        }
        let entry = list.entry(for: certificate.serial, issuer: certificate.issuer)
        return entry?.reason == CertificateList.removeFromCRL ? nil : entry
    }
}

extension CertificateList {
    /// The later of two lists of one scope: by cRLNumber where both have one (§5.2.3), else by thisUpdate.
    func isNewer(than other: CertificateList) -> Bool {
        guard let own = listNumber, let others = other.listNumber, own != others else { return thisUpdate > other.thisUpdate }
        return own > others
    }
}
