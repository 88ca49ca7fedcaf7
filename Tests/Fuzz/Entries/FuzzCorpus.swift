import Foundation

/// The committed inputs of one entry, and alterations of them that are the same in every run: fuzzing in short, for the unit tests.
package struct FuzzCorpus: Sendable {
    package struct Input: Sendable {
        package let name: String
        package let bytes: [UInt8]
    }
    package let inputs: [Input]

    /// Tests/Fuzz/Corpus/`entry`.
    package init(_ entry: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Corpus/\(entry)")
        inputs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { Input(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
    }

    package func mutations(_ count: Int) -> [[UInt8]] {
        let sources = inputs.map(\.bytes).filter { !$0.isEmpty }
        guard !sources.isEmpty else { return [] }
        var chance = RepeatingChance(state: 20_261_126)
        return (0..<count).map { number in
            Self.mutated(sources[number % sources.count], with: sources[Int.random(in: 0..<sources.count, using: &chance)], &chance)
        }
    }

    /// One to four of: a bit, a byte, a length or tag that means much, a piece cut out, a piece doubled, a piece of another input.
    private static func mutated(_ original: [UInt8], with other: [UInt8], _ chance: inout RepeatingChance) -> [UInt8] {
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

/// A generator that repeats (SplitMix64).
private struct RepeatingChance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
