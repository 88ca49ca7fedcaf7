import Foundation

/// Walks the mesh forward from the anchors and keeps, at each authority, the states that survive (docs/architecture.md).
///
/// Certificates are taken in the order of their fingerprints and states by length, so the outcome does not depend on the order of the pool.
/// Simple paths are never enumerated: a state that another one replaces is dropped. A path never passes an authority twice: what it would
/// reach the second time, it had already reached, in a state at least as good.
struct TrustWalk: Sendable {
    let rules: PathRules
    let settings: ValidationSettings
    let now: Date
    private let authorityRules: [AuthorityKey: AuthorityRules]

    private(set) var anchors: [Certificate] = []
    /// What is recognised below an anchor, where anything is named as such.
    private(set) var recognitions: [Int: [Recognition]] = [:]
    let assuranceOrder: [String]
    let userSignerID: [UInt8]
    private(set) var certificates: [Certificate] = []
    private var known: Set<Fingerprint> = []
    /// The authority each certificate is about, beside `certificates`.
    private var subjects: [Int] = []
    private var issuedBy: [DistinguishedName: [Int]] = [:]
    private var certificatesAbout: [Int: [Int]] = [:]

    private(set) var authorities: [Authority] = []
    /// The first so many authorities are the trust list's; later ones came along with a leaf.
    private(set) var listed = 0
    private var authorityIndex: [AuthorityKey: Int] = [:]
    private var authoritiesNamed: [DistinguishedName: [Int]] = [:]

    /// Surviving states, beside `authorities`.
    private(set) var states: [[PathState]] = []
    private(set) var book = RevocationBook()
    /// Lists that no known key signed: a key that is met later may have.
    private var unsignedLists: [CertificateList] = []
    private var acceptedSigners: Set<AnchoredSigner> = []
    /// Keys that only sign lists, found in this round.
    private var listSigners: Set<AnchoredSigner> = []

    private var signatures: [SignaturePair: Refusal?] = [:]
    /// Where paths ended at a certificate, beside `certificates`; and why an anchor could not begin one, by authority.
    private(set) var deadEnds: [Int: [DeadEnd]] = [:]
    private(set) var anchorRefusals: [Int: Refusal] = [:]
    private var budget: Budget
    private(set) var isExhausted = false

    private struct SignaturePair: Hashable {
        let certificate: Int
        let authority: Int
    }
    private struct AnchoredSigner: Hashable {
        let anchor: Int
        let authority: Int
    }

    init(_ list: TrustList, settings: ValidationSettings, now: Date) {
        rules = PathRules(settings)
        self.settings = settings
        self.now = now
        budget = settings.budget
        authorityRules = list.rules
        assuranceOrder = list.assuranceOrder
        userSignerID = list.userSignerID
        anchors = Self.sorted(list.anchors + list.recognitions.map(\.root))
        known = Set(anchors.map(\.fingerprint))
        for (index, anchor) in anchors.enumerated() {
            let key = authorities[register(anchor)].key
            let entries = list.recognitions.filter { AuthorityKey(subjectOf: $0.root) == key }
            if !entries.isEmpty { recognitions[index] = entries }
        }
        _ = add(list.authorities)
        listed = authorities.count
        unsignedLists = list.revocationLists
        let named = authoritiesNamed
        fileLists { named[$0] ?? [] }
        compile()
    }

    private static func sorted(_ certificates: [Certificate]) -> [Certificate] {
        var seen = Set<Fingerprint>()
        return certificates.filter { seen.insert($0.fingerprint).inserted }.sorted { $0.fingerprint < $1.fingerprint }
    }

    /// Authorities of this name; those with the key identifier asked for first.
    func authorities(named name: DistinguishedName, keyIdentifier: ArraySlice<UInt8>?) -> [Int] {
        let all = authoritiesNamed[name] ?? []
        guard all.count > 1, let keyIdentifier else { return all }
        return all.filter { authorities[$0].keyIdentifiers.contains(keyIdentifier) }
            + all.filter { !authorities[$0].keyIdentifiers.contains(keyIdentifier) }
    }

    func certificates(about authority: Int) -> [Int] { certificatesAbout[authority] ?? [] }
    func authority(about certificate: Certificate) -> Int? { authorityIndex[AuthorityKey(subjectOf: certificate)] }
    func knows(_ fingerprint: Fingerprint) -> Bool { known.contains(fingerprint) }
}

// MARK: Building

extension TrustWalk {
    /// The authority this certificate is about, made if it is new.
    private mutating func register(_ certificate: Certificate) -> Int {
        let key = AuthorityKey(subjectOf: certificate)
        let index: Int
        if let existing = authorityIndex[key] {
            index = existing
        } else {
            index = authorities.count
            let rules = authorityRules[key] ?? settings.unlistedAuthorities
            authorities.append(Authority(key, publicKeyInfo: certificate.publicKeyInfo, rules: rules, floor: settings.floor))
            states.append([])
            authorityIndex[key] = index
            authoritiesNamed[key.name, default: []].append(index)
        }
        if let identifier = certificate.extensions.subjectKeyIdentifier { authorities[index].keyIdentifiers.insert(identifier) }
        return index
    }

