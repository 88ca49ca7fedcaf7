import FuzzEntries
import SwiftASN1
import Testing

@testable import PKI

@Suite("DER, read in place")
struct DERNodeTests {
    private func parse(_ bytes: [UInt8]) throws(Malformed) -> DERNode { try DERNode.parse(bytes[...], "test") }

    /// A SEQUENCE in a SEQUENCE …, `depth` of them.
    private func nested(_ depth: Int) -> [UInt8] {
        (1..<depth).reduce([0x30, 0]) { inner, _ in
            inner.count < 0x80 ? [0x30, UInt8(inner.count)] + inner : [0x30, 0x81, UInt8(inner.count)] + inner
        }
    }

    @Test("tag, content and members are found, also with a long tag and a long length")
    func reads() throws {
        let node = try parse([0x30, 0x07, 0x02, 0x01, 0x05, 0x9F, 0x1F, 0x01, 0xAA])
        #expect(node.identifier == .sequence)
        guard case .constructed(let members) = node.content else { throw Malformed("not constructed") }
        let both = Array(members)
        #expect(both.map(\.identifier) == [.integer, .context(31)])
        #expect(both.map { Array($0.encodedBytes) } == [[0x02, 0x01, 0x05], [0x9F, 0x1F, 0x01, 0xAA]])
        guard case .primitive(let content) = both[1].content else { throw Malformed("not primitive") }
        #expect(Array(content) == [0xAA])
        let long = [0x04, 0x81, 0x80] + [UInt8](repeating: 7, count: 0x80)
        guard case .primitive(let octets) = try parse(long).content else { throw Malformed("not primitive") }
        #expect(octets.count == 0x80)
    }

    @Test(
        "what is not DER is refused",
        arguments: [
            ("nothing", []), ("a tag alone", [0x30]), ("content cut short", [0x04, 0x02, 0x01]), ("trailing bytes", [0x05, 0x00, 0x00]),
            ("a length that could be shorter", [0x04, 0x81, 0x01, 0xAA]), ("a length with a leading zero", [0x04, 0x82, 0x00, 0x80]),
            ("an indefinite length", [0x30, 0x80, 0x00, 0x00]), ("a length of five octets", [0x04, 0x85, 0x01, 0, 0, 0, 0]),
            ("a length cut short", [0x04, 0x82, 0x01]), ("the end of an indefinite length", [0x00, 0x00]),
            ("a long tag that could be short", [0x9F, 0x1E, 0x00]), ("a long tag with a leading zero", [0x9F, 0x80, 0x1F, 0x00]),
            ("a long tag cut short", [0x9F, 0x81]), ("a tag of more than four octets", [0x9F, 0x81, 0x80, 0x80, 0x80, 0x00, 0x00]),
            ("a member cut short", [0x30, 0x03, 0x04, 0x02, 0x01]), ("a member that is not DER", [0x30, 0x03, 0x04, 0x81, 0x00]),
        ] as [(String, [UInt8])])
    func refuses(_ fault: String, _ bytes: [UInt8]) {
        #expect(throws: Malformed.self, "\(fault)") { try parse(bytes) }
    }

    @Test("nesting is bounded: 50 levels are read, 51 are not")
    func boundsNesting() throws {
        #expect(throws: Never.self) { try parse(nested(50)) }
        #expect(throws: Malformed.self) { try parse(nested(51)) }
        #expect(throws: Malformed.self) { try parse([UInt8](repeating: 0x30, count: 10_000)) }
    }

    @Test(
        "swift-asn1 takes and refuses the same bytes: the fuzzers' corpora and their mutations", arguments: ["certificate", "crl", "cms"])
    func agreesWithLibrary(_ entry: String) throws {
        let corpus = try FuzzCorpus(entry)
        var counts = [true: 0, false: 0]
        for bytes in corpus.inputs.map(\.bytes) + corpus.mutations(2000) {
            let ours = (try? parse(bytes)) != nil
            #expect(ours == ((try? DER.parse(bytes)) != nil), "\(bytes.hex)")
            counts[ours, default: 0] += 1
        }
        #expect(counts[true] ?? 0 > 20 && counts[false] ?? 0 > 20)
    }
}
