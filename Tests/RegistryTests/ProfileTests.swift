import Foundation
import PKI
import Synchronization
import Testing

@testable import Registry

@Suite("Reading who a certificate names")
struct ProfileTests {
    @Test("a legal person is read from an extension, with holder, name and assurance")
    func readsLegalPersons() throws {
        let people = try People()
        let subject = try people.registry.subject(of: people.certificate(of: People.hengjiang, entity: "1@5008JJ0X"))
        #expect(subject.identifier == .legalPerson(uscc: People.hengjiang))
        #expect(subject.holder == "1@5008JJ0X")
        #expect(subject.name == "张三")
        #expect(subject.masterEligible)
        #expect(subject.acr == Assurance.certificate)
    }

    @Test("a natural person is read from a context tag, and never printed in full")
    func readsPersons() throws {
        let people = try People()
        let subject = try people.registry.subject(of: people.personal())
        #expect(subject.identifier == .person(identifier: People.citizen, masked: "44**************16"))
        #expect(!"\(subject)".contains(People.citizen))
        #expect(!String(reflecting: subject).contains(People.citizen))
    }

    @Test("only the first entity opens masters where the CA's rule says so")
    func masterConditions() throws {
        let people = try People()
        #expect(try !people.registry.subject(of: people.certificate(of: People.hengjiang, entity: "2@5008")).masterEligible)
        #expect(try !people.registry.subject(of: people.certificate(of: People.hengjiang, entity: nil)).masterEligible)
    }

    @Test("nothing where the CA puts its identifiers: identity_missing")
    func missing() async throws {
        let people = try People()
        let path = try people.strong.leaf(subject: [("2.5.4.3", "无名")], key: people.key)
        #expect(await code { try people.registry.subject(of: path) } == "identity_missing")
    }

    @Test("a broken check digit is not passed over for a natural person in the same certificate")
    func malformed() async throws {
        let people = try People()
        let path = try people.strong.leaf(
            subject: [("2.5.4.3", "错码")],
            extensions: [
                .text("91440000PDY00001X0", as: .printable, oid: People.creditCode),
                .text(People.citizen, as: .context0, oid: People.identityCode),
            ], key: people.key)
        #expect(await code { try people.registry.subject(of: path) } == "identity_malformed")
    }

    @Test("two places with different valid codes are ambiguous; the same code twice, or one beside a value that does not check, is not")
    func ambiguity() async throws {
        let people = try People()
        func read(_ other: String) async -> String {
            await code {
                let path = try people.strong.leaf(
                    subject: [("2.5.4.3", "甲")],
                    extensions: [
                        .text(People.hengjiang, as: .printable, oid: People.creditCode),
                        .text(other, as: .utf8, oid: "1.2.156.10260.4.1.3"),
                    ], key: people.key)
                return try people.registry.subject(of: path)
            }
        }
        #expect(await read(People.lingyun) == "identity_malformed")
        #expect(await read(People.hengjiang) == "done")
        #expect(await read("440100000012345") == "done")
    }

    @Test("a CA without an entry, or without a profile, names nobody")
    func withoutRules() async throws {
        let people = try People()
        let path = try people.certificate(of: People.hengjiang, entity: "1@1")
        people.registry.authorities.withLock { $0.entries[people.strong.key]?.identity = nil }
        #expect(await code { try people.registry.subject(of: path) } == "identity_not_permitted")
        people.registry.authorities.withLock { $0.entries[people.strong.key] = nil }
        #expect(await code { try people.registry.subject(of: path) } == "identity_not_permitted")
    }

    @Test("another key under the same name has no entry")
    func nameAndKey() async throws {
        let people = try People()
        let impostor = try TestAuthority("Strong CA")
        #expect(impostor.key.name == people.strong.key.name)
        let path = try people.certificate(of: People.hengjiang, entity: "1@1", by: impostor)
        #expect(await code { try people.registry.subject(of: path) } == "identity_not_permitted")
    }

