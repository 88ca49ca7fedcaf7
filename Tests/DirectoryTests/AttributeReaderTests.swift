import Foundation
import Testing

@testable import Directory

@Suite("One attribute of one entry, by an LDAP URL")
struct AttributeReaderTests {
    /// A picture has any bytes at all; NUL, line breaks and bytes that are no UTF-8 among them.
    private static let value: [UInt8] =
        [0xff, 0xd8, 0xff, 0, 0x0a, 0x80] + (0..<2000).map { UInt8(truncatingIfNeeded: $0) } + [0xff, 0xd9]

    private static let directory = Result {
        try TestDirectory(
            tree: tree(TestCertificates.shared.get().revocationList), access: "access to dn.subtree=\"ou=lists,dc=example\" by * read\n")
    }
    private static func tree(_ list: [UInt8]) -> String {
        SampleTree.root + "\n"
            + """
            dn: ou=lists,dc=example
            objectClass: organizationalUnit
            ou: lists

            dn: cn=one,ou=lists,dc=example
            objectClass: inetOrgPerson
            cn: one
            sn: one
            jpegPhoto:: \(Data(value).base64EncodedString())

            dn: cn=two,ou=lists,dc=example
            objectClass: inetOrgPerson
            cn: two
            sn: two
            jpegPhoto:: \(Data(value).base64EncodedString())
            jpegPhoto:: /9j/

            dn: cn=CA,ou=lists,dc=example
            objectClass: cRLDistributionPoint
            cn: CA
            certificateRevocationList;binary:: \(Data(list).base64EncodedString())

            """
    }

    private static func read(
        _ path: String, port: UInt16? = nil, limit: Int = 64 * 1024, timeout: Duration = .seconds(10),
        permits: @escaping @Sendable ([UInt8]) -> Bool = { _ in true }
    ) async throws -> [UInt8] {
        let port = try port ?? directory.get().port
        let url = try #require(AttributeURL("ldap://127.0.0.1:\(port)/\(path)"))
        return try await AttributeReader().read(url, limit: limit, timeout: timeout, permits: permits)
    }

    @Test("a revocation list is read as X.509 directories publish it (RFC 4523 §2: ;binary)")
    func revocationList() async throws {
        let list = try await Self.read("cn=CA,ou=lists,dc=example?certificateRevocationList;binary")
        #expect(try list == TestCertificates.shared.get().revocationList)
    }

    @Test("the value arrives byte for byte")
    func reads() async throws {
        let value = try await Self.read("cn=one,ou=lists,dc=example?jpegPhoto")
        #expect(value == Self.value)
    }

    @Test(
        "an entry that is absent or hidden, an attribute that is absent or has two values: no value",
        arguments: [
            "cn=none,ou=lists,dc=example?jpegPhoto", "cn=reader,dc=example?cn", "cn=one,ou=lists,dc=example?mail",
            "cn=two,ou=lists,dc=example?jpegPhoto",
        ])
    func refuses(path: String) async throws {
        await #expect(throws: DirectoryError.self) { try await Self.read(path) }
    }

    @Test("a value beyond the limit is refused, by the message's length before it is read whole")
    func bounded() async throws {
        await #expect(throws: DirectoryError.self) { try await Self.read("cn=one,ou=lists,dc=example?jpegPhoto", limit: 1000) }
        await #expect(throws: DirectoryError.self, "libldap's own limit") {
            try await Self.read("cn=one,ou=lists,dc=example?jpegPhoto", limit: -15_000)
        }
    }

    @Test("an address that is not permitted is left before anything is sent to it")
    func addresses() async throws {
        let server = try RecordingServer(reply: nil)
        await #expect(throws: DirectoryError.self) {
            try await Self.read("cn=one,dc=example?jpegPhoto", port: server.port) { $0 != [127, 0, 0, 1] }
        }
        #expect(server.received.isEmpty)
    }

    @Test("a server that says nothing, or drips, ends with the time")
    func hangs() async throws {
        let silent = try RecordingServer(reply: nil)
        let dripping = try drippingServer(beginning: [0x30, 0x84, 0x00, 0x00, 0x10, 0x00])
        for port in [silent.port, dripping] {
            await #expect(throws: DirectoryError.self) {
                try await Self.read("cn=one,dc=example?jpegPhoto", port: port, timeout: .milliseconds(300))
            }
        }
        #expect(!silent.received.isEmpty, "it was asked")
    }

    @Test("a URL names scheme, host, entry and exactly one attribute")
    func urls() throws {
        let url = try #require(AttributeURL("LDAPS://crl.example/cn=CA%20one,c=CN?certificateRevocationList;binary?base"))
        #expect(url.host == "crl.example" && url.port == 636 && url.isTLS)
        #expect(url.entry == "cn=CA one,c=CN" && url.attribute == "certificateRevocationList;binary")
        #expect(AttributeURL("ldap://[::1]:3890/dc=x?a")?.server == "ldap://[::1]:3890")
        for wrong in [
            "http://crl.example/cn=x?a", "ldapi://%2Ftmp%2Fsocket/cn=x?a", "ldap:///cn=x?a", "ldap://crl.example/?a",
            "ldap://crl.example/cn=x",
            "ldap://crl.example/cn=x?a,b", "ldap://crl.example/cn=x?a?sub", "ldap://crl.example/cn=x?a?base?(cn=x)",
            "ldap://crl.example/cn=x?a?base??!x=y", "ldap://crl.example/cn=\(String(repeating: "x", count: 2100))?a",
            "ldap://a.example/cn=x?a ldap://b.example/cn=x?a",
        ] {
            #expect(AttributeURL(wrong) == nil, "\(wrong)")
        }
    }
}
