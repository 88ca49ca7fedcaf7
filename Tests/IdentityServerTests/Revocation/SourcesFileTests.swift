import Foundation
import Testing

@testable import IdentityServer

@Suite("revocation_sources of the trust list")
struct SourcesFileTests {
    private static func read(_ text: String) throws -> RevocationSources {
        try StrictYAML.decode(RevocationSources.self, text, file: "trust.yaml")
    }

    @Test("every key is read")
    func reads() throws {
        let sources = try Self.read(
            """
            lists: ["http://crl.example.org/ca.crl", "ldap://127.0.0.1:3890/cn=CA,dc=x?certificateRevocationList;binary"]
            ocsp: "http://ocsp.example.org"
            allow_private: true
            refresh: 30m
            """)
        #expect(sources.lists.map(\.host) == ["crl.example.org", "127.0.0.1"])
        #expect(sources.ocsp?.host == "ocsp.example.org" && sources.allowsPrivate && sources.refresh == .seconds(1800))
        let bare = try Self.read("ocsp: https://ocsp.example.org/x")
        #expect(bare.lists.isEmpty && !bare.allowsPrivate && bare.refresh == .seconds(3600))
    }

    @Test(
        "what is wrong is refused with its line",
        arguments: [
            "lists: [\"ftp://crl.example/ca.crl\"]", "lists: [\"ldap://crl.example/cn=x?a?sub\"]", "lists: []", "refresh: 1h",
            "ocsp: \"ldap://crl.example/cn=x?a\"", "ocsp: http://o.example\nrefresh: 500ms", "ocsp: http://o.example\nfollow: true",
            "lists: http://crl.example/ca.crl",
        ])
    func refuses(text: String) {
        #expect(throws: ConfigurationError.self) { try Self.read(text) }
    }
}
