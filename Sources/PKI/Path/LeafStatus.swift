import Foundation

/// Is the leaf revoked? A CRL and what responders said are asked; whoever says that it is revoked is believed (RFC 5280 §6.3, RFC 6960 §3.2).
struct LeafStatus {
    let walk: TrustWalk
    let leaf: Certificate
    /// OCSP responses about the leaf, not yet verified.
    let responses: [OCSPResponse]
    let now: Date

    /// Throws `certificate_revoked`, `certificate_suspended` or `revocation_unavailable`.
    func requireGood(_ state: PathState) throws(Refusal) -> (until: Date, isStale: Bool) {
        let rules = walk.authorities[state.authority].rules
        guard rules.revocation != .off else { return (.distantFuture, false) }
        let grace = rules.revocation == .soft ? rules.softGrace : 0
        let statuses = responses.map { status(of: $0, state, rules, grace: grace) }
        let listed = walk.status(of: leaf, issuer: state, subject: nil, now: now, grace: grace)
        for status in statuses + [listed] {
            if case .revoked(let since, let reason) = status { throw Self.revoked(leaf, since: since, reason: reason) }
        }
        return try best(of: statuses + [listed])
    }

    static func revoked(_ leaf: Certificate, since: Date, reason: Int?) -> Refusal {
        reason == RevocationBook.certificateHold
            ? Refusal(.certificateSuspended, "on hold since \(since.rfc3339)", certificate: leaf.fingerprint)
            : Refusal(.certificateRevoked, "revoked at \(since.rfc3339)", certificate: leaf.fingerprint)
    }

    /// A current statement before a stale one, then the one that holds longest.
    private func best(of statuses: [RevocationStatus]) throws(Refusal) -> (until: Date, isStale: Bool) {
        var best: (until: Date, isStale: Bool)?
        var why = "nothing tells whether it is revoked"
        for status in statuses {
            switch status {
            case .good(let until, let isStale):
                guard let other = best else {
                    best = (until, isStale)
                    continue
                }
                if other.isStale == isStale ? until > other.until : other.isStale { best = (until, isStale) }
            case .unavailable(let reason): why = reason
            case .revoked: break
            }
        }
        guard let best else { throw Refusal(.revocationUnavailable, why, certificate: leaf.fingerprint) }
        return best
    }

    private func status(of response: OCSPResponse, _ state: PathState, _ rules: AuthorityRules, grace: TimeInterval) -> RevocationStatus {
        switch answer(response, state, rules, at: now) {
        case .good(let until): return .good(until: until, isStale: false)
        case .revoked(let since, let reason): return .revoked(since: since, reason: reason)
        case .unavailable(let why):
            let end = response.end(of: leaf, issuer: state.link.certificate)
            guard let end, end < now, now <= end + grace, case .good = answer(response, state, rules, at: end) else {
                return .unavailable(why)
            }
            return .good(until: end + grace, isStale: true)
        }
    }

    /// The nonce was compared when the response came. A delegated responder's certificate is judged like a leaf's status by CRLs.
    private func answer(_ response: OCSPResponse, _ state: PathState, _ rules: AuthorityRules, at moment: Date) -> OCSPStatus {
        let (issuer, floor) = (state.link.certificate, walk.settings.floor)
        return response.status(of: leaf, issuer: issuer, rules: rules, nonce: nil, at: moment, floor: floor) { responder in
            switch walk.status(of: responder, issuer: state, subject: nil, now: moment) {
            case .good: nil
            case .revoked(let since, _): "the OCSP responder's certificate was revoked at \(since.rfc3339)"
            case .unavailable(let why): "the OCSP responder's certificate: \(why)"
            }
        }
    }
}
