import Foundation
import Testing

@testable import IdentityServer

@Suite("hallpass verify --batch")
struct BatchVerifierTests {
    struct Answer: Decodable {
        let id: String?
        let verdict: String
        let code: String
        let why: String
        let path: [String]
        let policies: [String]
        let micros: Int
    }

    private func answer(_ line: [UInt8]) throws -> Answer {
        let bytes = BatchVerifier().answer(line)
        #expect(!bytes.contains(0x0A), "one line out")
        return try JSONDecoder().decode(Answer.self, from: Data(bytes))
    }
    private func answer(_ line: String) throws -> Answer { try answer(Array(line.utf8)) }

    /// The cases of PKITests, whose rules are tested there: here the lines themselves are read.
    private func fixtures() throws -> [[String: Any]] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = try Data(contentsOf: tests.appendingPathComponent("PKITests/Fixtures/cases.json"))
        let object = try JSONSerialization.jsonObject(with: file) as? [String: Any]
        return try #require(object?["testcases"] as? [[String: Any]])
    }

    @Test("every case is answered with its verdict, code and path")
    func cases() throws {
        for one in try fixtures() {
            let answer = try answer([UInt8](JSONSerialization.data(withJSONObject: one)))
            let expected = one["expected"] as? String
            #expect(answer.id == one["id"] as? String)
            #expect((answer.verdict == "ACCEPT" ? "ACCEPT" : answer.code) == expected, "\(answer.id ?? "") \(answer.why)")
            #expect(answer.path.isEmpty == (answer.verdict == "REJECT"))
            #expect(answer.path.allSatisfy { $0.count == 64 })
        }
    }

    @Test(
        "a line that is no case is refused with a code",
        arguments: ["", "garbage", "[]", "7", "null", #"{"id":7}"#, #"{"id":"x","crls":5}"#, #"{"id":"x","inputs":[]}"#])
    func noCase(line: String) throws {
        let answer = try answer(line)
        #expect(answer.verdict == "REJECT")
        #expect(answer.code == "certificate_malformed")
        #expect(answer.id == (line.contains(#""x""#) ? "x" : nil))
    }

    @Test("nesting without end is refused without harm", arguments: ["[", "{\"a\":"])
    func nesting(piece: String) throws {
        #expect(try answer(String(repeating: piece, count: 100_000)).verdict == "REJECT")
    }

    @Test("bytes that are not UTF-8 are refused")
    func notText() throws { #expect(try answer([0xFF, 0xFE, 0x7B]).verdict == "REJECT") }

    @Test("a missing leaf, a strange time and unknown words have their codes")
    func fields() throws {
        #expect(try answer(#"{"id":"a"}"#).code == "certificate_missing")
        #expect(try answer(#"{"id":"a","peer_certificate":null}"#).code == "certificate_missing")
        #expect(try answer(#"{"id":"a","validation_time":"yesterday"}"#).code == "certificate_malformed")
    }
}

@Suite("Lines of a batch")
struct LineReaderTests {
    private func lines(_ chunks: [String], limit: Int = 8) throws -> [LineReader.Line] {
        var rest = chunks.map { Data($0.utf8) }
        var reader = LineReader(limit: limit) { _ in rest.isEmpty ? nil : rest.removeFirst() }
        var lines = [LineReader.Line]()
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test("lines come whole, whatever the pieces they are read in")
    func pieces() throws {
        let expected: [LineReader.Line] = ["ab", "", "c"].map { .complete(Array($0.utf8)) }
        #expect(try lines(["ab\n\nc\n"]) == expected)
        #expect(try lines(["a", "b\n", "\nc"]) == expected)
        #expect(try lines([]) == [])
    }

    @Test("a line that is too long is skipped to its end, and the next one is read")
    func tooLong() throws {
        #expect(try lines(["123456789\nab\n"]) == [.tooLong, .complete(Array("ab".utf8))])
        #expect(try lines(["12345", "67890", "12345", "\nab\n"]) == [.tooLong, .complete(Array("ab".utf8))])
        #expect(try lines(["1234567890"]) == [.tooLong])
    }
}

@Suite("RFC 3339 times")
struct TimestampTests {
    @Test("offsets count and fractions are cut")
    func parse() {
        let expected = Date(timeIntervalSince1970: 1_795_248_000)
        for text in ["2026-11-21T08:00:00Z", "2026-11-21T16:00:00+08:00", "2026-11-21t08:00:00.999z", "2026-11-21 08:00:00+00:00"] {
            #expect(Timestamp.parse(text) == expected, "\(text)")
        }
    }

    @Test(
        "what is no time is refused",
        arguments: ["", "2026-11-21", "2026-11-21T08:00:00", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-13-01T00:00:00Z", "x"])
    func refused(text: String) { #expect(Timestamp.parse(text) == nil) }
}
