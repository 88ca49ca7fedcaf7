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
    /// How sure the path is, by the entry of the CA or of the recognition; nil: the entry says nothing.
    package let assurance: String?

    package var leaf: Certificate { certificates[0] }
    package var fingerprints: [Fingerprint] { certificates.map(\.fingerprint) }
    package init(certificates: [Certificate], issuer: AuthorityKey, policies: [String], goodUntil: Date, assurance: String? = nil) {
        self.certificates = certificates
        self.issuer = issuer
        self.policies = policies
        self.goodUntil = goodUntil
        self.assurance = assurance
    }
}

/// The mesh of CAs validated ahead of time: walked forward from each anchor with RFC 5280 §6.1's state (docs/architecture.md).
/// Immutable; a new one is compiled and swapped when trust or revocation changes. Compiled for another time, it answers one-shot
/// questions about that time: the rules are the same.
package struct TrustGraph: Sendable {
    private let compiled: Compiled
    /// Revoked and removed CAs that no path may run over, though the walk does not know it yet.
    private let denied: Set<Fingerprint>
    var walk: TrustWalk { compiled.walk }

    /// Compiles for `now`. CAs that did not survive are kept with their refusal for explanations.
    package init(_ list: TrustList, at now: Date, settings: ValidationSettings = .init()) {
        var settings = settings
        if settings.floor == .standard { settings.floor = list.floor }
        compiled = Compiled(list, settings: settings, now: now.wholeSeconds)
        denied = []
    }

    private init(_ compiled: Compiled, denied: Set<Fingerprint>) {
        self.compiled = compiled
        self.denied = denied
    }

    /// The same graph without any path over these certificates: removals act first, before a new graph is compiled.
    package func denying(_ fingerprints: Set<Fingerprint>) -> TrustGraph { TrustGraph(compiled, denied: denied.union(fingerprints)) }

    package var floor: AlgorithmFloor { walk.settings.floor }
    /// The signer id of users' SM2 signatures, as the trust list has it.
    package var userSignerID: [UInt8] { walk.userSignerID }

    /// The path of a certificate that somebody logs in with, or the refusal told first. `intermediates` came with the leaf and are
    /// forgotten afterwards.
    /// `responses` are what responders said of the leaf; they are verified here. About 100 µs of CPU; never waits for anything.
    package func validate(
        _ leaf: Certificate, intermediates: [Certificate] = [], responses: [OCSPResponse] = [], purpose: Purpose = .client, at now: Date
    ) throws(Refusal) -> ValidatedPath {
        let request = ValidationRequest.login(purpose: purpose)
        return try examine(leaf, intermediates: intermediates, responses: responses, request: request, at: now).verdict.get()
    }

    /// What `validate` decides, with why every candidate failed.
    package struct Examination: Sendable {
        package let verdict: Result<ValidatedPath, Refusal>
        /// Every path that holds, the one told first.
        package let paths: [ValidatedPath]
        /// Why each other candidate failed, the nearest miss first.
        package let candidates: [FailedCandidate]
        package var failures: [Refusal] { candidates.map(\.refusal) }
        /// The walk that was asked, with what came with the leaf.
        package let graph: TrustGraph
    }

    /// More than 16 intermediates are not taken from a client: longer chains do not occur, larger bags are for somebody else's time.
    package static let maximumIntermediates = 16

    package func examine(
        _ leaf: Certificate, intermediates: [Certificate] = [], responses: [OCSPResponse] = [], request: ValidationRequest, at now: Date
    ) -> Examination {
        var mesh = compiled.inhibiting(request.inhibitions)
        let unknown = intermediates.prefix(Self.maximumIntermediates).filter { !mesh.walk.knows($0.fingerprint) }
        if !unknown.isEmpty { mesh = Compiled(mesh.walk.extended(with: unknown, budget: .client)) }
        var search = PathSearch(mesh, leaf: leaf, request: request, now: now.wholeSeconds, denied: denied, responses: responses)
        let verdict: Result<ValidatedPath, Refusal>
        do throws(Refusal) { verdict = .success(try search.run()) } catch { verdict = .failure(error) }
        return Examination(
            verdict: verdict, paths: search.paths, candidates: search.candidates, graph: TrustGraph(mesh, denied: denied))
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
        guard !denied.contains(fingerprint) else {
            return Refusal(.caRevoked, "a CA of the path was revoked or removed", certificate: fingerprint)
        }
        guard walk.knows(fingerprint) else { return nil }
        let lives = walk.states.joined().contains { state in
            now <= state.validUntil && now <= state.freshUntil && state.link.certificates.contains { $0.fingerprint == fingerprint }
        }
        guard !lives else { return nil }
        let index = walk.certificates.firstIndex { $0.fingerprint == fingerprint }
        let refusals = index.flatMap { walk.deadEnds[$0]?.map(\.refusal) } ?? []
        let refusal = refusals.first { $0.code == .caRevoked } ?? refusals.first
        return Refusal(refusal?.code ?? .pathNotFound, refusal?.why ?? "no path leads over this CA any more", certificate: fingerprint)
    }

    /// Nil when the issuer's rules do not ask.
    func revocationStatus(of certificate: Certificate, issuer: Certificate, anchor: Certificate, at now: Date) -> RevocationStatus? {
        let issuers = walk.states.joined().filter { $0.link.certificate == issuer && walk.anchors[$0.anchor] == anchor }
        guard let state = issuers.first, walk.authorities[state.authority].rules.revocation != .off else { return nil }
        return walk.status(of: certificate, issuer: state, subject: walk.authority(about: certificate), now: now)
    }

    /// CA certificates that carried paths in `older` and carry none now (removed, revoked, stale): sessions that rest on them end.
    package func lost(since older: TrustGraph, at now: Date) -> Set<Fingerprint> {
        older.carrying(at: now).subtracting(carrying(at: now))
    }

    private func carrying(at now: Date) -> Set<Fingerprint> {
        let alive = walk.states.joined().filter { now <= $0.validUntil && now <= $0.freshUntil }
        let paths = alive.map { Set($0.link.certificates.map(\.fingerprint)) }
        return paths.filter { $0.isDisjoint(with: denied) }.reduce(into: []) { $0.formUnion($1) }
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
        walk.certificates.indices.flatMap { walk.deadEnds[$0]?.map(\.refusal) ?? [] }
            + walk.anchorRefusals.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Date {
    /// Certificates and CRLs know only whole seconds: the fraction is cut off.
    package var wholeSeconds: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}
