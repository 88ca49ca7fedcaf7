import Foundation

/// Answers for one leaf from a walk: one lookup, one signature for each key of the issuer's name, the leaf's own rules, one revocation lookup.
struct PathSearch {
    private let mesh: Compiled
    private var walk: TrustWalk { _read { yield mesh.walk } }
    let leaf: Certificate
    let request: ValidationRequest
    let now: Date
    /// Removed and revoked CAs that the walk does not know about yet (removals act first).
    let denied: Set<Fingerprint>
    let responses: [OCSPResponse]
    /// Every path that holds, the one told first.
    private(set) var paths: [ValidatedPath] = []
    /// Why each other candidate failed, the nearest miss first.
    private(set) var candidates: [FailedCandidate] = []

    init(_ mesh: Compiled, leaf: Certificate, request: ValidationRequest, now: Date, denied: Set<Fingerprint>, responses: [OCSPResponse]) {
        self.mesh = mesh
        self.leaf = leaf
        self.request = request
        self.now = now
        self.denied = denied
        self.responses = responses
    }

    /// The path told, or the refusal told first: signature, malformed, the leaf's own fault, path, revocation.
    mutating func run() throws(Refusal) -> ValidatedPath {
        guard !leaf.issuer.isEmpty else { throw Refusal(.certificateMalformed, "empty issuer (§4.1.2.4)", certificate: leaf.fingerprint) }
        let named = walk.authorities(named: leaf.issuer, keyIdentifier: leaf.extensions.authorityKeyIdentifier?.keyIdentifier)
        guard !named.isEmpty else {
            throw Refusal(.issuerUnknown, "no CA is named \(leaf.issuer)", certificate: leaf.fingerprint)
        }
        var signatureFaults = [Refusal]()
        var signers = [Int]()
        for authority in named {
            if let fault = walk.authorities[authority].verify(leaf.signature) {
                signatureFaults.append(Refusal(fault.code, fault.why, certificate: leaf.fingerprint))
                continue
            }
            signers.append(authority)
            try checkLeaf(below: authority)
            findPaths(below: authority)
            // A signature fits one key: the others of this name are not asked.
            if let best = paths.first { return best }
        }
        guard !signers.isEmpty else {
            candidates = signatureFaults.map { FailedCandidate(certificates: [leaf], refusal: $0) }
            throw Self.nearest(signatureFaults, leaf)
        }
        throw told(signers)
    }

    /// The leaf's own faults end every path at once.
    private mutating func checkLeaf(below authority: Int) throws(Refusal) {
        do throws(Refusal) {
            try walk.rules.checkLeaf(leaf, request, relaxed: walk.authorities[authority].rules.relaxations, now: now)
        } catch {
            let above = walk.states[authority].first?.link.certificates ?? []
            candidates = [FailedCandidate(certificates: [leaf] + above, refusal: error)]
            throw error
        }
    }

    private mutating func findPaths(below authority: Int) {
        for state in walk.states[authority] {
            do throws(Refusal) {
                paths.append(try path(over: state))
            } catch {
                candidates.append(FailedCandidate(certificates: [leaf] + state.link.certificates, refusal: error))
            }
        }
        guard paths.count > 1 else { return }
        let order = walk.assuranceOrder
        paths.sort { $0.isPreferred(to: $1, order: order) }
    }

    private func path(over state: PathState) throws(Refusal) -> ValidatedPath {
        if let gone = denied.isEmpty ? nil : state.link.certificates.first(where: { denied.contains($0.fingerprint) }) {
            throw Refusal(.caRevoked, "a CA of the path was revoked or removed", certificate: gone.fingerprint)
        }
        try walk.rules.conclude(state, leaf, request, now: now)
        let policies = try walk.rules.concludePolicies(state, leaf, request)
        let table =
            try walk.recognition(of: leaf, policies.own, over: state, at: now)?.assurance
            ?? walk.authorities[state.authority].rules.assurance
        let status = try LeafStatus(walk: walk, leaf: leaf, responses: responses, now: now).requireGood(state)
        return ValidatedPath(
            certificates: [leaf] + state.link.certificates, issuer: walk.authorities[state.authority].key,
            policies: policies.constrained.map(\.description).sorted(),
            goodUntil: min(leaf.notAfter, state.validUntil, state.freshUntil, status.until),
            assurance: table.level(for: policies.constrained.union(policies.own), isStale: status.isStale))
    }
}

// MARK: Refusing

extension PathSearch {
    /// The nearest miss: of the candidates that had a state, the one that got furthest; else why the mesh above has none.
    private mutating func told(_ signers: [Int]) -> Refusal {
        if candidates.isEmpty {
            let ascent = Ascent(walk, leaf: leaf, signers: signers)
            candidates = ascent.candidates
            guard !walk.isExhausted else {
                return Refusal(.tooComplex, "the search for a path was ended by its budget", certificate: leaf.fingerprint)
            }
            // A CA that only the holder brought along is a CA of no name known here.
            guard ascent.reachesListed else {
                return Refusal(.issuerUnknown, "no CA above \(leaf.issuer) is known", certificate: leaf.fingerprint)
            }
        }
        candidates.sort { Self.rank($0.refusal.code) > Self.rank($1.refusal.code) }
        guard let nearest = candidates.first?.refusal, nearest.code != .issuerUnknown else {
            return Refusal(.pathNotFound, "no path leads from an anchor to \(leaf.issuer)", certificate: leaf.fingerprint)
        }
        // What is wrong with a CA's bytes or signature is, to the holder of the leaf, a path that does not exist.
        let isCAsOwn = nearest.code == .signatureInvalid || nearest.code == .certificateMalformed
        return Refusal(isCAsOwn ? .pathNotFound : nearest.code, nearest.why, certificate: nearest.certificate)
    }

    private static func nearest(_ refusals: [Refusal], _ leaf: Certificate) -> Refusal {
        refusals.max { rank($0.code) < rank($1.code) } ?? Refusal(.pathNotFound, "no path", certificate: leaf.fingerprint)
    }

    /// Which of several refusals says most: what is definite before what is missing, and what failed late before what failed early.
    private static func rank(_ code: RefusalCode) -> Int {
        order.firstIndex(of: code) ?? -1
    }
    private static let order: [RefusalCode] = [
        .issuerUnknown, .signatureInvalid, .certificateMalformed, .pathNotFound, .algorithmNotPermitted, .extensionNotSupported,
        .constraintViolated, .nameNotPermitted, .policyNotAcceptable, .purposeNotPermitted, .tooComplex, .revocationUnavailable,
        .caRevoked, .certificateSuspended, .certificateRevoked,
    ]
}

extension ValidatedPath {
    /// The stronger assurance, then the shorter path, then the smaller fingerprints: the same whatever the order of the pool.
    fileprivate func isPreferred(to other: ValidatedPath, order: [String]) -> Bool {
        func rank(_ path: ValidatedPath) -> Int { path.assurance.flatMap { order.firstIndex(of: $0) } ?? -1 }
        let (own, others) = (rank(self), rank(other))
        if own != others { return own > others }
        if certificates.count != other.certificates.count { return certificates.count < other.certificates.count }
        return fingerprints.lexicographicallyPrecedes(other.fingerprints)
    }
}
