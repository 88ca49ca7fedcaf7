import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

/// Small lists over the demo's CA certificates: `version` stands in line 1, the CA's own keys begin in line 9.
@Suite("The trust list's format")
struct TrustListFormatTests {
    private static let head = """
        version: 1
        anchors:
          - cas/hengjiang-root.pem
        authorities:
          - cas/hengjiang-issuing.pem
        cas:
          - certificate: cas/hengjiang-issuing.pem
            name: 恒江企业CA

        """
    private static let recognition = """
        recognitions:
          - name: 粤港互认
            root: cas/lingyun-root.pem
            ca: cas/lingyun-issuing.pem
            type: [{oid: 2.5.4.10, equals: "Hongkong Post e-Cert (Personal)"}]
            policies: ["2.16.344.8.2.2008.810.2.*"]
            status: [{granted: 2024-01-01}, {withdrawn: 2027-01-01}]
            assurance: urn:hallpass:acr:certificate
            assurance_by_policy: [{policy: 2.16.344.8.2.2008.810.2.1, acr: urn:hallpass:acr:certificate-hardware}]

        """
    private static let today = Date()

    private static func load(_ text: String, review: DraftReview? = nil) async throws -> LoadedTrustList {
        let (folder, _) = try await SharedFederation.load()
        let path = "\(folder)/format-\(UUID().uuidString).yaml"
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try LoadedTrustList.load(path: path, review: review)
    }

    private static func fault(_ text: String, asDraft: Bool = false) async throws -> ConfigurationError? {
        let review = asDraft ? DraftReview(now: today, known: []) : nil
        do {
            _ = try await load(text, review: review)
            return nil
        } catch let error as ConfigurationError {
            return error
        }
    }

    @Test("every key of a CA reaches its rules")
    func authority() async throws {
        let loaded = try await Self.load(
            "user_signer_id: people\n" + Self.head + """
                    revocation: soft
                    soft: {grace: 24h, assurance: urn:hallpass:acr:password}
                    signer_id: lists
                    assurance: urn:hallpass:acr:certificate-hardware
                    assurance_by_policy: [{policy: 1.2.3.*, acr: urn:hallpass:acr:certificate}]
                    valid_from: 2024-01-01
                    valid_until: 2099-06-30

                """)
        let rules = try #require(loaded.list.rules.values.first)
        #expect(rules.revocation == .soft)
        #expect(rules.softGrace == 86_400)
        #expect(rules.signerID == Array("lists".utf8))
        #expect(loaded.list.userSignerID == Array("people".utf8))
        #expect(rules.assurance.level == "urn:hallpass:acr:certificate-hardware")
        #expect(rules.assurance.staleLevel == "urn:hallpass:acr:password")
        #expect(rules.assurance.rows.map(\.policy.description) == ["1.2.3.*"])
        #expect(rules.validFrom.rfc3339 == "2024-01-01T00:00:00Z")
        #expect(rules.validUntil.rfc3339 == "2099-06-30T23:59:59Z")
        #expect(loaded.book.entries.values.first?.assurance == "urn:hallpass:acr:certificate-hardware")
        #expect(loaded.list.assuranceOrder.last == "urn:hallpass:acr:certificate-hardware")
    }

    @Test("the floor of algorithms is read, and one that nobody could mean is refused with its line")
    func floor() async throws {
        let loaded = try await Self.load("algorithm_floor: {minimum_rsa_bits: 3072, sha1: true}\n" + Self.head)
        #expect(loaded.list.floor == AlgorithmFloor(minimumRSABits: 3072, allowsSHA1: true))
        let weak = try #require(try await Self.fault("algorithm_floor: {minimum_rsa_bits: 512}\n" + Self.head))
        #expect(weak.line == 1 && weak.message.contains("minimum_rsa_bits"))
        let unknown = try #require(try await Self.fault("algorithm_floor: {md5: true}\n" + Self.head))
        #expect(unknown.line == 1 && unknown.message.contains("md5"))
    }

    @Test("what a list does not say has the defaults of before")
    func defaults() async throws {
        let loaded = try await Self.load(Self.head)
        let rules = try #require(loaded.list.rules.values.first)
        #expect(rules.revocation == .hard && rules.softGrace == 0)
        #expect(rules.signerID == Array("1234567812345678".utf8) && loaded.list.userSignerID == rules.signerID)
        #expect(rules.validFrom == .distantPast && rules.validUntil == .distantFuture)
        #expect(loaded.list.recognitions.isEmpty && loaded.notices.isEmpty && loaded.list.floor == .standard)
    }

