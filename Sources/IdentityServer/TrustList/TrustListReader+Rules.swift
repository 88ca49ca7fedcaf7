import Foundation
import PKI
import Registry

/// From entries to rules.
extension TrustListReader {
    /// A week: what was good so long ago says nothing any more.
    private static let graceMaximum: Duration = .seconds(7 * 86_400)
    /// ENTL is 16 bits and counts bits (GB/T 32918.2 §5.5).
    private static let signerIDMaximum = 8191

    mutating func read(_ ca: TrustListFile.CA, at place: [YAMLStep]) {
        var rules = AuthorityRules(revocation: ca.revocation, issuesLeaves: ca.issuesLeaves, relaxations: Set(ca.relaxations))
        for (index, name) in ca.relaxations.enumerated() where !AuthorityRules.knownRelaxations.contains(name) {
            refuse(place + ["relaxations", .index(index)], "`relaxations`: \(name) of \(ca.entry.name) is not known")
        }
        rules.softGrace = grace(of: ca, at: place)
        rules.signerID = signerID(ca.signerID, at: place + ["signer_id"])
        check(level: ca.entry.assurance, at: place + ["assurance"])
        rules.assurance = AssuranceTable(
            level: ca.entry.assurance, rows: rows(ca.assuranceByPolicy, at: place), staleLevel: ca.soft?.assurance)
        rules.validFrom = moment(ca.validFrom, at: place + ["valid_from"])?.start ?? .distantPast
        rules.validUntil = moment(ca.validUntil, at: place + ["valid_until"])?.end ?? .distantFuture
        checkPeriod(rules, of: ca, at: place)
        guard let certificate = certificate(ca.certificate, at: place + ["certificate"], use: .ca) else { return }
        let key = AuthorityKey(subjectOf: certificate)
        guard list.rules[key] == nil else { return refuse(place, "`cas`: \(ca.entry.name) stands twice") }
        list.rules[key] = rules
        sources[key] = ca.revocationSources.map { NamedSources(ca.entry.name, $0, certificate, rules) }
        // Without its profile a CA may assert nobody: a leaf of one that issues none is `identity_not_permitted`.
        if ca.issuesLeaves { book.entries[key] = ca.entry }
        checkReach(of: key, ca, at: place)
    }

    /// RSA below 1024 bits can be broken by anybody, above 8192 nothing verifies.
    mutating func floor(_ file: TrustListFile.Floor?) -> AlgorithmFloor {
        var floor = AlgorithmFloor.standard
        if let bits = file?.minimumRSABits {
            if !(1024...8192).contains(bits) {
                refuse(["algorithm_floor", "minimum_rsa_bits"], "`minimum_rsa_bits` must be from 1024 to 8192")
            }
            floor.minimumRSABits = bits
        }
        floor.allowsSHA1 = file?.sha1 ?? false
        floor.allowsDSA = file?.dsa ?? false
        return floor
    }

    private mutating func grace(of ca: TrustListFile.CA, at place: [YAMLStep]) -> TimeInterval {
        switch (ca.revocation, ca.soft) {
        case (.soft, nil):
            refuse(place + ["revocation"], "`revocation: soft` of \(ca.entry.name) needs `soft: {grace: …}`")
        case (.soft, let soft?):
            if let level = soft.assurance { check(level: level, at: place + ["soft", "assurance"]) }
            if soft.grace.duration > .zero, soft.grace.duration <= Self.graceMaximum { return soft.grace.duration.timeInterval }
            refuse(place + ["soft", "grace"], "`grace` of \(ca.entry.name) must be more than 0 and at most 7d")
        case (_, _?): refuse(place + ["soft"], "`soft` of \(ca.entry.name) has a meaning only with `revocation: soft`")
        case (_, nil): break
        }
        return 0
    }

    private mutating func checkPeriod(_ rules: AuthorityRules, of ca: TrustListFile.CA, at place: [YAMLStep]) {
        if rules.validFrom > rules.validUntil {
            refuse(place + ["valid_until"], "the entry of \(ca.entry.name) ends before it begins")
        } else if let review, rules.validUntil < review.now {
            refuse(place + ["valid_until"], "the entry of \(ca.entry.name) expired at \(rules.validUntil.rfc3339)")
        }
    }

    /// An entry is about a CA that some path can run over; otherwise it is a mistake.
    private mutating func checkReach(of key: AuthorityKey, _ ca: TrustListFile.CA, at place: [YAMLStep]) {
        let reached = list.anchors + list.authorities + list.recognitions.map(\.root)
        guard !reached.contains(where: { AuthorityKey(subjectOf: $0) == key }) else { return }
        let message = "\(ca.certificate) of \(ca.entry.name) is in neither `anchors` nor `authorities` nor `recognitions`"
        if review == nil { notice(place + ["certificate"], message) } else { refuse(place + ["certificate"], message) }
    }

