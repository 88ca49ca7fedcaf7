import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

/// Hong Kong and Macau in the demo's federation: by recognition and over the bridge, each condition by itself.
@Suite("The demo federation abroad")
struct FederationAbroadTests {
    private let federation: MadeFederation
    private let trust: LoadedTrustList

    init() throws {
        federation = try MadeFederation.shared.get()
        trust = try LoadedTrustList.load(path: federation.path("trust.yaml"))
    }

    private func examine(_ person: String, _ list: TrustList) throws -> TrustGraph.Examination {
        let leaf = try federation.certificates(federation.person(person).certificate)[0]
        return TrustGraph(list, at: MadeFederation.start)
            .examine(leaf, intermediates: [], request: .login(purpose: .client), at: MadeFederation.start)
    }

    private func path(_ person: String, _ list: TrustList) throws -> ValidatedPath { try examine(person, list).verdict.get() }

    @Test(
        "how sure a login is, the recognition's policies say, or the bridge's that the leaf's were mapped from",
        arguments: [
            ("kwok", "urn:hallpass:acr:certificate-hardware"), ("tam", "urn:hallpass:acr:certificate"),
            ("lo", "urn:hallpass:acr:certificate"), ("lei", "urn:hallpass:acr:certificate-hardware"),
            ("vong", "urn:hallpass:acr:certificate"), ("ho", "urn:hallpass:acr:certificate-hardware"),
        ])
    func assurance(_ person: String, _ acr: String) throws {
        #expect(try path(person, trust.list).assurance == acr)
    }

    @Test("a mapped policy comes out as the bridge's")
    func mapped() throws {
        #expect(try path("lo", trust.list).policies == ["1.3.6.1.4.1.32473.9.1"])
        #expect(try path("lei", trust.list).policies == ["1.3.6.1.4.1.32473.9.2"])
        #expect(try path("vong", trust.list).policies == ["1.3.6.1.4.1.32473.9.1"])
    }

    @Test("the recognised CA is reached both ways; without the recognition the bridge remains, and is less sure")
    func bothWays() throws {
        let ways = try examine("kwok", trust.list).paths
        #expect(ways.map { $0.certificates.contains { $0.subject.commonName == "省级桥CA" } } == [false, true, true])
        #expect(ways.first?.certificates.last?.subject.commonName == "维港邮政根CA")
        var bridged = trust.list
        bridged.recognitions = []
        let path = try path("kwok", bridged)
        #expect(path.assurance == "urn:hallpass:acr:certificate" && path.certificates.count == 5)
        // The other one is a person's certificate of an older release: recognised, but nothing that the bridge lets pass.
        #expect(throws: Refusal.self) { try self.path("tam", bridged) }
    }

    @Test("without the bridge's certificates the recognised people alone get in")
    func recognisedAlone() throws {
        var list = trust.list
        list.authorities.removeAll { $0.issuer.commonName == "省级桥CA" }
        for person in ["kwok", "tam"] { #expect(throws: Never.self, "\(person)") { try path(person, list) } }
        for person in ["lo", "lei", "vong", "ho"] { #expect(throws: Refusal.self, "\(person)") { try path(person, list) } }
    }

    @Test("each is refused for its one reason, in the words of the rule that ended the nearest path")
    func reasons() throws {
        for (person, code, why) in [
            ("unrecognised-type", RefusalCode.policyNotAcceptable, "is not of the type that"),
            ("outside-arc", .policyNotAcceptable, "has no policy that"),
            ("withdrawn", .pathNotFound, "is not granted at this time"),
            ("outside-names", .nameNotPermitted, "directoryName CN=名称越界者"),
            ("outside-mail", .nameNotPermitted, "rfc822Name outside@elsewhere.example is not permitted"),
            ("excluded-mail", .nameNotPermitted, "rfc822Name root@harbour-post.example is excluded"),
            ("unmapped", .policyNotAcceptable, "no policy is left although one is required"),
            ("encipherment", .policyNotAcceptable, "no policy is left although one is required"),
            ("outside-country", .nameNotPermitted, "directoryName CN=地区越界者"),
        ] {
            let examination = try examine(person, trust.list)
            guard case .failure(let refusal) = examination.verdict else {
                Issue.record("\(person) got in")
                continue
            }
            #expect(refusal.code == code, "\(person): \(refusal)")
            #expect(examination.failures.contains { $0.code == code && $0.why.contains(why) }, "\(person): \(examination.failures)")
        }
    }

    @Test(
        "of a recognition's conditions that one alone stands between the person and a login",
        arguments: [
            ("unrecognised-type", "Harbour Post e-Cert (Organisational)", "Harbour Post Bank-Cert (Corporate)"),
            ("outside-arc", "2.16.344.8.2.2008.810.2.*", "2.16.344.8.2.2008.810.*"),
            ("withdrawn", "{withdrawn: 2025-07-01}", "{withdrawn: 2099-07-01}"),
        ])
    func oneCondition(_ person: String, _ old: String, _ new: String) throws {
        let changed = try federation.trustList(old, to: new, name: "\(person).yaml")
        let path = try path(person, changed.list)
        #expect(path.certificates.count == 3)
        let leaf = try federation.certificates(federation.person(person).certificate)[0]
        #expect(try changed.book.entries[path.issuer]?.subject(of: leaf).masterEligible == true)
    }

    @Test("a second run on the whole federation changes nothing")
    func idempotent() throws {
        let copy = federation.folder + "-again"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let names = federation.madeFiles
        for name in names {
            let target = URL(fileURLWithPath: copy).appendingPathComponent(name)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: federation.path(name), toPath: target.path)
        }
        let again = try FederationMaker(description: MadeFederation.description, folder: copy, now: MadeFederation.start + 86_400).make()
        #expect(again == federation.manifest)
        for name in names {
            let made = FileManager.default.contents(atPath: federation.path(name))
            #expect(made != nil && FileManager.default.contents(atPath: "\(copy)/\(name)") == made, "\(name)")
        }
    }
}