    @Test("a recognition says root, CA, type, policies and status with its dates; its CA need not be listed a second time")
    func recognition() async throws {
        let loaded = try await Self.load(Self.head + Self.recognition)
        let meant = try #require(loaded.list.recognitions.first)
        #expect(meant.root.subject.commonName?.isEmpty == false)
        #expect(meant.type.map(\.value) == ["Hongkong Post e-Cert (Personal)"])
        #expect(meant.policies.map(\.description) == ["2.16.344.8.2.2008.810.2.*"])
        func status(_ day: String) throws -> Recognition.Status { meant.status(at: try #require(TrustMoment(day)).start) }
        #expect(try status("2023-12-31") == .withdrawn)
        #expect(try status("2024-01-01") == .granted)
        #expect(try status("2027-01-01") == .withdrawn)
        #expect(meant.assurance.rows.count == 1)
        #expect(loaded.list.authorities.contains { AuthorityKey(subjectOf: $0) == meant.issuer })
        #expect(!loaded.list.anchors.contains(meant.root))
    }

    @Test(
        "what is wrong with a CA refuses the list with the line at fault",
        arguments: [
            ("    revocation: soft\n", 9, "needs `soft"),
            ("    revocation: soft\n    soft: {grace: 8d}\n", 10, "at most 7d"),
            ("    revocation: soft\n    soft: {grace: 0s}\n", 10, "at most 7d"),
            ("    revocation: soft\n    soft: {assurance: a}\n", 10, "grace"),
            ("    soft: {grace: 1h}\n", 9, "only with"),
            ("    revocation: maybe\n", 9, "maybe"),
            ("    relaxations:\n      - version\n      - everything\n", 11, "everything"),
            ("    signer_id: \"\"\n", 9, "signer id"),
            ("    valid_until: tomorrow\n", 9, "tomorrow"),
            ("    valid_from: 2026-02-30\n", 9, "2026-02-30"),
            ("    valid_from: 2026-02-01\n    valid_until: 2026-01-01\n", 10, "before it begins"),
            ("    assurance_by_policy: [{policy: 1.2.x, acr: a}]\n", 9, "1.2.x"),
            ("    assurance_by_policy: [{policy: 1.2, acr: a, colour: red}]\n", 9, "colour"),
            ("    colour: red\n", 9, "colour"),
            ("  - certificate: cas/hengjiang-issuing.pem\n    name: again\n", 9, "stands twice"),
            ("  - certificate: cas/nowhere.pem\n    name: nowhere\n", 9, "cas/nowhere.pem cannot be read"),
            ("  - certificate: federation.json\n    name: text\n", 9, "no certificate"),
            ("user_signer_id: \"\"\n", 9, "signer id"),
            ("revocation_lists: [cas/hengjiang-root.pem]\n", 9, "no revocation list"),
            ("revocation_lists: [cas]\n", 9, "no plain file"),
        ])
    func refusedAuthority(_ more: String, _ line: Int, _ phrase: String) async throws {
        let error = try #require(try await Self.fault(Self.head + more))
        #expect(error.line == line, "\(error)")
        #expect(error.message.contains(phrase), "\(error)")
    }

    @Test(
        "what is wrong with a recognition refuses the list with the line at fault",
        arguments: [
            ("root: cas/lingyun-root.pem", "root: cas/nowhere.pem", 11, "nowhere"),
            ("ca: cas/lingyun-issuing.pem", "cb: cas/lingyun-issuing.pem", 10, "ca"),
            ("2.16.344.8.2.2008.810.2.*\"]", "2.16.344.*.2\"]", 14, "no policy"),
            ("[\"2.16.344.8.2.2008.810.2.*\"]", "[]", 14, "empty"),
            ("oid: 2.5.4.10", "oid: organization", 13, "no OID"),
            ("[{granted: 2024-01-01}, {withdrawn: 2027-01-01}]", "[]", 15, "empty"),
            ("{withdrawn: 2027-01-01}", "{withdrawn: 2023-01-01}", 15, "order of time"),
            ("{granted: 2024-01-01}", "{granted: soon}", 15, "soon"),
            ("{granted: 2024-01-01}", "{granted: 2024-01-01, withdrawn: 2024-01-01}", 15, "one of"),
        ])
    func refusedRecognition(_ old: String, _ new: String, _ line: Int, _ phrase: String) async throws {
        let error = try #require(try await Self.fault(Self.head + Self.recognition.replacing(old, with: new)))
        #expect(error.line == line, "\(error)")
        #expect(error.message.contains(phrase), "\(error)")
    }

    @Test("everything that is wrong is told, in the order of lines, the first first")
    func allFaults() async throws {
        let text =
            Self.head.replacing("cas/hengjiang-root.pem", with: "cas/nowhere.pem")
            + "    relaxations: [everything]\n    valid_until: tomorrow\n"
        let error = try #require(try await Self.fault(text))
        #expect(([error] + error.further).map(\.line) == [3, 9, 10])
        #expect(error.description.split(separator: "\n").count == 3)
        let unknown = try #require(try await Self.fault(Self.head + "    colour: red\nshape: round\n"))
        #expect(([unknown] + unknown.further).map(\.line) == [9, 10])
    }

    @Test("an expired entry, an expired certificate and a CA that no path reaches stay in force but do not come into force")
    func drafts() async throws {
        let expired = Self.head + "    valid_until: 2025-12-31\n"
        #expect(try await Self.fault(expired) == nil)
        let entry = try #require(try await Self.fault(expired, asDraft: true))
        #expect(entry.line == 9 && entry.message.contains("expired"))

        let lapsed = Self.head.replacing("authorities:\n", with: "authorities:\n  - cross/hengjiang-to-bridge-lapsed.pem\n")
        #expect(try await Self.fault(lapsed) == nil)
        let certificate = try #require(try await Self.fault(lapsed, asDraft: true))
        #expect(certificate.line == 5 && certificate.message.contains("expired at"))
        let known = try await Self.load(lapsed).named.flatMap { $0.certificates.map(\.fingerprint) }
        let reviewed = try await Self.load(lapsed, review: DraftReview(now: Self.today, known: Set(known)))
        #expect(reviewed.notices.contains { $0.line == 5 })

        let unreached = Self.head.replacing("authorities:\n  - cas/hengjiang-issuing.pem\n", with: "")
        #expect(try await Self.load(unreached).notices.count == 1)
        let nowhere = try #require(try await Self.fault(unreached, asDraft: true))
        #expect(nowhere.line == 5 && nowhere.message.contains("neither"))

        let early = DraftReview(now: Date(timeIntervalSince1970: 0), known: [])
        await #expect(throws: ConfigurationError.self) { try await Self.load(Self.head, review: early) }
    }

    @Test("a level that this server does not know is a notice, not a fault")
    func unknownLevel() async throws {
        let loaded = try await Self.load(Self.head + "    assurance: urn:other\n")
        #expect(loaded.notices.map(\.line) == [9])
    }
}