    mutating func read(_ entry: TrustListFile.RecognitionEntry, at place: [YAMLStep]) {
        let root = certificate(entry.root, at: place + ["root"], use: .recognition)
        let issuer = certificate(entry.ca, at: place + ["ca"], use: .recognition)
        let types = (entry.type ?? []).enumerated().map { index, rule in
            if !DottedOID.isOne(rule.oid) { refuse(place + ["type", .index(index), "oid"], "`oid`: \(rule.oid) is no OID") }
            return Recognition.TypeRule(attribute: rule.oid, value: rule.equals)
        }
        if entry.policies.isEmpty { refuse(place + ["policies"], "`policies` of \(entry.name) is empty: nothing would be recognised") }
        let policies = entry.policies.enumerated().compactMap { arc($1, at: place + ["policies", .index($0)]) }
        let periods = periods(entry, at: place)
        if let level = entry.assurance { check(level: level, at: place + ["assurance"]) }
        let table = AssuranceTable(level: entry.assurance, rows: rows(entry.assuranceByPolicy, at: place))
        guard let root, let issuer else { return }
        if list.anchors.contains(root) {
            notice(place + ["root"], "\(entry.root) is an anchor too, so that nothing is narrowed by `recognitions`")
        }
        // Being listed gives no trust: the path still has to begin at the root.
        if issuer != root, !list.authorities.contains(issuer) { list.authorities.append(issuer) }
        list.recognitions.append(
            Recognition(
                name: entry.name, root: root, issuer: AuthorityKey(subjectOf: issuer), type: types, policies: policies, periods: periods,
                assurance: table))
    }

    private mutating func periods(_ entry: TrustListFile.RecognitionEntry, at place: [YAMLStep]) -> [Recognition.Period] {
        if entry.status.isEmpty { refuse(place + ["status"], "`status` of \(entry.name) is empty: nothing would be recognised") }
        var periods: [Recognition.Period] = []
        for (index, period) in entry.status.enumerated() {
            let here = place + ["status", .index(index)]
            guard let (status, text) = period.said else {
                refuse(here, "`status`: one of `granted` and `withdrawn` with the date from which it is so")
                continue
            }
            guard let from = moment(text, at: here)?.start else { continue }
            if let last = periods.last, last.from >= from { refuse(here, "`status` of \(entry.name) is not in the order of time") }
            periods.append(Recognition.Period(status: status, from: from))
        }
        return periods
    }

    private mutating func rows(_ levels: [TrustListFile.PolicyLevel]?, at place: [YAMLStep]) -> [AssuranceTable.Row] {
        (levels ?? []).enumerated().compactMap { index, level in
            let here = place + ["assurance_by_policy", .index(index)]
            check(level: level.acr, at: here + ["acr"])
            return arc(level.policy, at: here + ["policy"]).map { AssuranceTable.Row(policy: $0, level: level.acr) }
        }
    }

    private mutating func arc(_ text: String, at place: [YAMLStep]) -> PolicyArc? {
        let arc = PolicyArc(text)
        if arc == nil { refuse(place, "\(text) is no policy: a dotted OID, or one followed by `.*` for everything below it") }
        return arc
    }

    private mutating func moment(_ text: String?, at place: [YAMLStep]) -> TrustMoment? {
        guard let text else { return nil }
        let moment = TrustMoment(text)
        if moment == nil { refuse(place, "\(text) is no date such as 2026-11-21 or 2026-11-21T08:00:00Z") }
        return moment
    }

    mutating func signerID(_ text: String?, at place: [YAMLStep]) -> [UInt8] {
        guard let text else { return AuthorityRules.defaultSignerID }
        guard (1...Self.signerIDMaximum).contains(text.utf8.count) else {
            refuse(place, "a signer id has 1 to \(Self.signerIDMaximum) bytes")
            return AuthorityRules.defaultSignerID
        }
        return Array(text.utf8)
    }

    /// A level that discovery does not list is below every other: windows that ask for one refuse it.
    private mutating func check(level: String, at place: [YAMLStep]) {
        guard !assuranceOrder.contains(level) else { return }
        notice(place, "\(level) is not one of the levels of this server: \(assuranceOrder.joined(separator: ", "))")
    }
}

extension TrustListFile.RecognitionEntry.StatusPeriod {
    fileprivate var said: (status: Recognition.Status, from: String)? {
        switch (granted, withdrawn) {
        case (let date?, nil): (.granted, date)
        case (nil, let date?): (.withdrawn, date)
        default: nil
        }
    }
}
