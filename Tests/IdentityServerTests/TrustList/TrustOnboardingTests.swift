import Foundation
import PKI
import Registry
import Synchronization
import Testing

@testable import IdentityServer

@Suite("CA onboarding")
struct TrustOnboardingTests {
    private func reason<Value>(_ body: () async throws -> Value) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch { return OperatorRegistry.reason(error) }
    }

    @Test("a CA is added to a draft with an identity profile; the list in force is untouched and comments stay")
    func add() async throws {
        let site = try await TrustSite()
        let before = try site.text(site.list)
        let said = try await site.trust().add(site.stranger.addition("外来CA"), draft: nil)
        #expect(said.contains("made the draft") && said.contains(site.stranger.root.certificate.fingerprint.description))
        #expect(try site.text(site.list) == before)
        let draft = try site.text(site.draftList)
        #expect(draft.contains("# Trust starts here.") && draft.contains("    may_assert:"))
        let loaded = try LoadedTrustList.load(path: site.draftList)
        #expect(loaded.list.anchors.contains(site.stranger.root.certificate))
        #expect(loaded.list.authorities.contains(site.stranger.issuing.certificate))
        #expect(loaded.book.entries.values.contains { $0.name == "外来CA" && $0.mayAssert.kinds.contains(.personal) })
        #expect(try LoadedTrustList.load(path: site.list).list.rules.count == loaded.list.rules.count - 1)
        let mode = try FileManager.default.attributesOfItem(atPath: site.draftList)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(await reason { try await site.addStranger() }?.contains("already") == true)
    }

    @Test("without --anchor the root is left out, and a chain that is none is refused")
    func chains() async throws {
        let site = try await TrustSite()
        var addition = site.stranger.addition("外来CA")
        addition.isAnchor = false
        let said = try await site.trust().add(addition, draft: nil)
        #expect(said.contains("left out the root"))
        #expect(try !LoadedTrustList.load(path: site.draftList).list.anchors.contains(site.stranger.root.certificate))

        addition.chain = site.stranger.person
        #expect(await reason { try await site.trust().add(addition, draft: nil) }?.contains("no CA certificate") == true)
        addition.chain = site.folder + "/cas/hengjiang-issuing.pem"
        addition.isAnchor = true
        #expect(await reason { try await site.trust().add(addition, draft: nil) }?.contains("no self-signed") == true)
        addition = site.stranger.addition("外来CA")
        addition.profile = "nobody"
        #expect(await reason { try await site.trust().add(addition, draft: site.folder + "/other") }?.contains("etsi") == true)
    }

    @Test(
        "every shipped profile makes an entry that loads",
        arguments: ["bjca", "cfca", "etsi", "gdca", "hongkong-post", "macau-esigntrust", "netca", "sheca"])
    func profiles(_ name: String) async throws {
        #expect(OperatorTrust.profiles.contains(name))
        let site = try await TrustSite()
        var addition = site.stranger.addition(name)
        addition.profile = name
        _ = try await site.trust().add(addition, draft: nil)
        #expect(try LoadedTrustList.load(path: site.draftList).book.entries.values.contains { $0.name == name && $0.identity != nil })
    }

    @Test("trying a certificate tells the path, what was read and from where, and what changes; a refused one is told with its code")
    func trial() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        let trials = try await site.trust().trials(of: [site.stranger.person, site.folder + "/people/chen.pem"], draft: nil)
        let person = trials[0]
        #expect(!person.isRefused && person.path.count == 3)
        #expect(person.verdict.person?.hasPrefix("44") == true && person.verdict.person?.contains("*") == true)
        #expect(person.verdict.kinds == ["personal"] && person.verdict.masterEligible == false)
        #expect(person.verdict.readings.contains { $0.what == "person" && $0.oid == "2.5.4.5" })
        #expect(person.inForce.code == "issuer_unknown" && person.changes.contains { $0.hasPrefix("code: issuer_unknown → none") })
        for text in [person.text, try JSONText.of(person)] {
            #expect(!text.contains("44000019000101006X") && text.contains("许知远"))
        }
        #expect(!trials[1].isRefused && trials[1].changes.isEmpty && trials[1].verdict.masterEligible == true)

        try site.edit(
            site.draftList, "kinds: [master, sub, personal]\n    identity:\n      legal_person:\n        - {from: subject",
            "kinds: [sub]\n    identity:\n      legal_person:\n        - {from: subject")
        let narrowed = try await site.trust().trials(of: [site.stranger.person], draft: nil)
        #expect(narrowed[0].verdict.code == "identity_not_permitted")
        let (_, manifest) = try await SharedFederation.load()
        let revoked = try #require(manifest.people.first { $0.expect == "certificate_revoked" })
        let refused = try await site.trust().trials(of: ["\(site.folder)/\(revoked.certificate)"], draft: nil)
        #expect(refused[0].isRefused && refused[0].reason.contains(": certificate_revoked: ") && refused[0].changes.isEmpty)
    }

    @Test("the difference is told by meaning, with old and new values and who would lose their path")
    func difference() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        try site.edit(
            site.draftList, "name: 望海企业CA\n    issues_leaves: true\n    revocation: hard",
            "name: 望海企业CA\n    issues_leaves: true\n    revocation: off")
        try site.edit(site.draftList, "  - cross/bridge-to-wanghai.pem\n", "")
        let difference = try await site.trust().difference(draft: nil)
        #expect(
            difference.items.contains {
                $0.change == .added && $0.what == "anchor" && $0.sha256 == site.stranger.root.certificate.fingerprint.description
            })
        #expect(difference.items.contains { $0.change == .added && $0.what == "ca" && $0.name.contains("外来CA") })
        #expect(difference.items.contains { $0.change == .removed && $0.what == "authority" })
        #expect(difference.items.contains { $0.keys == [.init(key: "revocation", old: "hard", new: "off")] })
        #expect(difference.text.contains("revocation: hard → off") && difference.text.contains("0 open sessions"))
    }

    @Test("sessions and known certificates that would lose their path are counted")
    func losses() async throws {
        let site = try await TrustSite()
        let registry = try OperatorRegistry(configurationPath: site.folder + "/hallpass.yaml", creating: true).registry
        let loaded = try LoadedTrustList.load(path: site.list)
        registry.authorities.withLock { $0 = loaded.book }
        let leaf = try TrustSource.certificates(site.folder + "/people/lin.pem")[0]
        let path = try TrustGraph(loaded.list, at: Date()).validate(leaf, at: Date())
        let login = try await registry.identify(path, method: .tls, address: "127.0.0.1")
        try await registry.keepPath(path)
        _ = try await registry.openSession(login, replacing: nil, address: "127.0.0.1")
        try await site.addStranger()
        #expect(try await site.trust().difference(draft: nil).lostSessions == 0)
        try site.edit(site.draftList, "  - cas/hengjiang-root.pem\n", "")
        try site.edit(site.draftList, "  - cross/bridge-to-hengjiang.pem\n", "")
        let difference = try await site.trust().difference(draft: nil)
        #expect(difference.lostSessions == 1 && difference.lostCertificates == 1)
    }
}
