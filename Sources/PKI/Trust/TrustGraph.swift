import Foundation

/// A leaf that validated, with what later rules need.
package struct ValidatedPath: Sendable {
    /// Leaf first, anchor last.
    package let certificates: [Certificate]
    /// The CA that issued the leaf: where its rules and identity profile are found.
    package let issuer: AuthorityKey
    /// user-constrained-policy-set (RFC 5280 §6.1.6), dotted.
    package let policies: [String]
    /// The earliest of the path's notAfter values and revocation statuses' nextUpdate: the verdict holds no longer than this.
    package let goodUntil: Date

    package var leaf: Certificate { certificates[0] }
    package var fingerprints: [Fingerprint] { certificates.map(\.fingerprint) }
    package init(certificates: [Certificate], issuer: AuthorityKey, policies: [String], goodUntil: Date) {
        self.certificates = certificates
        self.issuer = issuer
        self.policies = policies
        self.goodUntil = goodUntil
    }
}

/// The mesh of CAs validated ahead of time: walked forward from each anchor with RFC 5280 §6.1's state (docs/architecture.md).
/// Immutable; a new one is compiled and swapped when trust or revocation changes. Compiled for another time, it answers one-shot
/// questions about that time: the rules are the same.
package struct TrustGraph: Sendable {
    private final class Compiled: Sendable {
        let walk: TrustWalk
        init(_ walk: TrustWalk) { self.walk = walk }
    }
    private let compiled: Compiled
    private var walk: TrustWalk { compiled.walk }

    /// Compiles for `now`. CAs that did not survive are kept with their refusal for explanations.
    package init(_ list: TrustList, at now: Date, settings: ValidationSettings = .init()) {
        compiled = Compiled(TrustWalk(list, settings: settings, now: now.wholeSeconds))
    }

    private init(_ walk: TrustWalk) { compiled = Compiled(walk) }

    /// The path of a certificate that somebody logs in with, or the refusal told first. `intermediates` came with the leaf and are
    /// forgotten afterwards.
    /// About 100 µs of CPU: call off the event loop only when revocation needs the network (not yet).
    package func validate(
        _ leaf: Certificate, intermediates: [Certificate] = [], purpose: Purpose = .client, at now: Date
    ) throws(Refusal) -> ValidatedPath {
        try examine(leaf, intermediates: intermediates, request: .login(purpose: purpose), at: now).verdict.get()
    }

    /// What `validate` decides, with why every candidate failed.
    package struct Examination: Sendable {
        package let verdict: Result<ValidatedPath, Refusal>
        package let failures: [Refusal]
        /// The walk that was asked, with what came with the leaf.
        let graph: TrustGraph
    }

    /// More than 16 intermediates are not taken from a client: longer chains do not occur, larger bags are for somebody else's time.
    package static let maximumIntermediates = 16

    package func examine(
        _ leaf: Certificate, intermediates: [Certificate] = [], request: ValidationRequest, at now: Date
    ) -> Examination {
        let unknown = intermediates.prefix(Self.maximumIntermediates).filter { !walk.knows($0.fingerprint) }
        let graph = unknown.isEmpty ? self : TrustGraph(walk.extended(with: unknown, budget: .client))
        var search = PathSearch(graph.walk, leaf: leaf, request: request, now: now.wholeSeconds)
        do throws(Refusal) {
            let path = try search.run()
            return Examination(verdict: .success(path), failures: search.failures, graph: graph)
        } catch {
            return Examination(verdict: .failure(error), failures: search.failures, graph: graph)
        }
    }

    /// Is any CA of these (a session's path, leaf first) revoked or removed in this graph? Nil: all still good. (Removals act first.)
    ///
    /// The leaf's own revocation is asked by `validate`, as a fingerprint does not tell its serial number. A CA certificate that this
    /// graph does not know came with the leaf: nothing is known against it.
    package func refusal(forPath fingerprints: [Fingerprint], at now: Date) -> Refusal? {
        guard let anchor = fingerprints.last, fingerprints.count > 1 else { return nil }
        guard walk.anchors.contains(where: { $0.fingerprint == anchor }) else {
            return Refusal(.pathNotFound, "the anchor is no longer trusted", certificate: anchor)
        }
        for fingerprint in fingerprints.dropFirst() {
            if let refusal = standing(of: fingerprint, at: now.wholeSeconds) { return refusal }
        }
        return nil
    }

    /// Of one CA certificate: nil while a surviving path leads over it.
    private func standing(of fingerprint: Fingerprint, at now: Date) -> Refusal? {
        guard walk.knows(fingerprint) else { return nil }
        let lives = walk.states.joined().contains { state in
            now <= state.validUntil && now <= state.freshUntil && state.link.certificates.contains { $0.fingerprint == fingerprint }
        }
        guard !lives else { return nil }
        let index = walk.certificates.firstIndex { $0.fingerprint == fingerprint }
        let refusal = index.flatMap { walk.refusals[$0]?.first { $0.code == .caRevoked } ?? walk.refusals[$0]?.first }
        return Refusal(refusal?.code ?? .pathNotFound, refusal?.why ?? "no path leads over this CA any more", certificate: fingerprint)
    }

    /// Nil when the issuer's rules do not ask.
    func revocationStatus(of certificate: Certificate, issuer: Certificate, anchor: Certificate, at now: Date) -> RevocationStatus? {
        let issuers = walk.states.joined().filter { $0.link.certificate == issuer && walk.anchors[$0.anchor] == anchor }
        guard let state = issuers.first, walk.authorities[state.authority].rules.revocation == .hard else { return nil }
        return walk.status(of: certificate, issuer: state, subject: walk.authority(about: certificate), now: now)
    }

    /// CA certificates that carried paths in `older` and carry none now (removed, revoked, stale): sessions that rest on them end.
    package func lost(since older: TrustGraph, at now: Date) -> Set<Fingerprint> {
        older.carrying(at: now).subtracting(carrying(at: now))
    }

    private func carrying(at now: Date) -> Set<Fingerprint> {
        let alive = walk.states.joined().filter { now <= $0.validUntil && now <= $0.freshUntil }
        return Set(alive.flatMap { $0.link.certificates.map(\.fingerprint) })
    }

    /// Subject names of CAs that may issue leaves: the acceptable-CA names of the certificate origin's handshake; DER certificates.
    package var leafIssuers: [Certificate] {
        walk.states.indices.compactMap { index in
            guard let state = walk.states[index].first, walk.authorities[index].rules.issuesLeaves else { return nil }
            return state.link.certificate
        }
    }

    /// CA certificates and anchors that carry no path, each with why; for the operator's log after a reload.
    package var refusedAuthorities: [Refusal] {
        walk.certificates.indices.flatMap { walk.refusals[$0] ?? [] } + walk.anchorRefusals.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Date {
    /// Certificates and CRLs know only whole seconds: the fraction is cut off.
    package var wholeSeconds: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}
