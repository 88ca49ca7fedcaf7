import Foundation
import Testing

@testable import PKI

@Suite("CRLs: malformed")
struct MalformedListTests {
    private func fault(_ entry: [UInt8]) throws -> String? { try ListBuilder(entries: [entry]).fault() }
    private let time = ListBuilder.utcTime("260201000000Z")

    @Test("a list that is right parses, without entries, without nextUpdate, in version 1 or as PEM")
    func right() throws {
        var builder = try ListBuilder(entries: [try ListBuilder.entry([1])])
        #expect(try builder.fault() == nil)
        let pem = PEM.encode("X509 CRL", try builder.der())
        #expect(try CertificateList(bytes: Array(pem.utf8)).count == 1)
        builder.nextUpdate = []
        #expect(try builder.list().nextUpdate == nil)
        builder.entries = nil
        #expect(try builder.list().count == 0)
        builder.version = []
        builder.extensions = nil
        #expect(try builder.list().version == 1)
        #expect(try builder.list().entry(for: [1]) == nil)
    }

    @Test("cut off anywhere, or with one byte more, a list does not parse")
    func truncated() throws {
        let der = try ListBuilder(entries: [try ListBuilder.entry([1], extensions: [ListBuilder.reason(1)]), try ListBuilder.entry([2])])
            .der()
        for length in 0..<der.count { #expect(throws: Refusal.self, "\(length)") { try CertificateList(bytes: Array(der.prefix(length))) } }
        #expect(throws: Refusal.self) { try CertificateList(bytes: der + [0]) }
    }

    @Test("no byte that is changed makes it crash")
    func mutated() throws {
        let entry = try ListBuilder.entry([1], extensions: [ListBuilder.reason(1), try ListBuilder.certificateIssuer("CA A")])
        let der = try ListBuilder(entries: [entry, try ListBuilder.entry([2])]).der()
        var refused = 0
        for index in der.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = der
                bytes[index] ^= change
                if (try? CertificateList(bytes: bytes)) == nil { refused += 1 }
            }
        }
        #expect(refused > der.count)
    }

    @Test("revokedCertificates is left out, never empty (RFC 5280 §5.1.2.6): the profile refuses such a list, §6 alone does not")
    func emptyEntries() throws {
        let list = try CertificateList(bytes: ListBuilder(entries: []).der())
        #expect(list.hasEmptyEntries && list.count == 0)
        #expect(throws: Refusal.self) { try Profile(isEnforced: true).check(list, relaxed: []) }
        try Profile(isEnforced: false).check(list, relaxed: [])
        try Profile(isEnforced: true).check(list, relaxed: ["crl-profile"])
    }

    @Test("the parts of the list stand where they belong, once")
    func structure() throws {
        let right = try ListBuilder(entries: [try ListBuilder.entry([1])])
        func broken(_ change: (inout ListBuilder) throws -> Void) throws -> Bool {
            var builder = right
            try change(&builder)
            return try builder.fault() != nil
        }
        #expect(try broken { $0.version = Encoding.integer(0) })
        #expect(try broken { $0.version = Encoding.integer(2) })
        #expect(try broken { $0.version = [] })
        #expect(try broken { $0.outerAlgorithm = Encoding.sequence(try Encoding.objectIdentifier("1.2.840.10045.4.3.3")) })
        #expect(try broken { $0.issuer = Encoding.integer(1) })
        #expect(try broken { $0.thisUpdate = Encoding.integer(1) })
        #expect(try broken { $0.thisUpdate = ListBuilder.utcTime("260230000000Z") })
        #expect(try broken { $0.nextUpdate = ListBuilder.utcTime("2602010000Z") })
        #expect(try broken { $0.extensions = [] })
        #expect(try broken { $0.extensions = ($0.extensions ?? []) + ($0.extensions ?? []) })
        #expect(try broken { $0.afterExtensions = Encoding.null })
        #expect(try broken { $0.signature = Encoding.octetString([0]) })
        #expect(try broken { $0.signature = Encoding.bitString([0x80], unusedBits: 1) })
        #expect(try broken { $0.trailing = Encoding.null })
        #expect(try broken { $0.extensions = [CertificateExtension(oid: "1.2.3", value: [UInt8](repeating: 0, count: 70_000))] })
        #expect(try broken { $0.entries = [Encoding.integer(1)] })
    }

    @Test("an entry is a serial number and a date, in DER")
    func entries() throws {
        let serial = Encoding.integer(7)
        #expect(try fault(Encoding.sequence(serial, time)) == nil)
        for wrong in [
            Encoding.sequence(), Encoding.sequence(serial), Encoding.sequence(time), Encoding.sequence(time, serial),
            Encoding.sequence(Encoding.octetString([7]), time), Encoding.sequence(Encoding.sequence(serial), time),
            Encoding.sequence(serial, Encoding.sequence(time)), Encoding.sequence(serial, time, Encoding.null),
            Encoding.sequence(serial, time, time), Encoding.set(serial, time),
            // INTEGERs: none, padded with zeros or ones.
            Encoding.sequence([0x02, 0], time), Encoding.sequence([0x02, 2, 0, 0x7F], time),
            Encoding.sequence([0x02, 2, 0xFF, 0x80], time),
            // Lengths: indefinite, in more octets than needed, longer than what it stands in, more than four octets.
            Encoding.sequence([0x02, 0x80, 7, 0, 0], time), Encoding.sequence([0x02, 0x81, 1, 7], time),
            Encoding.sequence([0x02, 0x82, 0, 1, 7], time), [0x30, 0x12, 0x02, 0x20, 7] + time,
            Encoding.sequence([0x02, 0x85, 0, 0, 0, 0, 1, 7], time), Encoding.sequence([0x02, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 7], time),
            // A tag of two octets.
            Encoding.sequence([0x1F, 0x02, 1, 7], time), [0x3F, 0x10, 0],
        ] {
            #expect(try fault(wrong) != nil, "\(wrong.hex)")
        }
    }

    @Test(
        "a date has seconds and a Z, and exists",
        arguments: [
            "2602010000Z", "260201000000", "260201000000+0000", "260229000000Z", "261301000000Z", "260100000000Z", "260101240000Z",
            "260101006000Z", "260101000060Z", "26010100000aZ", "20260101000000Z", "",
        ])
    func dates(_ text: String) throws {
        #expect(try fault(Encoding.sequence(Encoding.integer(7), ListBuilder.utcTime(text))) != nil)
        #expect(try fault(Encoding.sequence(Encoding.integer(7), ListBuilder.generalizedTime(text + ".5"))) != nil)
    }

    @Test("entry extensions are DER, not empty, none twice, and not in version 1")
    func entryExtensions() throws {
        let serial = Encoding.integer(7)
        let id = try Encoding.objectIdentifier("2.5.29.21")
        let value = Encoding.octetString(Encoding.enumerated(1))
        func entry(_ parts: [UInt8]...) -> [UInt8] { Encoding.sequence(serial, time, Encoding.sequence(of: parts)) }
        #expect(try fault(entry(Encoding.sequence(id, value))) == nil)
        #expect(try fault(entry(Encoding.sequence(id, Encoding.yes, value))) == nil)
        let twice = Encoding.sequence(id, value)
        for wrong in [
            entry(), entry(twice, twice), entry(Encoding.null), entry(Encoding.sequence(id)), entry(Encoding.sequence(value)),
            entry(Encoding.sequence(id, [0x01, 1, 0], value)), entry(Encoding.sequence(id, [0x01, 1, 1], value)),
            entry(Encoding.sequence(id, [0x01, 2, 0xFF, 0xFF], value)), entry(Encoding.sequence(id, value, Encoding.null)),
            entry(Encoding.sequence(id, Encoding.octetString([]))), entry(Encoding.sequence(id, Encoding.octetString(Encoding.integer(1)))),
            entry(Encoding.sequence(id, Encoding.octetString(Encoding.enumerated(7)))),
            entry(Encoding.sequence(id, Encoding.octetString(Encoding.enumerated(11)))),
            entry(Encoding.sequence(id, Encoding.octetString([0x0A, 2, 0, 1]))),
            entry(Encoding.sequence(id, Encoding.octetString(Encoding.enumerated(1) + [0]))),
            entry(Encoding.sequence([0x06, 0], value)), entry(Encoding.sequence([0x06, 2, 0x55, 0x80], value)),
        ] {
            #expect(try fault(wrong) != nil, "\(wrong.hex)")
        }
        let unknown = try (0..<65).map { try CertificateExtension(oid: "1.2.3.\($0)", value: Encoding.null).encoded() }
        #expect(try fault(Encoding.sequence(serial, time, Encoding.sequence(of: unknown))) != nil)
        var first = try ListBuilder(entries: [entry(Encoding.sequence(id, value))])
        first.version = []
        first.extensions = nil
        #expect(try first.fault()?.contains("version 1") == true)
    }

    @Test("certificateIssuer holds at least one directoryName and nothing but general names")
    func certificateIssuers() throws {
        func fault(_ value: [UInt8]) throws -> String? {
            try self.fault(try ListBuilder.entry([1], extensions: [CertificateExtension(oid: "2.5.29.29", critical: true, value: value)]))
        }
        let name = Encoding.tagged(4, try ListBuilder.encodedName("CA A"))
        let mail = Encoding.tagged(1, contents: "a@ca.example".utf8)
        #expect(try fault(Encoding.sequence(mail, name)) == nil)
        for wrong in [
            Encoding.sequence(), Encoding.sequence(mail), Encoding.sequence(try ListBuilder.encodedName("CA A")), name,
            Encoding.sequence(Encoding.tagged(4)), Encoding.sequence(Encoding.tagged(4, contents: [0x30])),
            Encoding.sequence(Encoding.tagged(9, contents: [])), Encoding.sequence(of: Array(repeating: name, count: 2000)), [],
        ] {
            #expect(try fault(wrong) != nil, "\(wrong.hex.prefix(80))")
        }
    }

    @Test("deeply nested input, oversized input and too many odd serial numbers are refused")
    func bounds() throws {
        var nested: [UInt8] = Encoding.null
        for _ in 0..<200 { nested = Encoding.sequence(nested) }
        var builder = try ListBuilder()
        builder.extensions = nil
        builder.entries = [nested]
        #expect(try builder.fault() != nil)
        builder.entries = nil
        builder.issuer = nested
        #expect(try builder.fault() != nil)
        let long = [UInt8](repeating: 0x30, count: CertificateList.maximumLength + 1)
        #expect(throws: Refusal(.certificateMalformed, "CRL: \(long.count) bytes")) { try CertificateList(bytes: long) }
        let odd = try (0...RevocationIndex.maximumOddEntries).map { number in
            try ListBuilder.entry([0x01] + [UInt8](repeating: 0, count: 20) + [UInt8(number >> 8), UInt8(number & 0xFF)])
        }
        #expect(try ListBuilder(entries: odd).fault()?.contains("out of range") == true)
        #expect(try ListBuilder(entries: Array(odd.dropLast())).list().count == RevocationIndex.maximumOddEntries)
    }
}
