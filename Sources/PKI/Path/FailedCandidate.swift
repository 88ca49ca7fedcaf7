/// A way from the leaf towards an anchor that ended somewhere, and why: what an explanation is made of.
package struct FailedCandidate: Sendable {
    /// Leaf first, as far as the way led: to the anchor, or to the last certificate that fits.
    package let certificates: [Certificate]
    package let refusal: Refusal
}

/// From the leaf's issuers upwards through every name that might have led to an anchor: why the walk from the anchors did not come down there.
struct Ascent {
    private(set) var candidates: [FailedCandidate] = []
    /// Was a CA of the trust list met on the way?
    private(set) var reachesListed = false

    /// One way to each CA met, leaf first.
    private var ways: [Int: [Certificate]] = [:]
    private let walk: TrustWalk

    /// More are not told: an explanation is read by people.
    static let maximumCount = 64

    init(_ walk: TrustWalk, leaf: Certificate, signers: [Int]) {
        self.walk = walk
        var queue = signers
        for signer in signers { ways[signer] = [leaf] }
        var position = 0
        while position < queue.count {
            let authority = queue[position]
            position += 1
            if authority < walk.listed { reachesListed = true }
            queue += visit(authority)
        }
    }

    /// Notes what ended at this CA; returns the CAs above that were not met before.
    private mutating func visit(_ authority: Int) -> [Int] {
        let way = ways[authority] ?? []
        if let refusal = walk.anchorRefusals[authority] { note(way, refusal) }
        var above = [Int]()
        for index in walk.certificates(about: authority) {
            let certificate = walk.certificates[index]
            for end in walk.deadEnds[index] ?? [] { note(way + [certificate] + end.above.certificates, end.refusal) }
            let issuers = walk.authorities(named: certificate.issuer, keyIdentifier: nil)
            if issuers.isEmpty {
                let why = "no CA is named \(certificate.issuer)"
                note(way + [certificate], Refusal(.issuerUnknown, why, certificate: certificate.fingerprint))
            }
            for issuer in issuers where ways[issuer] == nil {
                ways[issuer] = way + [certificate]
                above.append(issuer)
            }
        }
        return above
    }

    private mutating func note(_ certificates: [Certificate], _ refusal: Refusal) {
        guard candidates.count < Self.maximumCount else { return }
        candidates.append(FailedCandidate(certificates: certificates, refusal: refusal))
    }
}
