import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

@Suite("Trust lists coming into force")
struct TrustApplyTests {
    private func reason<Value>(_ body: () async throws -> Value) async -> String {
        do {
            _ = try await body()
            return ""
        } catch { return OperatorRegistry.reason(error) }
    }

    @Test("an applied draft is in force, kept with all its files as a version, and audited; what was in force before is a version too")
    func apply() async throws {
        let site = try await TrustSite()
        let before = try site.text(site.list)
        try await site.addStranger()
        let outcome = try await site.trust().apply(draft: nil, note: "新CA上线")
        #expect(outcome.version.number == 2 && outcome.version.base == 1 && outcome.version.note == "新CA上线")
        #expect(try site.text(site.list) == site.text(site.draftList))
        #expect(try site.accepts(site.stranger.leaf))
        #expect(try site.text(site.folder + "/versions/1/trust.yaml") == before)
        _ = try LoadedTrustList.load(path: site.folder + "/versions/2/trust.yaml")
        let all = try #require(FileManager.default.enumerator(atPath: site.folder + "/versions"))
        for case let name as String in all {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(site.folder)/versions/\(name)")
            #expect(attributes[.posixPermissions] as? Int == (attributes[.type] as? FileAttributeType == .typeDirectory ? 0o700 : 0o600))
        }
        let event = try #require(try await site.events("trust.applied").first)
        #expect(event.actor.hasPrefix("cli:") && event.details["version"] == "2" && event.details["note"] == "新CA上线")
        #expect(event.details["digest"] == outcome.version.digest)
        #expect(try await site.events("trust.edited").count == 1)
        let report = try await site.trust().report()
        #expect(report.version?.number == 2 && !report.isEdited && report.text.contains("外来CA"))
        #expect(await reason { try await site.trust().apply(draft: nil, note: nil) } == "the draft changes nothing")
    }