    @Test("a CA may not assert outside its prefixes, regions and identifier types")
    func outsideAssertions() async throws {
        let people = try People()
        #expect(
            await code { try people.registry.subject(of: people.certificate(of: People.hengjiang, entity: nil, by: people.weak)) }
                == "identity_not_permitted")
        #expect(
            await code { try people.registry.subject(of: people.certificate(of: People.lingyun, entity: nil, by: people.weak)) } == "done")
        #expect(await code { try people.registry.subject(of: people.personal(by: people.weak)) } == "identity_not_permitted")
        #expect(await code { try people.registry.subject(of: people.personal("810000190001010026")) } == "identity_not_permitted")
        people.registry.authorities.withLock { $0.entries[people.strong.key]?.mayAssert.kinds = [.personal] }
        #expect(
            await code { try people.registry.subject(of: people.certificate(of: People.hengjiang, entity: nil)) }
                == "identity_not_permitted")
    }

    @Test("both kinds in one common name: length and check digit decide")
    func oneCommonName() async throws {
        let people = try People()
        let source = { (pattern: String) in IdentitySource(from: .subject, oid: "2.5.4.3", pattern: try BoundedPattern(pattern)) }
        let profile = IdentityProfile(
            legalPerson: [try source("^[^@]*@[^@]*@[A-Z]([0-9A-Z]{18})@[0-9]+$")],
            person: [try source("^[^@]*@[^@]*@[A-Z]([0-9]{17}[0-9X])@[0-9]+$")], name: try source("^[^@]*@([^@]*)@"))
        people.registry.authorities.withLock { $0.entries[people.strong.key]?.identity = profile }
        func read(_ number: String) throws -> Subject {
            try people.registry.subject(of: people.strong.leaf(subject: [("2.5.4.3", "051@张三@N\(number)@1")], key: people.key))
        }
        #expect(try read(People.hengjiang).identifier == .legalPerson(uscc: People.hengjiang))
        #expect(try read(People.citizen).identifier == .person(identifier: People.citizen, masked: "44**************16"))
        #expect(try read(People.citizen).name == "张三")
        #expect(await code { try read("91440000PDY00001X0") } == "identity_malformed")
        #expect(await code { try read("449900190001010017") } == "identity_malformed")
        #expect(
            await code { try people.registry.subject(of: people.strong.leaf(subject: [("2.5.4.3", "张三")], key: people.key)) }
                == "identity_missing")
    }

    @Test("the legal person's own number is no holder identifier")
    func holderIsNotTheNumber() throws {
        let people = try People()
        #expect(try people.registry.subject(of: people.certificate(of: People.hengjiang, entity: People.hengjiang)).holder == nil)
    }

    @Test("an organization code alone is told as such")
    func organizationCode() throws {
        let people = try People()
        #expect {
            try people.registry.subject(of: people.certificate(of: "PDY00001X", entity: nil))
        } throws: { error in
            (error as? Refusal)?.code == .identityMalformed && (error as? Refusal)?.why.contains("organization code") == true
        }
    }
}

@Suite("The trust list's identity rules")
struct AuthorityDecodingTests {
    private func decode(_ json: String) throws -> AuthorityEntry {
        try JSONDecoder().decode(AuthorityEntry.self, from: Data(json.utf8))
    }

    @Test("an entry is decoded as the trust list spells it, beside keys of others")
    func decodes() throws {
        let entry = try decode(
            """
            {"certificate": "x.pem", "name": "恒江CA", "issues_leaves": true, "assurance": "urn:hallpass:acr:certificate",
             "master": {"opening": "automatic", "when": {"entity_prefix": "1@"}},
             "may_assert": {"identifiers": ["uscc", "citizen_id"], "uscc_prefixes": ["91"], "region_prefixes": ["4400"], "kinds": ["master", "sub"]},
             "identity": {"legal_person": [{"from": "extension", "oid": "1.2.3", "encoding": "utf16le", "pattern": "^(.*)$"}],
                          "holder": [{"from": "san", "oid": "1.2.4"}], "name": {"from": "subject", "oid": "2.5.4.3"}}}
            """)
        #expect(entry.master == MasterRule(opening: .automatic, when: .init(entityPrefix: "1@")))
        #expect(entry.mayAssert.regionPrefixes == ["4400"])
        #expect(entry.identity?.legalPerson.first?.encoding == .utf16le)
        #expect(entry.identity?.person == [])
    }

    @Test("what is not said is not allowed")
    func defaults() throws {
        let entry = try decode(#"{"name": "x"}"#)
        #expect(entry.master.opening == .approval)
        #expect(entry.mayAssert == Assertions())
        #expect(entry.identity == nil)
    }

    @Test(
        "a misspelt key, a missing prefix list or a wrong value is refused",
        arguments: [
            #"{"name": "x", "master": {"openning": "never"}}"#, #"{"name": "x", "master": {"when": {"entity_prefx": "1@"}}}"#,
            #"{"name": "x", "may_assert": {"identifiers": ["uscc"], "kinds": ["sub"]}}"#,
            #"{"name": "x", "may_assert": {"identifiers": [], "kinds": [], "uscc_prefix": ["91"]}}"#,
            #"{"name": "x", "identity": {"legal_persons": []}}"#,
            #"{"name": "x", "identity": {"holder": [{"from": "subject", "oid": "CN"}]}}"#,
            #"{"name": "x", "identity": {"holder": [{"from": "subject", "oid": "2.5", "pattern": "("}]}}"#,
            #"{"name": "x", "master": {"opening": "always"}}"#,
        ])
    func refuses(_ json: String) {
        #expect(throws: DecodingError.self) { try decode(json) }
    }
}
