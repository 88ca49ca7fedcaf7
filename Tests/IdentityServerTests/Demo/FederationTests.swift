import Foundation
import PKI
import Testing

@testable import IdentityServer
@testable import Registry

/// The federation of `ca/`, made as `hallpass demo federation` makes it.
@Suite("The demo federation")
struct FederationTests {
    private let federation: MadeFederation

    init() throws { federation = try MadeFederation.shared.get() }

    @Test("each person's certificate brings what the description says, by path, then by identity")
    func outcomes() throws {
        let trust = try LoadedTrustList.load(path: federation.path("trust.yaml"))
        let graph = TrustGraph(trust.list, at: MadeFederation.start)
        for person in federation.manifest.people {
            let leaf = try federation.certificates(person.certificate)[0]
            for intermediates in [[], try federation.certificates(person.chain)] {
                var told = "login"
                do {
                    let path = try graph.validate(leaf, intermediates: intermediates, at: MadeFederation.start)
                    let entry = try #require(trust.book.entries[path.issuer])
                    try expect(try entry.subject(of: leaf), toBe: person)
                } catch let refusal as Refusal {
                    told = refusal.code.rawValue
                }
                // Whether somebody is registered, the registry knows.
                #expect(told == (person.expect == "not_registered" ? "login" : person.expect), "\(person.id)")
            }
        }
    }

