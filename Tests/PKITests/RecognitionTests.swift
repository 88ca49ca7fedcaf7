import Foundation
import Testing

@testable import PKI

@Suite("Cross-recognition, assurance and what the trust list says of a CA")
struct RecognitionTests {
    private let house: TestAuthority
    private let key: KeyPair
    private let now = TestAuthority.now
    private static let policy = "2.16.344.8.2.2008.810.2.1.2012.1.0"
    private static let order = ["low", "middle", "high"]

    init() throws {
        house = try TestAuthority(.p256)
        key = try TestAuthority.holderKey(.p256)
    }

    private func leaf(type: String = "Harbour e-Cert (Personal)", policies: [String] = [Self.policy]) throws -> Certificate {
        try house.issuing.issue(
            CertificateTemplate(
                serial: SerialNumber.random(),
                subject: try NameTemplate([.init(oid: "2.5.4.10", value: type), .init(oid: "2.5.4.3", value: "CHAN Tai Man")]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: now - TestAuthority.day, notAfter: now + TestAuthority.day,
                extensions: [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth])]
                    + (policies.isEmpty ? [] : [try .policies(policies)])))
    }

    private func list(
        _ change: (inout AuthorityRules) -> Void = { _ in }, recognitions: [Recognition]? = nil, anchored: Bool = false
    ) -> TrustList {
        var rules = AuthorityRules(revocation: .off)
        change(&rules)
        var list = TrustList(anchors: anchored ? [house.root.certificate] : [], authorities: [house.issuing.certificate])
        list.rules = [
            AuthorityKey(subjectOf: house.root.certificate): AuthorityRules(revocation: .off),
            AuthorityKey(subjectOf: house.issuing.certificate): rules,
        ]
        list.recognitions = recognitions ?? [entry()]
        list.assuranceOrder = Self.order
        return list
    }

    private func entry(
        issuer: Certificate? = nil, type: String = "harbour  E-CERT (personal)", arc: String = "2.16.344.8.2.2008.810.2.*",
        periods: [Recognition.Period]? = nil, level: String = "middle"
    ) -> Recognition {
        Recognition(
            name: "mutual", root: house.root.certificate, issuer: AuthorityKey(subjectOf: issuer ?? house.issuing.certificate),
            type: [.init(attribute: "2.5.4.10", value: type)], policies: [arc].compactMap(PolicyArc.init),
            periods: periods ?? [.init(status: .granted, from: now - 100 * TestAuthority.day)], assurance: AssuranceTable(level: level))
    }

    private func told(_ list: TrustList, _ leaf: Certificate, at moment: Date? = nil) -> Result<ValidatedPath, Refusal> {
        TrustGraph(list, at: moment ?? now).examine(leaf, request: ValidationRequest(), at: moment ?? now).verdict
    }

    @Test("a leaf that fulfils every condition is recognised, with the entry's level; its type is compared as names are")
    func recognised() throws {
        let path = try told(list(), try leaf()).get()
        #expect(path.certificates.last == house.root.certificate)
        #expect(path.assurance == "middle")
    }

    @Test("another type, a policy outside of the arc, no policy: not recognised")
    func conditions() throws {
        #expect(told(list(), try leaf(type: "Harbour e-Cert (Server)")).told == "policy_not_acceptable")
        #expect(told(list(), try leaf(policies: ["1.2.3"])).told == "policy_not_acceptable")
        #expect(
            told(list(), try leaf(policies: ["2.16.344.8.2.2008.810.2"])).told == "policy_not_acceptable",
            "the arc's own node is not below it")
        #expect(told(list(), try leaf(policies: [])).told == "policy_not_acceptable")
    }

    @Test("an entry for another CA below the same root recognises nothing of this one")
    func otherIssuer() throws {
        let other = try TestAuthority(.p384).issuing.certificate
        #expect(told(list(recognitions: [entry(issuer: other)]), try leaf()).told == "path_not_found")
    }

    @Test("the status counts at the moment that is judged: before it was granted, while it is, after it was withdrawn")
    func status() throws {
        let day = TestAuthority.day
        let periods: [Recognition.Period] = [
            .init(status: .withdrawn, from: now + 0.5 * day), .init(status: .granted, from: now - 0.5 * day),
        ]
        let list = list(recognitions: [entry(periods: periods)])
        #expect(told(list, try leaf()).told == "ACCEPT")
        #expect(told(list, try leaf(), at: now - 0.75 * day).told == "path_not_found")
        #expect(told(list, try leaf(), at: now + 0.75 * day).told == "path_not_found")
        #expect(told(self.list(recognitions: [entry(periods: [])]), try leaf()).told == "path_not_found", "no status is none granted")
    }

    @Test("a root that recognition names stays conditional though it is listed as an anchor; without entries it is an ordinary one")
    func anchored() throws {
        let stranger = try leaf(type: "Harbour e-Cert (Server)")
        #expect(told(list(anchored: true), stranger).told == "policy_not_acceptable")
        #expect(told(list(recognitions: [], anchored: true), stranger).told == "ACCEPT")
        #expect(told(list(recognitions: []), stranger).told != "ACCEPT", "no anchor at all")
    }

    @Test("of several entries the one that holds decides")
    func several() throws {
        let entries = [entry(type: "Harbour e-Cert (Organisational)", level: "high"), entry(level: "low")]
        #expect(try told(list(recognitions: entries), try leaf()).get().assurance == "low")
    }

    @Test("policies map to levels, the first row that fits; without one the CA's own")
    func levels() throws {
        let list = list(
            { rules in
                rules.assurance = AssuranceTable(
                    level: "low",
                    rows: [("1.2.3.4", "high"), ("1.2.3.*", "middle")].compactMap { policy, level in
                        PolicyArc(policy).map { .init(policy: $0, level: level) }
                    })
            }, recognitions: [], anchored: true)
        #expect(try told(list, try leaf(policies: ["1.2.3.4"])).get().assurance == "high")
        #expect(try told(list, try leaf(policies: ["1.2.3.9"])).get().assurance == "middle")
        #expect(try told(list, try leaf(policies: ["1.2.4"])).get().assurance == "low")
    }

    @Test("a policy that the CA above does not let its CA assert lifts no level and fulfils no recognition")
    func prunedPolicies() throws {
        let name = try NameTemplate([.init(oid: "2.5.4.3", value: "bounded CA")]).encoded()
        let middleKey = try TestAuthority.holderKey(.p384)
        let bounded = try house.root.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: name, publicKeyInfo: middleKey.publicKeyInfo, notBefore: now - TestAuthority.day,
                notAfter: now + TestAuthority.day,
                extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign]), try .policies(["1.2.3.1"])]))
        let issuer = IssuingAuthority(certificate: bounded, key: middleKey)
        func leaf(_ policy: String) throws -> Certificate {
            try issuer.issue(
                CertificateTemplate(
                    serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.10", value: "Type")]).encoded(),
                    publicKeyInfo: key.publicKeyInfo, notBefore: now - 60, notAfter: now + 60,
                    extensions: [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth]), try .policies([policy])]))
        }
        var rules = AuthorityRules(revocation: .off)
        rules.assurance = AssuranceTable(
            level: "low", rows: ["1.2.3.1", "1.2.3.2"].compactMap { PolicyArc($0).map { .init(policy: $0, level: "high") } })
        var list = TrustList(anchors: [house.root.certificate], authorities: [bounded])
        list.rules = [AuthorityKey(subjectOf: house.root.certificate): .init(revocation: .off), AuthorityKey(subjectOf: bounded): rules]
        #expect(try told(list, try leaf("1.2.3.1")).get().assurance == "high")
        #expect(try told(list, try leaf("1.2.3.2")).get().assurance == "low")
        list.recognitions = [
            Recognition(
                name: "bounded", root: house.root.certificate, issuer: AuthorityKey(subjectOf: bounded), type: [],
                policies: [PolicyArc("1.2.3.2")].compactMap(\.self), periods: [.init(status: .granted, from: now - 60)],
                assurance: AssuranceTable())
        ]
        #expect(told(list, try leaf("1.2.3.2")).told == "policy_not_acceptable")
    }

    @Test("an entry of the trust list counts from its day to its day")
    func entryValidity() throws {
        let day = TestAuthority.day
        let ended = list({ $0.validUntil = now - day }, recognitions: [], anchored: true)
        #expect(told(ended, try leaf()).told == "path_not_found")
        let later = TrustGraph(list({ $0.validFrom = now + 0.5 * day }, recognitions: [], anchored: true), at: now)
        #expect(later.examine(try leaf(), request: ValidationRequest(), at: now).verdict.told == "path_not_found")
        #expect(
            later.examine(try leaf(), request: ValidationRequest(), at: now + 0.6 * day).verdict.told == "ACCEPT", "without a new graph")
    }

    @Test("the floor of the trust list holds for CAs and leaves alike")
    func floor() throws {
        let rsa = try TestAuthority(.rsa2048)
        let leaf = try rsa.leaf(TestAuthority.holderKey(.p256))
        var list = TrustList(anchors: [rsa.root.certificate], authorities: [rsa.issuing.certificate])
        for one in [rsa.root, rsa.issuing] { list.rules[AuthorityKey(subjectOf: one.certificate)] = AuthorityRules(revocation: .off) }
        #expect(told(list, leaf).told == "ACCEPT")
        list.floor.minimumRSABits = 3072
        #expect(told(list, leaf).told == "algorithm_not_permitted")
        let weakLeaf = try house.leaf(TestAuthority.holderKey(.rsa2048))
        var strict = self.list(recognitions: [], anchored: true)
        #expect(told(strict, weakLeaf).told == "ACCEPT")
        strict.floor.minimumRSABits = 3072
        #expect(told(strict, weakLeaf).told == "algorithm_not_permitted")
    }

    @Test("a denied CA carries no path from this moment on, and the graph it was denied in is as it was")
    func denied() throws {
        let graph = TrustGraph(list(recognitions: [], anchored: true), at: now)
        let leaf = try leaf()
        let path = try graph.validate(leaf, at: now).fingerprints
        let after = graph.denying([house.issuing.certificate.fingerprint])
        #expect(after.examine(leaf, request: ValidationRequest(), at: now).verdict.told == "ca_revoked")
        #expect(after.refusal(forPath: path, at: now)?.code == .caRevoked)
        #expect(after.lost(since: graph, at: now).contains(house.issuing.certificate.fingerprint))
        #expect(graph.examine(leaf, request: ValidationRequest(), at: now).verdict.told == "ACCEPT")
    }

    @Test("a question that inhibits any-policy gets its own walk; others go on as before")
    func inhibited() throws {
        let root = try IssuingAuthority.selfSigned(
            subject: NameTemplate([.init(oid: "2.5.4.3", value: "any policy root")]), key: key, serial: SerialNumber.random(),
            notBefore: now - TestAuthority.day, notAfter: now + 10 * TestAuthority.day,
            extensions: [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign])])
        let middleKey = try TestAuthority.holderKey(.p384)
        let name = try NameTemplate([.init(oid: "2.5.4.3", value: "any policy CA")]).encoded()
        func issue(_ issuer: IssuingAuthority, _ subject: [UInt8], _ key: KeyPair, _ extensions: [CertificateExtension]) throws
            -> Certificate
        {
            try issuer.issue(
                CertificateTemplate(
                    serial: SerialNumber.random(), subject: subject, publicKeyInfo: key.publicKeyInfo, notBefore: now - TestAuthority.day,
                    notAfter: now + TestAuthority.day, extensions: extensions))
        }
        let middle = try issue(
            root, name, middleKey,
            [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign]), try .policies(["2.5.29.32.0"])])
        let end = try issue(
            IssuingAuthority(certificate: middle, key: middleKey), try NameTemplate([.init(oid: "2.5.4.3", value: "end")]).encoded(), key,
            [.keyUsage([.digitalSignature]), try .policies(["1.2.3"])])
        var list = TrustList(anchors: [root.certificate], authorities: [middle])
        list.rules = [
            AuthorityKey(subjectOf: root.certificate): .init(revocation: .off), AuthorityKey(subjectOf: middle): .init(revocation: .off),
        ]
        let graph = TrustGraph(list, at: now)
        var request = ValidationRequest(purpose: .any)
        request.isPolicyRequired = true
        #expect(graph.examine(end, request: request, at: now).verdict.told == "ACCEPT")
        request.inhibitions = .anyPolicy
        #expect(graph.examine(end, request: request, at: now).verdict.told == "policy_not_acceptable")
        request.inhibitions = .policyMapping
        #expect(graph.examine(end, request: request, at: now).verdict.told == "ACCEPT")
    }
}
