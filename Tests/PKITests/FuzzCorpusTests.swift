import Foundation
import FuzzEntries
import Testing

@testable import PKI

/// What the fuzzers learnt (Tests/Fuzz/Corpus), again in every test run, each input as it is and a few times altered.
@Suite("Fuzzing, in short")
struct FuzzCorpusTests {
    private static func corpus(_ entry: FuzzEntry) throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fuzz/Corpus/\(entry.rawValue)")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
    }

    @Test("no input of the corpus is answered wrongly", arguments: FuzzEntry.allCases)
    func replays(_ entry: FuzzEntry) throws {
        let corpus = try Self.corpus(entry)
        #expect(corpus.count >= 20)
        for (name, bytes) in corpus {
            #expect(throws: Never.self, "\(entry.rawValue)/\(name)") { try entry.run(bytes) }
        }
    }

    @Test("none of its mutations is, either: the same ones in every run", arguments: FuzzEntry.allCases)
    func mutates(_ entry: FuzzEntry) throws {
        let corpus = try Self.corpus(entry).map(\.bytes).filter { !$0.isEmpty }
        var chance = SeededGenerator(state: 20_261_126)
        for number in 0..<Self.mutations(entry) {
            let bytes = Self.mutated(corpus[number % corpus.count], with: corpus[Int.random(in: 0..<corpus.count, using: &chance)], &chance)
            #expect(throws: Never.self, "\(entry.rawValue): \(bytes.hex)") { try entry.run(bytes) }
        }
    }

    /// Some seconds of a debug build.
    private static func mutations(_ entry: FuzzEntry) -> Int { entry == .verdict ? 150 : 1500 }

    /// One to four of: a bit, a byte, a length or tag that means much, a piece cut out, a piece doubled, a piece of another input.
    private static func mutated(_ original: [UInt8], with other: [UInt8], _ chance: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &chance)
            let piece = start..<min(bytes.count, start + Int.random(in: 1...16, using: &chance))
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 1: bytes[start] = UInt8.random(in: 0...255, using: &chance)
            case 2: bytes[start] = [0x00, 0x7F, 0x80, 0x81, 0x84, 0xFF, 0x1F, 0x30].randomElement(using: &chance) ?? 0
            case 3: bytes.removeSubrange(piece)
            case 4: bytes.insert(contentsOf: bytes[piece], at: start)
            default: bytes.replaceSubrange(piece, with: other.dropFirst(start).prefix(16))
            }
        }
        return bytes
    }
}
