import Foundation

/// What revocation says of one certificate at one moment.
enum RevocationStatus: Sendable {
    /// Not revoked for any reason; the statement holds until then. `isStale`: only because an earlier statement still counts for a while.
    case good(until: Date, isStale: Bool)
    case revoked(since: Date, reason: Int?)
    case unavailable(String)
}

/// The CRLs of a graph, each with the authority whose key signed it. Lists that no known key signed, or that may not be used, are kept
/// with the reason, for explanations.
struct RevocationBook: Sendable {
    /// Complete lists by their issuer, the newest first, each with its deltas.
    private var complete: [DistinguishedName: [ScopedList]] = [:]
    /// Deltas whose complete list has not come yet.
    private var deltas: [ScopedList] = []
    private var unusable: [DistinguishedName: [Refusal]] = [:]
    /// Authorities that signed usable lists, and those of them whose lists are indirect.
    private(set) var signers: Set<Int> = []
    private(set) var indirectSigners: Set<Int> = []

    /// CRLReason certificateHold.
    static let certificateHold = 6

    /// Puts a list under its signer. The signature is checked with each key of the issuer's name.
    mutating func add(_ list: CertificateList, candidates: [Int], authorities: [Authority], profile: Profile) {
        do throws(Refusal) {
            var refusal = Refusal(.revocationUnavailable, "a CRL of a CA that is not known: \(list.issuer)")
            for candidate in candidates {
                if let fault = list.signatureFault(by: authorities[candidate]) {
                    refusal = Refusal(.revocationUnavailable, "the CRL of \(list.issuer): \(fault.why)")
                    continue
                }
                try profile.check(list, relaxed: authorities[candidate].rules.relaxations)
                file(try ScopedList(list, signer: candidate))
                return
            }
            throw refusal
        } catch {
            unusable[list.issuer, default: []].append(error)
        }
    }

    private mutating func file(_ scoped: ScopedList) {
        signers.insert(scoped.signer)
        if scoped.point?.isIndirect == true { indirectSigners.insert(scoped.signer) }
        let issuer = scoped.list.issuer
        guard scoped.list.baseNumber == nil else {
            deltas.append(scoped)
            for index in complete[issuer]?.indices ?? 0..<0 { complete[issuer]?[index].take(scoped) }
            return
        }
        var scoped = scoped
        for delta in deltas where delta.list.issuer == issuer { scoped.take(delta) }
        let others = complete[issuer] ?? []
        let place = others.firstIndex { scoped.list.isNewer(than: $0.list) } ?? others.count
        complete[issuer, default: []].insert(scoped, at: place)
    }

    /// RFC 5280 §6.3.3. `status` looks only at lists signed by `issuer` itself, if it may sign lists, or by an authority that `isSigner`
    /// accepts for the same anchor. `grace`: how long a statement counts after its end.
    func status(of certificate: Certificate, issuer: PathState, now: Date, grace: TimeInterval = 0, isSigner: (Int) -> Bool)
        -> RevocationStatus
    {
        var search = StatusSearch(certificate: certificate, now: now, grace: grace)
        for point in certificate.extensions.distributionPoints + [DistributionPoint(ofIssuer: certificate.issuer)] {
            for name in point.listIssuers(of: certificate) {
                search.consult(complete[name] ?? [], at: point) { signer in
                    (signer == issuer.authority && issuer.signsLists) || isSigner(signer)
                }
                if let status = search.decided { return status }
            }
        }
        return .unavailable(search.why ?? unusable[certificate.issuer]?.first?.why ?? "no CRL of \(certificate.issuer) that covers it")
    }
}

/// The state of §6.3.3 while lists are consulted for one certificate.
private struct StatusSearch {
    let certificate: Certificate
    let now: Date
    let grace: TimeInterval
    /// reasons_mask (§6.3.2 (a)).
    private var covered: RevocationReasons = []
    private var goodUntil = Date.distantFuture
    private var isStale = false
    /// Why a list could not be used: the last one's.
    private(set) var why: String?
    private(set) var decided: RevocationStatus?

    init(certificate: Certificate, now: Date, grace: TimeInterval) {
        self.certificate = certificate
        self.now = now
        self.grace = grace
    }

    /// §6.3.3 (b) to (l) for the lists of one issuer, the newest first.
    mutating func consult(_ lists: [ScopedList], at point: DistributionPoint, isSigner: (Int) -> Bool) {
        for scoped in lists where decided == nil {
            if let fault = scoped.fault(for: certificate, at: point) ?? timeFault(scoped.list) {
                why = fault
                continue
            }
            // (d), (e): the reasons this list adds.
            let reasons = (scoped.point?.onlyReasons ?? .all).intersection(point.reasons ?? .all)
            guard !reasons.isSubset(of: covered) else { continue }
            guard isSigner(scoped.signer) else {
                why = "the CRL's signer may not sign CRLs under this anchor (§6.3.3 (f))"
                continue
            }
            take(scoped, reasons)
        }
    }

    private func timeFault(_ list: CertificateList) -> String? {
        if list.thisUpdate > now { return "the CRL is of \(list.thisUpdate.rfc3339), in the future" }
        guard let next = list.nextUpdate else { return "the CRL does not say when the next one comes (§5.1.2.5)" }
        return next.addingTimeInterval(grace) >= now ? nil : "the CRL expired at \(next.rfc3339)"
    }

    private mutating func take(_ scoped: ScopedList, _ reasons: RevocationReasons) {
        if let entry = scoped.entry(for: certificate, at: now) {
            decided = .revoked(since: entry.revoked, reason: entry.reason)
            return
        }
        let next = scoped.list.nextUpdate ?? now
        if next < now { isStale = true }
        goodUntil = min(goodUntil, next < now ? next.addingTimeInterval(grace) : next)
        covered.formUnion(reasons)
        if covered == .all { decided = .good(until: goodUntil, isStale: isStale) }
    }
}

extension DistributionPoint {
    /// For lists that no distribution point of the certificate names: all that its issuer publishes (§6.3.3, last paragraph).
    fileprivate init(ofIssuer issuer: DistinguishedName) {
        self.init(name: .full([.directory(issuer)]), reasons: nil, issuers: [])
    }

    /// Whose lists are meant: cRLIssuer's, else the certificate issuer's (§6.3.3 (b)(1)).
    fileprivate func listIssuers(of certificate: Certificate) -> [DistinguishedName] {
        guard !issuers.isEmpty else { return [certificate.issuer] }
        return issuers.compactMap { if case .directory(let name) = $0 { name } else { nil } }
    }
}