    /// Takes in certificates that are not there yet; returns their indices.
    private mutating func add(_ new: [Certificate]) -> Range<Int> {
        let start = certificates.count
        for certificate in Self.sorted(new) where known.insert(certificate.fingerprint).inserted {
            let index = certificates.count
            let subject = register(certificate)
            certificates.append(certificate)
            subjects.append(subject)
            issuedBy[certificate.issuer, default: []].append(index)
            certificatesAbout[subject, default: []].append(index)
        }
        return start..<certificates.count
    }

    /// Tries the keys that `candidates` names for a list's issuer.
    private mutating func fileLists(_ candidates: (DistinguishedName) -> [Int]) {
        var others = [CertificateList]()
        for list in unsignedLists {
            let keys = candidates(list.issuer)
            let isTried = !keys.isEmpty && spendSignatures(keys.count)
            if isTried, book.add(list, candidates: keys, authorities: authorities, profile: rules.profile) { continue }
            others.append(list)
        }
        unsignedLists = others
    }

    /// A list may be signed by another key of its issuer's name (RFC 5280 §6.3.3 (f)), whose own path rests on lists: the walk is
    /// repeated with the signers found so far until nothing changes. One round is enough wherever CAs sign their own lists.
    private mutating func compile() {
        for round in 0..<8 {
            states = Array(repeating: [], count: authorities.count)
            deadEnds = [:]
            listSigners = []
            walkFromAnchors()
            let found = signersFound()
            guard found != acceptedSigners else { return }
            acceptedSigners = round < 4 ? found : found.intersection(acceptedSigners)
        }
    }

    /// Signers of lists that another key of the same name, or another name (indirect lists), may rest on, with the anchors they validate to.
    private func signersFound() -> Set<AnchoredSigner> {
        var found = listSigners
        for signer in book.signers
        where book.indirectSigners.contains(signer) || (authoritiesNamed[authorities[signer].key.name]?.count ?? 0) > 1 {
            for state in states[signer] where state.signsLists { found.insert(AnchoredSigner(anchor: state.anchor, authority: signer)) }
        }
        return found
    }

    private mutating func walkFromAnchors() {
        var queue = [PathState]()
        for (index, anchor) in anchors.enumerated() {
            let authority = register(anchor)
            let relaxed = authorities[authority].rules.relaxations
            do throws(Refusal) {
                let state = try rules.begin(anchor, index: index, authority: authority, relaxed: relaxed, now: now)
                if keep(state.limited(by: authorities[authority].rules)) { queue.append(state.limited(by: authorities[authority].rules)) }
            } catch {
                anchorRefusals[authority] = error
            }
        }
        walk(from: &queue)
    }

    /// Breadth first: shorter paths come first and replace longer ones.
    private mutating func walk(from queue: inout [PathState]) {
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            for index in issuedBy[authorities[state.authority].key.name] ?? [] {
                if let next = extend(state, with: index), keep(next) { queue.append(next) }
                guard !isExhausted else { return }
            }
        }
    }

    /// Extends what is there by certificates that came with a leaf. The budget starts anew.
    func extended(with new: [Certificate], budget: Budget) -> TrustWalk {
        var walk = self
        walk.budget = budget
        let added = walk.add(new)
        guard !added.isEmpty else { return self }
        let known = authorities.count
        let named = walk.authoritiesNamed
        walk.fileLists { (named[$0] ?? []).filter { $0 >= known } }
        var queue = [PathState]()
        for index in added {
            for authority in walk.authoritiesNamed[walk.certificates[index].issuer] ?? [] where authority < authorities.count {
                for state in states[authority] {
                    if let next = walk.extend(state, with: index), walk.keep(next) { queue.append(next) }
                }
            }
        }
        walk.walk(from: &queue)
        return walk
    }
}

// MARK: One step

extension TrustWalk {
    private mutating func extend(_ state: PathState, with index: Int) -> PathState? {
        let subject = completed(subjects[index], by: state.authority)
        guard !state.link.passes(authority: subject) else { return nil }
        guard state.length < Budget.maximumLength else {
            note(Refusal(.tooComplex, "a path of more than \(Budget.maximumLength) certificates"), on: index, below: state)
            return nil
        }
        do throws(Refusal) {
            // §6.1.3 (a)(1); (a)(4), the issuer's name, is how the certificate was found.
            if let fault = signatureFault(of: index, by: state.authority) { throw fault }
            let issuerRules = authorities[state.authority].rules
            let relaxed = issuerRules.relaxations.union(authorities[subject].rules.relaxations)
            if !certificates[index].isAuthority, book.signers.contains(subject) {
                try acceptListSigner(index, below: state, relaxed: relaxed)
                return nil
            }
            var next = try rules.extend(state, with: certificates[index], authority: subject, relaxed: relaxed, now: now)
            if issuerRules.revocation != .off {
                next.freshUntil = min(next.freshUntil, try requireGood(certificates[index], subject: subject, issuer: state))
            }
            return next.limited(by: authorities[subject].rules)
        } catch {
            note(error, on: index, below: state)
            return nil
        }
    }

