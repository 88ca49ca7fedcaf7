import FuzzEntries
import FuzzTrustList
import Testing

/// What the fuzzer of the trust list learnt (Tests/Fuzz/Corpus), again in every test run, each input as it is and a few times altered.
@Suite("Fuzzing of the trust list, in short")
struct TrustListFuzzTests {
    @Test("neither an input of the corpus nor one of its mutations is answered otherwise than with what is wrong, and where")
    func replaysAndMutates() throws {
        defer { TrustListEntry.cleanUp() }
        let corpus = try FuzzCorpus(TrustListEntry.name)
        #expect(corpus.inputs.count >= 20)
        for input in corpus.inputs {
            #expect(throws: Never.self, "\(input.name)") { try TrustListEntry.run(input.bytes) }
        }
        for bytes in corpus.mutations(500) {
            #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self).debugDescription)") { try TrustListEntry.run(bytes) }
        }
    }
}
