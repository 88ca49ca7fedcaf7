import Foundation

/// Answers for one leaf from a walk: one lookup, one signature for each key of the issuer's name, the leaf's own rules, one revocation lookup.
struct PathSearch {
    let walk: TrustWalk
    let leaf: Certificate
    let request: ValidationRequest
    let now: Date
    /// Why each candidate failed, in the order tried.
    private(set) var failures: [Refusal] = []

    init(_ walk: TrustWalk, leaf: Certificate, request: ValidationRequest, now: Date) {
        self.walk = walk
        self.leaf = leaf
        self.request = request
        self.now = now
    }

    /// The path told, or the refusal told first: signature, malformed, the leaf's own fault, path, revocation.
    mutating func run() throws(Refusal) -> ValidatedPath {
        try walk.rules.profile.checkIssuer(of: leaf)
        let named = walk.authorities(named: leaf.issuer, keyIdentifier: leaf.extensions.authorityKeyIdentifier?.keyIdentifier)
        guard !named.isEmpty else {
            throw Refusal(.issuerUnknown, "no CA is named \(leaf.issuer)", certificate: leaf.fingerprint)
        }
        var signatureFaults = [Refusal]()
        var signers = [Int]()
        for authority in named {
            if let fault = walk.authorities[authority].verify(leaf.signature) {
                signatureFaults.append(fault)
                continue
            }
            signers.append(authority)
            let relaxed = walk.authorities[authority].rules.relaxations
            try walk.rules.checkLeaf(leaf, request, relaxed: relaxed, now: now)
            if let path = firstPath(below: authority) { return path }
        }
        guard !signers.isEmpty else { throw Self.nearest(signatureFaults, leaf) }
        throw told(signers)
    }

    private mutating func firstPath(below authority: Int) -> ValidatedPath? {
        for state in walk.states[authority] {
            do throws(Refusal) {
                try walk.rules.conclude(state, request, now: now)
                try checkAlgorithm()
                let policies = try walk.rules.concludePolicies(state, leaf, request)
                return path(state, policies, revocationGoodUntil: try requireGood(state))
            } catch {
                failures.append(error)
            }
        }
        return nil
    }

    private func checkAlgorithm() throws(Refusal) {
        let algorithm = leaf.signature.algorithm
        guard request.signatureAlgorithms.isEmpty || request.signatureAlgorithms.contains(algorithm.description) else {
            throw Refusal(.algorithmNotPermitted, "signature algorithm \(algorithm) was not asked for", certificate: leaf.fingerprint)
        }
    }

    private func requireGood(_ state: PathState) throws(Refusal) -> Date {
        guard walk.authorities[state.authority].rules.revocation == .hard else { return .distantFuture }
        switch walk.status(of: leaf, issuer: state, subject: nil, now: now) {
        case .good(let until): return until
        case .revoked(let since, RevocationBook.certificateHold):
            throw Refusal(.certificateSuspended, "on hold since \(since.rfc3339)", certificate: leaf.fingerprint)
        case .revoked(let since, _): throw Refusal(.certificateRevoked, "revoked at \(since.rfc3339)", certificate: leaf.fingerprint)
        case .unavailable(let why): throw Refusal(.revocationUnavailable, why, certificate: leaf.fingerprint)
        }
    }

    private func path(_ state: PathState, _ policies: [String], revocationGoodUntil: Date) -> ValidatedPath {
        ValidatedPath(
            certificates: [leaf] + state.link.certificates, issuer: walk.authorities[state.authority].key, policies: policies,
            goodUntil: min(leaf.notAfter, state.validUntil, state.freshUntil, revocationGoodUntil))
    }

    /// The nearest miss: of the candidates that had a state, the one that got furthest; else why the mesh above has none.
    private mutating func told(_ signers: [Int]) -> Refusal {
        guard failures.isEmpty else { return Self.nearest(failures, leaf) }
        let reached = namesReached(from: signers)
        failures = explanation(of: reached)
        guard !walk.isExhausted else {
            return Refusal(.tooComplex, "the search for a path was ended by its budget", certificate: leaf.fingerprint)
        }
        // A CA that only the holder brought along is a CA of no name known here.
        guard reached.contains(where: { $0 < walk.listed }) else {
            return Refusal(.issuerUnknown, "no CA above \(leaf.issuer) is known", certificate: leaf.fingerprint)
        }
        guard let nearest = failures.max(by: { Self.rank($0.code) < Self.rank($1.code) }) else {
            return Refusal(.pathNotFound, "no path leads from an anchor to \(leaf.issuer)", certificate: leaf.fingerprint)
        }
        // What is wrong with a CA's bytes or signature is, to the holder of the leaf, a path that does not exist.
        let isCAsOwn = nearest.code == .signatureInvalid || nearest.code == .certificateMalformed
        return Refusal(isCAsOwn ? .pathNotFound : nearest.code, nearest.why, certificate: nearest.certificate)
    }

    /// From the leaf's issuers upwards through every name that might have led to an anchor.
    private func namesReached(from signers: [Int]) -> Set<Int> {
        var seen = Set(signers)
        var queue = signers
        while let authority = queue.popLast() {
            for index in walk.certificates(about: authority) {
                let above = walk.authorities(named: walk.certificates[index].issuer, keyIdentifier: nil)
                for next in above where seen.insert(next).inserted { queue.append(next) }
            }
        }
        return seen
    }

    /// What the walk refused of these.
    private func explanation(of authorities: Set<Int>) -> [Refusal] {
        authorities.sorted().flatMap { authority in
            (walk.anchorRefusals[authority].map { [$0] } ?? [])
                + walk.certificates(about: authority).flatMap { walk.refusals[$0] ?? [] }
        }
    }

    private static func nearest(_ refusals: [Refusal], _ leaf: Certificate) -> Refusal {
        refusals.max { rank($0.code) < rank($1.code) } ?? Refusal(.pathNotFound, "no path", certificate: leaf.fingerprint)
    }

    /// Which of several refusals says most: what is definite before what is missing, and what failed late before what failed early.
    private static func rank(_ code: RefusalCode) -> Int {
        order.firstIndex(of: code) ?? -1
    }
    private static let order: [RefusalCode] = [
        .signatureInvalid, .certificateMalformed, .pathNotFound, .algorithmNotPermitted, .extensionNotSupported, .constraintViolated,
        .nameNotPermitted, .policyNotAcceptable, .purposeNotPermitted, .tooComplex, .revocationUnavailable, .caRevoked,
        .certificateSuspended, .certificateRevoked,
    ]
}

extension Profile {
    /// An empty issuer name leads to no CA: told as what it is (RFC 5280 §4.1.2.4).
    fileprivate func checkIssuer(of leaf: Certificate) throws(Refusal) {
        guard !leaf.issuer.isEmpty else { throw Refusal(.certificateMalformed, "empty issuer (§4.1.2.4)", certificate: leaf.fingerprint) }
    }
}