    /// A DSA key without parameters is, with those of its issuer's key, a CA of its own (§6.1.4 (e)). Its lists can be verified from now on.
    private mutating func completed(_ subject: Int, by issuer: Int) -> Int {
        guard let whole = authorities[subject].completed(by: authorities[issuer], floor: settings.floor) else { return subject }
        if let known = authorityIndex[whole.key] { return known }
        let index = authorities.count
        authorities.append(whole)
        states.append([])
        authorityIndex[whole.key] = index
        authoritiesNamed[whole.key.name, default: []].append(index)
        certificatesAbout[index] = certificatesAbout[subject]
        fileLists { $0 == whole.key.name ? [index] : [] }
        return index
    }

    /// A certificate whose key signs lists and nothing else ends its path: it is validated like a leaf (§6.3.3 (f)).
    private mutating func acceptListSigner(_ index: Int, below state: PathState, relaxed: Set<String>) throws(Refusal) {
        let certificate = certificates[index]
        var request = ValidationRequest(purpose: .any)
        request.keyUsage = .cRLSign
        try rules.checkLeaf(certificate, request, relaxed: relaxed, now: now)
        try rules.conclude(state, certificate, request, now: now)
        if authorities[state.authority].rules.revocation != .off {
            _ = try requireGood(certificate, subject: subjects[index], issuer: state)
        }
        listSigners.insert(AnchoredSigner(anchor: state.anchor, authority: subjects[index]))
    }

    /// Keeps a state unless one that is there replaces it.
    private mutating func keep(_ state: PathState) -> Bool {
        guard budget.states > 0 else {
            isExhausted = true
            return false
        }
        budget.states -= 1
        guard !states[state.authority].contains(where: { $0.replaces(state) }) else { return false }
        states[state.authority].removeAll { state.replaces($0) }
        states[state.authority].append(state)
        return true
    }

    private mutating func note(_ refusal: Refusal, on index: Int, below state: PathState) {
        let noted = deadEnds[index] ?? []
        guard noted.count < 8, !noted.contains(where: { $0.refusal.code == refusal.code && $0.refusal.why == refusal.why }) else { return }
        let named = Refusal(refusal.code, refusal.why, certificate: certificates[index].fingerprint)
        deadEnds[index] = noted + [DeadEnd(refusal: named, above: state.link)]
    }

    private mutating func signatureFault(of index: Int, by authority: Int) -> Refusal? {
        let pair = SignaturePair(certificate: index, authority: authority)
        if let done = signatures[pair] { return done }
        guard spendSignatures(1) else { return Refusal(.tooComplex, "too many signatures to check") }
        let fault = authorities[authority].verify(certificates[index].signature)
        signatures[pair] = .some(fault)
        return fault
    }

    private mutating func spendSignatures(_ count: Int) -> Bool {
        guard budget.signatures >= count else {
            isExhausted = true
            return false
        }
        budget.signatures -= count
        return true
    }

    /// §6.1.3 (a)(3) for a CA certificate: until when it is known not to be revoked.
    private func requireGood(_ certificate: Certificate, subject: Int, issuer: PathState) throws(Refusal) -> Date {
        switch status(of: certificate, issuer: issuer, subject: subject, now: now) {
        case .good(let until, _): return until
        case .revoked(let since, _):
            throw Refusal(.caRevoked, "CA certificate revoked at \(since.rfc3339)", certificate: certificate.fingerprint)
        case .unavailable(let why): throw Refusal(.revocationUnavailable, why, certificate: certificate.fingerprint)
        }
    }

    /// A list counts when its signer validates to the same anchor (§6.3.3 (f)). `grace` is `soft`'s, for leaves alone.
    func status(of certificate: Certificate, issuer: PathState, subject: Int?, now: Date, grace: TimeInterval = 0) -> RevocationStatus {
        book.status(of: certificate, issuer: issuer, now: now, grace: grace) { signer in
            acceptedSigners.contains(AnchoredSigner(anchor: issuer.anchor, authority: signer))
                || (signer == subject && isAnsweringForItself(certificate, signer: signer))
        }
    }

    /// It brings the key that signs the lists, and its issuer says so: by a self-issued certificate, or by naming it as the cRLIssuer of its
    /// own status. It finds that status in the list it signs, if nobody else's list could tell: else whoever stole a key could vouch for it.
    private func isAnsweringForItself(_ certificate: Certificate, signer: Int) -> Bool {
        guard certificate.keyUsage?.contains(.cRLSign) == true else { return false }
        let points = certificate.extensions.distributionPoints
        guard certificate.isSelfIssued || points.contains(where: { $0.issuers.contains(.directory(certificate.subject)) }) else {
            return false
        }
        return !book.hasLists(about: points.flatMap { certificate.listIssuers(at: $0) } + [certificate.issuer], notBy: signer)
    }
}
