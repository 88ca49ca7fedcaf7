import FuzzEntries
import PKI
import Testing

/// What the fuzzers learnt (Tests/Fuzz/Corpus), again in every test run, each input as it is and a few times altered.
@Suite("Fuzzing, in short")
struct FuzzCorpusTests {
    @Test("no input of the corpus is answered wrongly", arguments: FuzzEntry.allCases)
    func replays(_ entry: FuzzEntry) throws {
        let corpus = try FuzzCorpus(entry.rawValue)
        #expect(corpus.inputs.count >= 20)
        for input in corpus.inputs {
            #expect(throws: Never.self, "\(entry.rawValue)/\(input.name)") { try entry.run(input.bytes) }
        }
    }

    @Test("none of its mutations is, either: the same ones in every run", arguments: FuzzEntry.allCases)
    func mutates(_ entry: FuzzEntry) throws {
        // Some seconds of a debug build.
        for bytes in try FuzzCorpus(entry.rawValue).mutations(entry == .verdict ? 150 : 1500) {
            #expect(throws: Never.self, "\(entry.rawValue): \(bytes.hex)") { try entry.run(bytes) }
        }
    }
}
