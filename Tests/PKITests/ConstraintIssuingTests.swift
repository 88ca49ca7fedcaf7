import Foundation
import Testing

@testable import PKI

/// What bounds a CA, read back by Debian's openssl and by ourselves.
@Suite("Issuing constraints, checked with openssl")
struct ConstraintIssuingTests {
    private static let directory = CertificateExtension.Subtree.directory(
        NameTemplate([.init(oid: "2.5.4.6", value: "HK"), .init(oid: "2.5.4.10", value: "Harbour Post")]))

    private func authority(_ extensions: [CertificateExtension]) throws -> Certificate {
        let authority = try TestAuthority(.p256)
        return try authority.root.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: authority.issuing.certificate.subject.der,
                publicKeyInfo: authority.issuing.certificate.publicKeyInfo, notBefore: TestAuthority.now,
                notAfter: TestAuthority.now + 86_400,
                extensions: [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign])] + extensions))
    }

    private func readByOpenSSL(_ certificate: Certificate) throws -> String {
        let openssl = try OpenSSLTool()
        try openssl.write(certificate.pem, to: "ca.pem")
        let lines = try openssl.run("x509", "-in", "ca.pem", "-noout", "-text", "-nameopt", "RFC2253").output.split(separator: "\n")
        return lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }

    @Test("name constraints of each form stand where they were meant, critical")
    func names() throws {
        let certificate = try authority([
            try .nameConstraints(
                permitted: [Self.directory, .email("post.example"), .host("hk.example")],
                excluded: [.email(".bad.example"), .host("x.hk.example")])
        ])
        let text = try readByOpenSSL(certificate)
        #expect(
            text.contains(
                """
                X509v3 Name Constraints: critical
                Permitted:
                DirName:C = HK, O = Harbour Post
                email:post.example
                DNS:hk.example
                Excluded:
                email:.bad.example
                DNS:x.hk.example
                """), "\(text)")
        let read = try #require(certificate.extensions.nameConstraints)
        #expect(read.permitted.count == 3 && read.excluded == [.mailDomain(".bad.example"), .dns("x.hk.example")])
    }

    @Test("one list of names alone is enough, and the other is not written")
    func oneList() throws {
        let excluding = try authority([try .nameConstraints(permitted: [], excluded: [.host("example")])])
        #expect(try readByOpenSSL(excluding).contains("X509v3 Name Constraints: critical\nExcluded:\nDNS:example"))
        let permitting = try authority([try .nameConstraints(permitted: [Self.directory], excluded: [])])
        #expect(try !readByOpenSSL(permitting).contains("Excluded"))
    }

    @Test("policies, their mappings and constraints stand where they were meant, critical")
    func policies() throws {
        let certificate = try authority([
            try .policies(["1.3.6.1.4.1.32473.9.1"]),
            try .policyMappings([("1.3.6.1.4.1.32473.9.1", "2.16.344.8.2.2008.810.2.2025.1.1"), ("1.3.6.1.4.1.32473.9.1", "1.2.3.4")]),
            try .policyConstraints(requireExplicit: 0, inhibitMapping: 200), .inhibitAnyPolicy(after: 3),
        ])
        let text = try readByOpenSSL(certificate)
        for expected in [
            """
            X509v3 Policy Mappings: critical
            1.3.6.1.4.1.32473.9.1:2.16.344.8.2.2008.810.2.2025.1.1, 1.3.6.1.4.1.32473.9.1:1.2.3.4
            """,
            "X509v3 Policy Constraints: critical\nRequire Explicit Policy:0, Inhibit Policy Mapping:200",
            "X509v3 Inhibit Any Policy: critical\n3",
        ] {
            #expect(text.contains(expected), "\(expected)\n\(text)")
        }
        #expect(certificate.extensions.policyMappings.count == 2)
        #expect(certificate.extensions.policyConstraints?.requireExplicitPolicy == 0)
        #expect(certificate.extensions.policyConstraints?.inhibitPolicyMapping == 200)
        #expect(certificate.extensions.inhibitAnyPolicy == 3)
    }

    @Test("of the policy constraints each may stand alone")
    func oneConstraint() throws {
        let explicit = try authority([try .policyConstraints(requireExplicit: 1, inhibitMapping: nil)])
        #expect(try readByOpenSSL(explicit).contains("Policy Constraints: critical\nRequire Explicit Policy:1\n"))
        let mapping = try authority([try .policyConstraints(requireExplicit: nil, inhibitMapping: 127)])
        #expect(try readByOpenSSL(mapping).contains("Policy Constraints: critical\nInhibit Policy Mapping:127\n"))
    }

    @Test("what says nothing, or nothing that could be checked, is not issued")
    func refusals() {
        #expect(throws: IssuingFailure.self) { try CertificateExtension.nameConstraints(permitted: [], excluded: []) }
        for base: CertificateExtension.Subtree in [.host(".example"), .host("a b"), .host("例.example"), .email("a@b@c"), .email("")] {
            #expect(throws: IssuingFailure.self, "\(base)") { try CertificateExtension.nameConstraints(permitted: [base], excluded: []) }
            #expect(throws: IssuingFailure.self, "\(base)") { try CertificateExtension.nameConstraints(permitted: [], excluded: [base]) }
        }
        #expect(throws: IssuingFailure.self) { try CertificateExtension.policyMappings([]) }
        #expect(throws: IssuingFailure.self) { try CertificateExtension.policyMappings([("2.5.29.32.0", "1.2.3")]) }
        #expect(throws: IssuingFailure.self) { try CertificateExtension.policyMappings([("1.2.3", "2.5.29.32.0")]) }
        #expect(throws: (any Error).self) { try CertificateExtension.policyMappings([("1.2.3", "no policy")]) }
        #expect(throws: IssuingFailure.self) { try CertificateExtension.policyConstraints(requireExplicit: nil, inhibitMapping: nil) }
    }

    @Test("e-mail addresses of a subjectAltName are read back")
    func emails() throws {
        let certificate = try TestAuthority(.p256).leaf(
            try TestAuthority.holderKey(.p256), extensions: [.subjectAlternativeNames(emails: ["lo@post.example"])])
        #expect(try readByOpenSSL(certificate).contains("email:lo@post.example"))
        #expect(certificate.extensions.alternativeNames == [.email("lo@post.example")])
    }
}
