import Foundation
import Testing

@testable import Directory

@Suite("A snapshot of the directory")
struct SnapshotTests {
    private let directory: TestDirectory
    init() throws { directory = try TestDirectory.shared.get() }

    private func snapshot(_ change: (inout DirectorySettings) -> Void = { _ in }) async throws(DirectoryError) -> DirectorySnapshot {
        try await DirectoryClient(directory.settings(change)).snapshot()
    }
    private func person(_ uid: String) async throws -> DirectorySnapshot.Person {
        try #require(try await snapshot().people.first { $0.uid == uid })
    }

    @Test("everybody is read, however small the pages", arguments: [1000, 50, 7])
    func pages(size: Int) async throws {
        let people = try await snapshot { $0.pageSize = size }.people
        #expect(people.count == SampleTree.crowd + 2)
        #expect(Set(people.map(\.id)).count == people.count)
    }

    @Test("units have their path from the province down, and the description as name")
    func units() async throws {
        let units = try await snapshot().units
        #expect(
            Set(units.map(\.path)) == [
                "guangdong", "guangdong/guangzhou", "guangdong/guangzhou/tianhe", "guangdong/guangzhou/tianhe/Shipai",
            ])
        #expect(units.first { $0.path == "guangdong" }?.name == "广东省")
        #expect(units.first { $0.path == "guangdong/guangzhou" }?.name == "guangzhou")
    }

    @Test("a person is in the nearest unit above, or in none")
    func unitOfPerson() async throws {
        #expect(try await person("clerk5").unitPath == "guangdong/guangzhou/tianhe/Shipai")
        #expect(try await person("direct").unitPath == "")
    }

    @Test("a person in a nested group is in the outer one as well")
    func nestedGroups() async throws {
        #expect(try await person("clerk0").groups == ["cn=inner,dc=example", "cn=outer,dc=example"])
        #expect(try await person("clerk5").groups == [])
    }

    @Test("a member spelled with other case and spaces is the same person")
    func spelling() async throws {
        #expect(try await person("direct").groups == ["cn=outer,dc=example"])
    }

    @Test("groups that contain each other are resolved and do not hang")
    func cycle() async throws {
        #expect(try await person("clerk1").groups == ["cn=ring-a,dc=example", "cn=ring-b,dc=example"])
    }

    @Test("characters of filters and DNs in a uid are just characters")
    func metacharacters() async throws {
        let person = try await person(SampleTree.strangeUID)
        #expect(person.unitPath == "guangdong")
        try await DirectoryClient(directory.settings()).authenticate(dn: person.dn, password: "secret")
    }

    @Test("StartTLS on the plain port reads the same")
    func startTLS() async throws {
        let plain = try await snapshot { [port = directory.port] in $0.url = "ldap://127.0.0.1:\(port)" }
        #expect(plain == (try await snapshot()))
    }

    @Test("more entries than the bound is incomplete")
    func entryBound() async throws {
        await #expect { _ = try await snapshot { $0.maximumEntries = 60 } } throws: { $0.isIncomplete }
    }

    @Test("a message larger than the bound ends the connection")
    func messageBound() async throws {
        await #expect { _ = try await snapshot { $0.maximumMessageBytes = 100 } } throws: { $0.isUnavailable }
    }

    @Test("the time for the whole snapshot is bounded")
    func deadline() async throws {
        await #expect {
            _ = try await snapshot {
                $0.pageSize = 1
                $0.snapshotTimeout = .zero
            }
        } throws: {
            $0.isIncomplete
        }
    }

    @Test("a base that is not there is incomplete, never an empty directory")
    func missingBase() async throws {
        await #expect { _ = try await snapshot { $0.base = "ou=none,dc=example" } } throws: { $0.isIncomplete }
    }

    @Test("an account that may not read gets nothing that looks like an empty directory")
    func unprivileged() async throws {
        await #expect {
            _ = try await snapshot {
                $0.bindDN = "uid=clerk0,\(SampleTree.townDN)"
                $0.password = "secret"
            }
        } throws: {
            $0.isIncomplete
        }
    }

    @Test("the server's size limit makes it incomplete")
    func sizeLimit() async throws {
        let limited = try TestDirectory(
            tree: SampleTree.ldif, limits: "limits dn.exact=\"\(TestDirectory.reader)\" size.soft=60 size.hard=60 size.prtotal=60")
        await #expect { _ = try await DirectoryClient(limited.settings { $0.pageSize = 20 }).snapshot() } throws: { $0.isIncomplete }
    }

    @Test("a referral makes it incomplete and is not followed")
    func referral() async throws {
        let referring = try TestDirectory(tree: SampleTree.root + "\n" + SampleTree.referral)
        await #expect { _ = try await DirectoryClient(referring.settings()).snapshot() } throws: { $0.isIncomplete }
    }

    @Test("a server killed between pages is unavailable")
    func killed() async throws {
        let mortal = try TestDirectory(tree: SampleTree.ldif)
        let proxy = try CountingProxy(to: mortal.tlsPort, limit: 15_000) { mortal.stop() }
        let settings = mortal.settings {
            $0.url = "ldaps://127.0.0.1:\(proxy.port)"
            $0.pageSize = 5
        }
        await #expect { _ = try await DirectoryClient(settings).snapshot() } throws: { $0.isUnavailable }
    }

    @Test("a person without entryUUID cannot be told apart after a rename: incomplete")
    func missingUUID() throws {
        var builder = SnapshotBuilder()
        builder.add(LDAPEntry(dn: "uid=wang,ou=x", values: ["objectclass": ["inetOrgPerson"], "uid": ["wang"]]))
        #expect { _ = try builder.snapshot() } throws: { $0.isIncomplete }
    }
}

extension Error {
    var isIncomplete: Bool { if case .incomplete? = self as? DirectoryError { true } else { false } }
    var isUnavailable: Bool { if case .unavailable? = self as? DirectoryError { true } else { false } }
}
