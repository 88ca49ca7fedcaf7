import Foundation
import SwiftASN1
import Testing

@testable import PKI

@Suite("Excluded directory names")
struct NameScopeTests {
    private func name(_ tag: ASN1Identifier, _ value: String) throws -> [UInt8] {
        let organization = Encoding.sequence(try Encoding.objectIdentifier("2.5.4.10"), Encoding.string(value, as: tag))
        return Encoding.sequence(Encoding.set(organization))
    }

    /// O=Here excluded, as a CA writes it.
    private func excluding() throws -> NameConstraints {
        let subtree = Encoding.sequence(Encoding.tagged(4, try name(.utf8String, "Here")))
        return try NameConstraints(Encoding.sequence(Encoding.tagged(1, subtree))[...])
    }

    @Test(
        "nobody slips out of an exclusion by another string type",
        arguments: [ASN1Identifier.utf8String, .printableString, .teletexString, .ia5String])
    func stringTypes(_ tag: ASN1Identifier) throws {
        let house = try TestAuthority(.p256)
        var scope = NameScope.everything
        try scope.narrow(by: excluding(), of: house.root.certificate)
        func leaf(_ value: String) throws -> Certificate {
            try house.issuing.issue(
                CertificateTemplate(
                    serial: SerialNumber.random(), subject: try name(tag, value), publicKeyInfo: house.root.certificate.publicKeyInfo,
                    notBefore: TestAuthority.now - 60, notAfter: TestAuthority.now + 60, extensions: [.keyUsage([.digitalSignature])]))
        }
        #expect(throws: Refusal.self) { try scope.check(leaf("HERE")) }
        try scope.check(leaf("There"))
    }
}
