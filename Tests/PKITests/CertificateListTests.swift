import Foundation
import Testing

@testable import PKI

@Suite("CRLs: entries and their issuers")
struct CertificateListTests {
    @Test("serial numbers of every length are found, and only they")
    func serials() throws {
        // 0, 1, 127, 128, 20 octets, 20 octets and a leading zero, 21 octets, 300 octets, −1, −128.
        let serials: [[UInt8]] = [
            [0], [1], [0x7F], [0, 0x80], [0x12] + [UInt8](repeating: 0xAB, count: 19), [0] + [UInt8](repeating: 0xFF, count: 20),
            [0x12] + [UInt8](repeating: 0xAB, count: 20), [0x12] + [UInt8](repeating: 0xAB, count: 299), [0xFF], [0x80],
        ]
        for missing in serials {
            let others = serials.filter { $0 != missing }
            let list = try ListBuilder(entries: try others.map { try ListBuilder.entry($0) }).list()
            #expect(list.count == others.count && !list.hasDuplicateSerial)
            for serial in others { #expect(list.entry(for: serial) != nil, "\(serial.hex)") }
            #expect(list.entry(for: missing) == nil, "\(missing.hex)")
            #expect(list.entry(for: []) == nil)
        }
    }

    @Test("20,000 serial numbers, in a row or random, are told from their neighbours", arguments: [true, false])
    func many(inARow: Bool) throws {
        var generator = SystemRandomNumberGenerator()
        let serials = (1...20_000).map { number -> [UInt8] in
            let random = withUnsafeBytes(of: generator.next(), Array.init)
            return Array(Encoding.integer(magnitude: inARow ? withUnsafeBytes(of: UInt32(number * 2).bigEndian, Array.init) : random)[2...])
        }
        let listed = Set(serials)
        let list = try ListBuilder(entries: try listed.map { try ListBuilder.entry($0, extensions: [ListBuilder.reason($0[0] & 1)]) })
            .list()
        #expect(list.count == listed.count)
        for serial in listed { #expect(list.entry(for: serial)?.reason == Int(serial[0] & 1)) }
        for serial in listed {
            var next = serial
            next[next.count - 1] ^= 1
            #expect((list.entry(for: next) != nil) == listed.contains(next))
        }
        #expect(Set(list.revokedCertificates.map(\.serial)) == listed)
    }

    @Test("dates from 1950 to 9999 and every reason come back as they were written")
    func datesAndReasons() throws {
        let times: [(der: [UInt8], seconds: Double)] = [
            (ListBuilder.utcTime("500101000000Z"), -631_152_000), (ListBuilder.utcTime("700101000001Z"), 1),
            (ListBuilder.utcTime("491231235959Z"), 2_524_607_999), (ListBuilder.generalizedTime("20870101000000Z"), 3_692_217_600),
            (ListBuilder.generalizedTime("99991231235959Z"), 253_402_300_799),
            (ListBuilder.generalizedTime("19491231235959Z"), -631_152_001),
        ]
        for (number, time) in times.enumerated() {
            let list = try ListBuilder(entries: [try ListBuilder.entry([UInt8(number)], at: time.der)]).list()
            #expect(list.entry(for: [UInt8(number)])?.revoked == Date(timeIntervalSince1970: time.seconds))
            #expect(list.entry(for: [UInt8(number)])?.reason == nil)
        }
        for code in UInt8(0)...10 where code != 7 {
            let list = try ListBuilder(entries: [try ListBuilder.entry([5], extensions: [ListBuilder.reason(code)])]).list()
            #expect(list.entry(for: [5])?.reason == Int(code))
        }
    }

    @Test("a date that UTCTime could tell makes the list one with GeneralizedTime before 2050, in an entry too (RFC 5280 §5.1.2.6)")
    func generalizedDate() throws {
        let early = ListBuilder.generalizedTime("20260101000000Z")
        #expect(try ListBuilder(entries: [try ListBuilder.entry([1], at: early)]).list().isTimeWronglyGeneralized)
        #expect(try !ListBuilder(entries: [try ListBuilder.entry([1])]).list().isTimeWronglyGeneralized)
        var builder = try ListBuilder()
        builder.nextUpdate = early
        #expect(try builder.list().isTimeWronglyGeneralized)
    }

    @Test("a serial number listed twice is noticed; the entry that revokes is told, the earliest, whatever the order")
    func duplicates() throws {
        let entries = [
            try ListBuilder.entry([9], at: ListBuilder.utcTime("260101000000Z"), extensions: [ListBuilder.reason(8)]),
            try ListBuilder.entry([9], at: ListBuilder.utcTime("260103000000Z"), extensions: [ListBuilder.reason(6)]),
            try ListBuilder.entry([9], at: ListBuilder.utcTime("260102000000Z"), extensions: [ListBuilder.reason(1)]),
        ]
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let list = try ListBuilder(entries: order.map { entries[$0] }).list()
            #expect(list.hasDuplicateSerial && list.entry(for: [9])?.reason == 1)
        }
        let long = [UInt8](repeating: 1, count: 30)
        #expect(try ListBuilder(entries: [try ListBuilder.entry(long), try ListBuilder.entry(long)]).list().hasDuplicateSerial)
    }

    @Test("certificateIssuer is of its entry and those that follow (RFC 5280 §5.3.3)")
    func indirect() throws {
        let builder = try ListBuilder(entries: [
            try ListBuilder.entry([1]), try ListBuilder.entry([2], extensions: [try ListBuilder.certificateIssuer("CA A")]),
            try ListBuilder.entry([3], extensions: [ListBuilder.reason(4)]),
            try ListBuilder.entry([1], extensions: [ListBuilder.reason(1), try ListBuilder.certificateIssuer("CA B", "CA C")]),
            try ListBuilder.entry([UInt8](repeating: 1, count: 40)),
            try ListBuilder.entry([4], extensions: [try ListBuilder.certificateIssuer("CA A")]),
            try ListBuilder.entry([5], extensions: [try ListBuilder.certificateIssuer(ListBuilder.name)]),
        ])
        let list = try builder.list()
        let (a, b, c) = (
            try ListBuilder.distinguishedName("ca  a"), try ListBuilder.distinguishedName("CA B"), try ListBuilder.distinguishedName("CA C")
        )
        #expect(list.hasCertificateIssuers && !list.hasUncriticalCertificateIssuer && !list.hasDuplicateSerial)
        #expect(list.unknownEntryExtension == nil)
        func listed(_ name: DistinguishedName) -> [UInt8] { (1...5).filter { list.entry(for: [$0], issuer: name) != nil } }
        #expect(listed(list.issuer) == [1, 5])
        #expect(listed(a) == [2, 3, 4])
        #expect(listed(b) == [1] && listed(c) == [1])
        #expect(listed(try ListBuilder.distinguishedName("CA D")).isEmpty)
        #expect(list.entry(for: [1])?.reason == nil && list.entry(for: [1], issuer: b)?.reason == 1)
        #expect(list.entry(for: [UInt8](repeating: 1, count: 40), issuer: c) != nil)
        #expect(list.entry(for: [UInt8](repeating: 1, count: 40), issuer: a) == nil)
        #expect(list.entry(for: [3], issuer: a)?.reason == 4)
        // A name is kept once: the CRL issuer, A, B with C, and the CRL issuer's own as it was named.
        #expect(list.entryIssuers.count == 4)
    }

    @Test("a certificateIssuer that is not critical is noticed; a list that names issuers is not used as an ordinary one")
    func indirectFaults() throws {
        let entry = try ListBuilder.entry([2], extensions: [try ListBuilder.certificateIssuer("CA A", critical: false)])
        let list = try ListBuilder(entries: [entry]).list()
        #expect(list.hasUncriticalCertificateIssuer)
        let authority = try TestAuthority(.p256)
        var book = RevocationBook()
        let signer = Authority(
            AuthorityKey(subjectOf: authority.issuing.certificate), publicKeyInfo: authority.issuing.key.publicKeyInfo,
            rules: AuthorityRules())
        book.add(list, candidates: [0], authorities: [signer], profile: Profile(isEnforced: false))
        #expect(book.signers.isEmpty)
    }

    @Test("an unknown extension of an entry counts when it is critical; invalidityDate never does")
    func unknownExtensions() throws {
        let date = CertificateExtension(oid: "2.5.29.24", critical: true, value: ListBuilder.generalizedTime("20260101000000Z"))
        let unknown = CertificateExtension(oid: "1.2.3.4", value: Encoding.null)
        let critical = CertificateExtension(oid: "1.2.3.4", critical: true, value: Encoding.null)
        let harmless = try ListBuilder(entries: [try ListBuilder.entry([1], extensions: [unknown, date, ListBuilder.reason(3)])]).list()
        #expect(harmless.unknownEntryExtension == nil && harmless.entry(for: [1])?.reason == 3)
        let list = try ListBuilder(entries: [try ListBuilder.entry([1], extensions: [critical])]).list()
        #expect(list.unknownEntryExtension?.description == "1.2.3.4")
    }

    @Test("the numbers of lists are compared as numbers; a delta names its base")
    func numbers() throws {
        func list(_ number: [UInt8], base: [UInt8]? = nil) throws -> CertificateList {
            var builder = try ListBuilder()
            builder.extensions = [CertificateExtension(oid: "2.5.29.20", value: Encoding.integerContent(number))]
            if let base {
                builder.extensions?.append(CertificateExtension(oid: "2.5.29.27", critical: true, value: Encoding.integerContent(base)))
            }
            return try builder.list()
        }
        let ordered: [[UInt8]] = [[0], [1], [0x7F], [0, 0x80], [0, 0xFF], [1, 0], [0x7F] + [UInt8](repeating: 0, count: 19)]
        let numbers = try ordered.map { try #require(try list($0).listNumber) }
        #expect(numbers == numbers.sorted() && Set(numbers).count == ordered.count)
        #expect(try list([1, 0]).number == 256 && list([1, 0]).baseNumber == nil)
        #expect(try list([9], base: [7]).baseNumber == list([7]).listNumber)
        #expect(throws: Refusal.self) { try list([0xFF]) }
        #expect(throws: Refusal.self) { try list([1] + [UInt8](repeating: 0, count: 20)) }
        #expect(throws: Refusal.self) { try list([1], base: [0, 1]) }
    }
}