    @Test(
        "a draft with an unknown field, an expired entry or a missing certificate is refused with its line, and the list in force stays",
        arguments: ["unknown", "expired", "missing"])
    func refused(_ fault: String) async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        let before = try site.text(site.list)
        let lines = try site.text(site.draftList).split(separator: "\n", omittingEmptySubsequences: false)
        var line = try #require(lines.firstIndex(of: "    name: \"外来CA\"")) + 2
        switch fault {
        case "unknown": try site.edit(site.draftList, "    name: \"外来CA\"\n", "    name: \"外来CA\"\n    colour: red\n")
        case "expired": try site.edit(site.draftList, "    name: \"外来CA\"\n", "    name: \"外来CA\"\n    valid_until: 2025-01-01\n")
        default:
            line = try #require(lines.firstIndex(of: "  - cas/lingyun-root.pem")) + 1
            try FileManager.default.removeItem(atPath: site.folder + "/draft/cas/lingyun-root.pem")
        }
        let told = await reason { try await site.trust().apply(draft: nil, note: nil) }
        #expect(told.hasPrefix("\(site.draftList):\(line): "), "\(told)")
        #expect(try site.text(site.list) == before)
        #expect(try await site.trust().versions().isEmpty)
        #expect(try !site.accepts(site.stranger.leaf))
    }

    @Test("of two drafts of one list, also at the same moment, one wins and the other is told")
    func twoAtOnce() async throws {
        let site = try await TrustSite()
        let drafts = [site.folder + "/one", site.folder + "/two"]
        for draft in drafts { try await site.addStranger(draft: draft, name: draft) }
        let told = await withTaskGroup(of: String.self) { group in
            for draft in drafts { group.addTask { await reason { try await site.trust().apply(draft: draft, note: draft) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(told.filter(\.isEmpty).count == 1)
        #expect(told.contains { $0.contains("changed since the draft was made") })
        let versions = try await site.trust().versions()
        #expect(versions.count == 2 && versions[0].kind == .applied)
        #expect(try site.text(site.list).contains("\"\(versions[0].note ?? "")\""))
        #expect(try await site.events("trust.applied").count == 1)
    }

    @Test("a draft that was applied and rolled back is made anew; one that somebody edited is not touched")
    func staleDraft() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        _ = try await site.trust().apply(draft: nil, note: nil)
        _ = try await site.trust().rollback(to: nil, force: nil)
        try await site.addStranger(name: "再来CA")
        #expect(try site.text(site.draftList).contains("再来CA") && !site.text(site.draftList).contains("外来CA"))
        _ = try await site.trust().apply(draft: nil, note: nil)
        _ = try await site.trust().rollback(to: nil, force: nil)
        try site.edit(site.draftList, "再来CA", "改了CA")
        #expect(await reason { try await site.addStranger() }.contains("another list than the one in force"))
        #expect(try site.text(site.draftList).contains("改了CA"))
    }

    @Test("what a killed apply leaves behind is never in force, and the next apply goes on")
    func crash() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        let before = try site.text(site.list)
        // Files installed, a version half written, no row: killed before the rename.
        try FileManager.default.createDirectory(atPath: site.folder + "/versions/.prepared-x", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: site.folder + "/versions/1", withIntermediateDirectories: true)
        try site.write("version: [", to: site.folder + "/versions/1/trust.yaml")
        try site.write("version: [", to: site.folder + "/.trust.yaml.half")
        #expect(try site.text(site.list) == before && !site.accepts(site.stranger.leaf))
        #expect(await reason { try await site.trust().rollback(to: nil, force: nil) }.contains("nothing was applied"))
        let outcome = try await site.trust().apply(draft: nil, note: nil)
        #expect(outcome.version.number == 3 && outcome.version.base == 2)
        // Killed between rename and commit: the list is whole and no version, so it becomes one.
        try site.edit(site.list, "# Read again when they change.", "# Read again.")
        #expect(try await site.trust().report().isEdited)
        let back = try await site.trust().rollback(to: nil, force: nil)
        #expect(back.version.restored == 3 && back.version.number == 5)
        #expect(try await site.trust().versions().map(\.kind) == [.rolledBack, .edited, .applied, .edited])
    }

    @Test("a failed switch leaves neither version nor row nor files")
    func failedSwitch() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        let loaded = try LoadedTrustList.load(path: site.draftList)
        let trust = try site.trust()
        let snapshot = TrustSnapshot(loaded, in: TrustFolder(listPath: site.draftList))
        let change = TrustSwitch(home: trust.home, snapshot: snapshot, expected: "another digest", record: .init(kind: .applied))
        let told = await reason { try await change.run(trust.database()) }
        #expect(told.contains("changed since"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder + "/versions").isEmpty)
        #expect(try await trust.versions().isEmpty)
    }

    @Test("a new certificate may not take the name of another one in force")
    func takenName() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        try site.write(site.stranger.root.certificate.pem, to: site.folder + "/draft/cas/wanghai-issuing.pem")
        let told = await reason { try await site.trust().apply(draft: nil, note: nil) }
        #expect(told.contains("trust.yaml:") && told.contains("name of its own"))
    }

    @Test(
        "a rollback brings the version before back as a new one, the next goes further back, and a hand edit goes back to the last version")
    func rollback() async throws {
        let site = try await TrustSite()
        let first = try site.text(site.list)
        try await site.addStranger()
        let second = try await site.trust().apply(draft: nil, note: nil)
        try site.edit(site.draftList, "assurance: urn:hallpass:acr:certificate\n    master: {opening: never}", "master: {opening: never}")
        _ = try await site.trust().apply(draft: nil, note: nil)
        let back = try await site.trust().rollback(to: nil, force: nil)
        #expect(back.version.restored == 2 && back.version.number == 4 && back.version.digest == second.version.digest)
        #expect(try site.accepts(site.stranger.leaf))
        _ = try await site.trust().rollback(to: nil, force: nil)
        #expect(try site.text(site.list) == first)
        #expect(try !site.accepts(site.stranger.leaf))
        #expect(await reason { try await site.trust().rollback(to: nil, force: nil) }.contains("is the first"))
        #expect(await reason { try await site.trust().rollback(to: 99, force: nil) } == "there is no version 99")
        #expect(try await site.events("trust.rolled_back").count == 2)

        try site.write("version: [", to: site.list)
        _ = try await site.trust().rollback(to: nil, force: nil)
        #expect(try site.text(site.list) == first)
    }

    @Test("a file that was changed by hand since comes back under a name of its own")
    func changedFile() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        _ = try await site.trust().apply(draft: nil, note: nil)
        let original = try site.text(site.folder + "/cas/platform-root.pem")
        try site.write(site.stranger.root.certificate.pem, to: site.folder + "/cas/platform-root.pem")
        let back = try await site.trust().rollback(to: 2, force: nil)
        #expect(back.version.restored == 2)
        #expect(try site.text(site.folder + "/cas/platform-root.pem") != original)
        let anchors = try LoadedTrustList.load(path: site.list).list.anchors.map(\.pem)
        #expect(anchors.contains(original))
    }

    @Test("a CA that left as revoked is not brought back, by rollback or draft, unless forced, which is audited with the reason")
    func revoked() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        _ = try await site.trust().apply(draft: nil, note: nil)
        // Its root revokes it; the operator takes it out.
        try site.stranger.publish(rootRevokes: [[2]], number: 2)
        let list = try #require(
            try LoadedTrustList.load(path: site.list).named.first { $0.revocationList?.issuer == site.stranger.root.certificate.subject })
        try FileManager.default.removeItem(atPath: list.path)
        try FileManager.default.copyItem(atPath: site.stranger.lists[0], toPath: list.path)
        _ = try await site.trust().rollback(to: 1, force: nil)
        let told = await reason { try await site.trust().rollback(to: 2, force: nil) }
        #expect(told.contains("revoked CA certificate") && told.contains(site.stranger.issuing.certificate.fingerprint.description))
        #expect(try !site.accepts(site.stranger.leaf))

        let forced = try await site.trust().rollback(to: 2, force: "drill")
        let event = try #require(try await site.events("trust.rolled_back").first)
        #expect(event.details["note"] == "drill" && event.details["forced"] == site.stranger.issuing.certificate.fingerprint.description)
        #expect(forced.notices.count == 1)
        // The newest list stays: the CA is listed and still carries no path.
        #expect(try !site.accepts(site.stranger.leaf))
    }

    @Test("an operator may mark what leaves as revoked, before any list says so")
    func marked() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        _ = try await site.trust().apply(draft: nil, note: nil)
        let second = try site.text(site.draftList)
        try site.write(site.text(site.folder + "/versions/1/trust.yaml"), to: site.draftList)
        _ = try await site.trust().apply(draft: nil, note: "compromised", marksRevoked: true)
        #expect(await reason { try await site.trust().rollback(to: nil, force: nil) }.contains("revoked CA certificate"))
        try site.write(second, to: site.draftList)
        let told = await reason { try await site.trust().apply(draft: nil, note: nil) }
        #expect(told.contains("left the list as revoked") && told.contains("trust.yaml:"))
        _ = try await site.trust().rollback(to: nil, force: "a mistake")
        #expect(try site.accepts(site.stranger.leaf))
        #expect(await reason { try await site.trust().apply(draft: nil, note: nil) }.contains("changed since") == true)
    }

    @Test("an older list in a draft does not replace a newer one in force, and a kept version that was changed is not brought back")
    func forwardOnly() async throws {
        let site = try await TrustSite()
        try await site.addStranger()
        _ = try await site.trust().apply(draft: nil, note: nil)
        let named = try #require(try LoadedTrustList.load(path: site.list).named.last { $0.use == .revocationList })
        try site.stranger.publish(rootRevokes: [], number: 7)
        let newer = try Data(contentsOf: URL(filePath: site.stranger.lists[1]))
        try newer.write(to: URL(filePath: named.path))
        try site.edit(site.draftList, "name: \"外来CA\"", "name: \"外来企业CA\"")
        _ = try await site.trust().apply(draft: nil, note: nil)
        #expect(try Data(contentsOf: URL(filePath: named.path)) == newer)

        chmod(site.folder + "/versions/2/trust.yaml", 0o600)
        try site.edit(site.folder + "/versions/2/trust.yaml", "外来CA", "改名CA")
        #expect(await reason { try await site.trust().rollback(to: nil, force: nil) }.contains("changed after it was made"))
    }
}