    @Test("a relaxation that nobody knows refuses the trust list")
    func unknownRelaxation() throws {
        #expect {
            try federation.trustList("relaxations: []", to: "relaxations: [everything]", name: "relaxed.yaml")
        } throws: {
            ($0 as? ConfigurationError)?.message.contains("everything") == true
        }
    }

    @Test("a CA that issues no leaves asserts nobody")
    func issuesNoLeaves() throws {
        let trust = try federation.trustList("issues_leaves: true", to: "issues_leaves: false", name: "leafless.yaml")
        #expect(trust.book.entries.isEmpty)
        #expect(trust.list.rules.values.allSatisfy { !$0.issuesLeaves })
    }

    private func expect(_ subject: Subject, toBe person: FederationManifest.Person) throws {
        #expect(subject.name == person.name || subject.name == person.legalPerson?.name, "\(person.id)")
        #expect(subject.holder != nil, "\(person.id)")
        switch subject.identifier {
        case .legalPerson(let uscc):
            #expect(uscc == person.legalPerson?.uscc, "\(person.id)")
            #expect(subject.masterEligible == (person.kind == "master"), "\(person.id)")
        case .person: #expect(person.kind == "personal", "\(person.id)")
        }
    }

    @Test("a renewed certificate has another key and serial number, and the same holder")
    func renewed() throws {
        let trust = try LoadedTrustList.load(path: federation.path("trust.yaml"))
        let (old, new) = (try federation.person("chen"), try federation.person("chen-renewed"))
        let entry = try #require(trust.book.entries.values.first { $0.name == old.ca })
        let certificates = try [old, new].map { try federation.certificates($0.certificate)[0] }
        #expect(certificates[0].publicKeyInfo != certificates[1].publicKeyInfo && certificates[0].serial != certificates[1].serial)
        #expect(try entry.subject(of: certificates[0]).holder == entry.subject(of: certificates[1]).holder)
    }

    @Test("one person's only path runs over the bridge")
    func bridge() throws {
        var trust = try LoadedTrustList.load(path: federation.path("trust.yaml")).list
        let huang = try federation.certificates(federation.person("huang").certificate)[0]
        let path = try TrustGraph(trust, at: MadeFederation.start).validate(huang, at: MadeFederation.start)
        #expect(path.certificates.map(\.subject.commonName).contains("省级桥CA"))
        trust.authorities.removeAll { $0.subject.commonName == "省级桥CA" }
        let graph = TrustGraph(trust, at: MadeFederation.start)
        #expect(throws: Refusal.self) { try graph.validate(huang, at: MadeFederation.start) }
    }

    @Test("keys, PKCS#12 and the manifest are readable by their owner alone, and every file of the manifest exists")
    func files() throws {
        for person in federation.manifest.people {
            for name in [person.certificate, person.chain, person.key] + (person.pkcs12.map { [$0] } ?? []) {
                #expect(FileManager.default.fileExists(atPath: federation.path(name)), "\(name)")
            }
            #expect(person.pkcs12 == nil ? person.pkcs12Password.isEmpty : person.pkcs12Password.count >= 16)
        }
        let all = try #require(FileManager.default.enumerator(atPath: federation.folder))
        for case let name as String in all where name.hasSuffix(".key") || name.hasSuffix(".p12") || name == "federation.json" {
            let mode = try FileManager.default.attributesOfItem(atPath: federation.path(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        let csv = try String(contentsOfFile: federation.path(federation.manifest.legalPersons), encoding: .utf8)
        #expect(csv.hasPrefix("uscc,name\n91440000PDY00001XK,"))
        #expect(!csv.contains("91440000PDY0000449"))
    }

    @Test("people with SM2 keys log in by challenge alone and have no PKCS#12; all others have both ways")
    func ways() throws {
        var kinds = Set<KeyPair.Kind>()
        for person in federation.manifest.people {
            let kind = try KeyPair(pem: String(contentsOfFile: federation.path(person.key), encoding: .utf8)).kind
            kinds.insert(kind)
            #expect(person.by == (kind == .sm2 ? ["challenge"] : ["tls", "challenge"]), "\(person.id)")
            #expect((person.pkcs12 == nil) == (kind == .sm2), "\(person.id)")
        }
        #expect(kinds.contains(.sm2) && kinds.count > 2)
    }

    @Test("every key of a certificate is the one beside it")
    func keys() throws {
        for person in federation.manifest.people {
            let key = try KeyPair(pem: String(contentsOfFile: federation.path(person.key), encoding: .utf8))
            #expect(key.publicKeyInfo == (try federation.certificates(person.certificate)[0].publicKeyInfo), "\(person.id)")
        }
    }
}

/// Runs that change what was made have a folder of their own, with a small description: a CA and two people.
@Suite("The demo federation, made again")
struct FederationAgainTests {
    private let day = 86_400.0

    @Test("a second run changes nothing")
    func idempotent() throws {
        let small = try SmallFederation()
        try small.make(at: MadeFederation.start)
        let before = try small.contents()
        try small.make(at: MadeFederation.start + day)
        #expect(try small.contents() == before)
    }

    @Test("what would expire within a week is renewed under the same keys; what is meant to be expired stays")
    func renewal() throws {
        let small = try SmallFederation()
        try small.make(at: MadeFederation.start)
        let before = try small.contents()
        try small.make(at: MadeFederation.start + 360 * day)
        let after = try small.contents()
        let changed = Set(after.keys.filter { after[$0] != before[$0] })
        #expect(
            changed == [
                "people/good.pem", "people/good.p12", "people/bad.pem", "people/bad.p12", "tls/server.pem", "crls/root.crl",
                "federation.json",
            ])
    }

    @Test("a renewed CRL goes on: the number grows, and what somebody else revoked stays revoked")
    func revocationList() throws {
        let small = try SmallFederation()
        try small.make(at: MadeFederation.start)
        let first = try CertificateList(bytes: small.read("crls/root.crl"))
        let bad = try Certificate.list(pem: String(decoding: small.read("people/bad.pem"), as: UTF8.self))[0]
        #expect(first.entry(for: bad.serial)?.reason == 6)
        let authority = IssuingAuthority(
            certificate: try Certificate.list(pem: String(decoding: small.read("cas/root.pem"), as: UTF8.self))[0],
            key: try KeyPair(pem: String(decoding: small.read("cas/root.key"), as: UTF8.self)))
        let foreign = try authority.issueRevocationList(
            revoked: first.revokedCertificates + [([0x55], MadeFederation.start, 4)], number: 41, thisUpdate: MadeFederation.start,
            nextUpdate: MadeFederation.start + 30 * day)
        try small.write(foreign.der, to: "crls/root.crl")
        try small.make(at: MadeFederation.start + 25 * day)
        let second = try CertificateList(bytes: small.read("crls/root.crl"))
        #expect(second.number == 42)
        #expect(second.entry(for: [0x55])?.reason == 4)
        #expect(second.entry(for: bad.serial)?.reason == 6)
    }

    @Test("a trust list that somebody edited is left alone, an added person is made")
    func edited() throws {
        let small = try SmallFederation()
        try small.make(at: MadeFederation.start)
        try small.write(Array("version: 1 # edited\n".utf8), to: "trust.yaml")
        try small.describe("people.yaml", SmallFederation.people + SmallFederation.person("third"))
        try small.make(at: MadeFederation.start)
        #expect(String(decoding: try small.read("trust.yaml"), as: UTF8.self).contains("edited"))
        #expect(try small.contents()["people/third.p12"] != nil)
    }

    @Test("descriptions with unknown keys, unknown CAs, unfilled placeholders or names that leave the folder are refused")
    func refused() throws {
        for (file, text) in [
            ("people.yaml", SmallFederation.people + "    colour: red\n"),
            ("people.yaml", SmallFederation.people.replacing("issuer: root", with: "issuer: nobody")),
            ("people.yaml", SmallFederation.people.replacing("values: {entity: a}", with: "values: {}")),
            ("people.yaml", SmallFederation.people.replacing("id: good", with: "id: ../good")),
            ("people.yaml", SmallFederation.people + SmallFederation.person("good")),
            ("people.yaml", SmallFederation.people.replacing("91440000PDY00001XK", with: "91440000PDY0000449")),
            ("profile.yaml", SmallFederation.profile.replacing("+365d", with: "tomorrow")),
            ("profile.yaml", SmallFederation.profile.replacing("{CN: ", with: "{XX: ")),
            ("root.yaml", SmallFederation.root.replacing("key: p-256\n", with: "")),
            ("root.yaml", SmallFederation.root + "name_constraints: {}\n"),
            ("root.yaml", SmallFederation.root + "name_constraints: {permitted: {colours: [red]}}\n"),
            ("root.yaml", SmallFederation.root + "name_constraints: {excluded: {emails: [a@b@c]}}\n"),
            ("root.yaml", SmallFederation.root + "policy_mappings: [{issuer: 2.5.29.32.0, subject: 1.2.3}]\n"),
            ("root.yaml", SmallFederation.root + "policy_constraints: {}\n"),
            ("root.yaml", SmallFederation.root + "inhibit_any: -1\n"),
            ("server.yaml", SmallFederation.server + "inhibit_any: 0\n"),
            ("profile.yaml", SmallFederation.profile + "emails: [\"{nothing}\"]\n"),
            ("profile.yaml", SmallFederation.profile + "policies: [\"{name}\"]\n"),
        ] {
            let small = try SmallFederation()
            try small.describe(file, text)
            #expect(throws: (any Error).self, "\(text)") { try small.make(at: MadeFederation.start) }
        }
    }
}
