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
    /// Complete lists by their issuer: for each signer and scope those known, the newest first, each with its deltas.
    private var complete: [DistinguishedName: [[ScopedList]]] = [:]
    /// Deltas whose complete list has not come yet.
    private var deltas: [ScopedList] = []
    private var unusable: [DistinguishedName: [Refusal]] = [:]
    /// Authorities that signed usable lists, and those of them whose lists are indirect.
    private(set) var signers: Set<Int> = []
    private(set) var indirectSigners: Set<Int> = []

    /// CRLReason certificateHold.
    static let certificateHold = 6

    /// Puts a list under its signer. The signature is checked with each key of the issuer's name. False: none of them signed it.
    mutating func add(_ list: CertificateList, candidates: [Int], authorities: [Authority], profile: Profile) -> Bool {
        var isSigned = false
        do throws(Refusal) {
            var refusal = Refusal(.revocationUnavailable, "a CRL of a CA that is not known: \(list.issuer)")
            for candidate in candidates {
                if let fault = list.signatureFault(by: authorities[candidate]) {
                    refusal = Refusal(.revocationUnavailable, "the CRL of \(list.issuer): \(fault.why)")
                    continue
                }
                isSigned = true
                try profile.check(list, relaxed: authorities[candidate].rules.relaxations)
                file(try ScopedList(list, signer: candidate))
                return true
            }
            throw refusal
        } catch {
            unusable[list.issuer, default: []].append(error)
        }
        return isSigned
    }

    private mutating func file(_ scoped: ScopedList) {
        signers.insert(scoped.signer)
        if scoped.point?.isIndirect == true { indirectSigners.insert(scoped.signer) }
        let issuer = scoped.list.issuer
        var groups = complete[issuer] ?? []
        guard scoped.list.baseNumber == nil else {
            deltas.append(scoped)
            for group in groups.indices { for index in groups[group].indices { groups[group][index].take(scoped) } }
            complete[issuer] = groups
            return
        }
        var scoped = scoped
        for delta in deltas where delta.list.issuer == issuer { scoped.take(delta) }
        if let group = groups.firstIndex(where: { $0[0].replaces(scoped) }) {
            let place = groups[group].firstIndex { scoped.list.isNewer(than: $0.list) } ?? groups[group].count
            groups[group].insert(scoped, at: place)
        } else {
            groups.append([scoped])
        }
        complete[issuer] = groups
    }

    /// Is there a list about this name by anybody but `signer`, whether it still counts or not?
    func hasLists(about issuers: [DistinguishedName], notBy signer: Int) -> Bool {
        issuers.contains { issuer in complete[issuer]?.contains { $0[0].signer != signer } ?? false }
    }

    /// RFC 5280 §6.3.3. `status` looks only at lists signed by `issuer` itself, if it may sign lists, or by an authority that `isSigner`
    /// accepts for the same anchor. `grace`: how long a statement counts after its end.
    func status(of certificate: Certificate, issuer: PathState, now: Date, grace: TimeInterval = 0, isSigner: (Int) -> Bool)
        -> RevocationStatus
    {
        var search = StatusSearch(certificate: certificate, now: now, grace: grace)
        for point in certificate.extensions.distributionPoints + [DistributionPoint(ofIssuer: certificate.issuer)] {
            for name in certificate.listIssuers(at: point) {
                let groups = complete[name] ?? []
                // The issuing key's own lists first; then those of other keys and scopes: whoever names the certificate is believed.
                for group in groups where group[0].signer == issuer.authority && issuer.signsLists { search.consult(group, at: point) }
                for group in groups where group[0].signer != issuer.authority || !issuer.signsLists {
                    guard isSigner(group[0].signer) else {
                        search.note("the CRL's signer may not sign CRLs under this anchor (§6.3.3 (f))")
                        continue
                    }
                    search.consult(group, at: point)
                }
                if let revoked = search.revoked { return revoked }
            }
        }
        if let good = search.good { return good }
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
    private(set) var revoked: RevocationStatus?
    private var seen: [CertificateList] = []

    init(certificate: Certificate, now: Date, grace: TimeInterval) {
        self.certificate = certificate
        self.now = now
        self.grace = grace
    }

    /// Not revoked for any reason, once every reason is covered.
    var good: RevocationStatus? { covered == .all ? .good(until: goodUntil, isStale: isStale) : nil }

    mutating func note(_ fault: String) { why = fault }

    /// §6.3.3 (b) to (l) for the lists of one signer and scope: the newest that has begun speaks, whatever older ones say.
    mutating func consult(_ group: [ScopedList], at point: DistributionPoint) {
        guard let scoped = group.first(where: { $0.list.thisUpdate <= now }) else {
            return note("the CRL is of \(group[0].list.thisUpdate.rfc3339), in the future")
        }
        if let fault = scoped.fault(for: certificate, at: point) ?? timeFault(scoped.list) { return note(fault) }
        if !seen.contains(where: { $0 === scoped.list }) {
            seen.append(scoped.list)
            if let entry = scoped.entry(for: certificate, at: now) {
                revoked = .revoked(since: entry.revoked, reason: entry.reason)
                return
            }
        }
        // (d), (e): the reasons this list adds.
        let reasons = (scoped.point?.onlyReasons ?? .all).intersection(point.reasons ?? .all)
        guard !reasons.isSubset(of: covered) else { return }
        let next = scoped.list.nextUpdate ?? now
        if next < now { isStale = true }
        goodUntil = min(goodUntil, next < now ? next.addingTimeInterval(grace) : next)
        covered.formUnion(reasons)
    }

    private func timeFault(_ list: CertificateList) -> String? {
        guard let next = list.nextUpdate else { return "the CRL does not say when the next one comes (§5.1.2.5)" }
        return next.addingTimeInterval(grace) >= now ? nil : "the CRL expired at \(next.rfc3339)"
    }
}

extension DistributionPoint {
    /// For lists that no distribution point of the certificate names: all that its issuer publishes (§6.3.3, last paragraph).
    fileprivate init(ofIssuer issuer: DistinguishedName) {
        self.init(name: .full([.directory(issuer)]), reasons: nil, issuers: [])
    }
}

extension Certificate {
    /// Whose lists are meant: cRLIssuer's, else the certificate issuer's (§6.3.3 (b)(1)).
    func listIssuers(at point: DistributionPoint) -> [DistinguishedName] {
        guard !point.issuers.isEmpty else { return [issuer] }
        return point.issuers.compactMap { if case .directory(let name) = $0 { name } else { nil } }
    }
}
