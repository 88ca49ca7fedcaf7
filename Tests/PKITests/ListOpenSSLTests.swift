import Foundation
import Testing

@testable import PKI

/// Each other's lists, entry by entry.
@Suite("CRLs, compared with openssl", .serialized)
struct ListOpenSSLTests {
    /// An entry as `openssl crl -text` prints it.
    private struct Line: Hashable {
        let serial: String
        let date: Date
        let reason: Int?
    }

    /// The names `openssl crl -text` gives to CRLReason.
    private static let reasons = [
        "Unspecified": 0, "Key Compromise": 1, "CA Compromise": 2, "Affiliation Changed": 3, "Superseded": 4, "Cessation Of Operation": 5,
        "Certificate Hold": 6, "Remove From CRL": 8, "Privilege Withdrawn": 9, "AA Compromise": 10,
    ]

    private func lines(_ text: String) throws -> Set<Line> {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "MMM d HH:mm:ss yyyy zzz"
        var found = Set<Line>()
        for block in text.components(separatedBy: "Serial Number: ").dropFirst() {
            let rows = block.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            let date = try #require(rows.first { $0.hasPrefix("Revocation Date: ") }).dropFirst("Revocation Date: ".count)
            let reason = rows.firstIndex { $0.hasPrefix("X509v3 CRL Reason Code") }.map { Self.reasons[rows[$0 + 1]] ?? -1 }
            let parsed = try #require(format.date(from: date.replacingOccurrences(of: "  ", with: " ")), "\(date)")
            found.insert(Line(serial: rows[0].uppercased(), date: parsed, reason: reason))
        }
        return found
    }

    private func lines(of list: CertificateList) -> Set<Line> {
        Set(
            list.index.records.map { record in
                let entry = list.index.entry(record)
                // openssl prints serial numbers up to 8 octets with leading zeros dropped to whole octets, as hexadecimal.
                return Line(serial: Self.hex(record.serial.content), date: entry.revoked, reason: entry.reason)
            })
    }

    private static func hex(_ content: [UInt8]) -> String {
        let magnitude = Array(content.drop { $0 == 0 })
        return magnitude.isEmpty ? "00" : magnitude.hex.uppercased()
    }

    @Test("openssl reads the same entries as we do from a list of 3,000 that we issued", arguments: [KeyPair.Kind.p256, .rsa2048])
    func ours(kind: KeyPair.Kind) throws {
        let openssl = try OpenSSLTool()
        let authority = try TestAuthority(kind)
        var generator = SystemRandomNumberGenerator()
        let revoked = (0..<3000).map { number -> (serial: [UInt8], date: Date, reason: Int) in
            let serial = (0..<Int.random(in: 1...20)).map { _ in UInt8.random(in: 0...255, using: &generator) } + [UInt8(number & 0xFF), 1]
            let seconds = Double(Int.random(in: 0..<2_500_000_000))
            let reason = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10].randomElement() ?? 0
            return (Array(serial.suffix(20)), Date(timeIntervalSince1970: seconds), reason)
        }
        let list = try authority.issuing.issueRevocationList(
            revoked: revoked, number: 3, thisUpdate: TestAuthority.now, nextUpdate: TestAuthority.now + 86_400)
        try openssl.write(list.der, to: "list.crl")
        try openssl.write(authority.issuing.certificate.pem, to: "ca.pem")
        let output = try openssl.run("crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text", "-CAfile", "ca.pem").output
        #expect(output.contains("verify OK"))
        let theirs = try lines(output)
        #expect(theirs.count > 2900 && theirs == lines(of: list))
    }

    @Test("a list made by `openssl ca` is read as its index says")
    func theirs() throws {
        let openssl = try OpenSSLTool()
        try openssl.write(
            """
            [ca]
            default_ca=one
            [one]
            database=index.txt
            crlnumber=number
            default_md=sha256
            crl_extensions=extensions
            [extensions]
            authorityKeyIdentifier=keyid
            [req]
            distinguished_name=name
            [name]

            """, to: "config")
        try openssl.write("1001\n", to: "number")
        let rows = (0..<400).map { number -> (serial: String, date: String, reason: String) in
            let serial = String(repeating: "AB", count: number % 17) + String(format: "%02X%02X", number % 250 + 1, number / 250 + 1)
            let reason = ["", ",unspecified", ",keyCompromise", ",CACompromise", ",superseded", ",certificateHold,holdInstructionReject"][
                number % 6]
            return (serial, String(format: "2601%02d0%d0000Z", number % 28 + 1, number % 10), reason)
        }
        try openssl.write(
            rows.map { "R\t300101000000Z\t\($0.date)\($0.reason)\t\($0.serial)\tunknown\t/CN=\($0.serial)\n" }.joined(), to: "index.txt")
        try openssl.run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "ca.pem",
            "-subj",
            "/CN=openssl CA", "-config", "config", "-addext", "subjectKeyIdentifier=hash")
        let made = try openssl.run(
            "ca", "-gencrl", "-config", "config", "-keyfile", "key.pem", "-cert", "ca.pem", "-crldays", "3", "-out", "list.pem")
        #expect(made.status == 0, "\(made.output)")
        let list = try CertificateList(bytes: openssl.read("list.pem"))
        #expect(list.count == rows.count && list.number == 0x1001 && !list.hasDuplicateSerial)
        let certificate = try #require(try Certificate.list(pem: String(decoding: openssl.read("ca.pem"), as: UTF8.self)).first)
        let signer = Authority(AuthorityKey(subjectOf: certificate), publicKeyInfo: certificate.publicKeyInfo, rules: AuthorityRules())
        #expect(list.signatureFault(by: signer) == nil)
        #expect(try lines(openssl.run("crl", "-in", "list.pem", "-noout", "-text").output) == lines(of: list))
    }
}
