import Testing

@testable import PKI

@Suite("Primitives")
struct PrimitivesTests {
    @Test("digests are the standard's (FIPS 180-4 example \"abc\")")
    func digests() {
        let abc = Array("abc".utf8)
        #expect(Digest.sha256(abc).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.sha1(abc).hex == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Digest.sha384(abc).hex.hasPrefix("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"))
        #expect(Digest.sha512(abc).hex.hasPrefix("ddaf35a193617abacc417349ae204131"))
        #expect(Digest.sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("a digest does not depend on how the bytes are stored")
    func storage() {
        let bytes = Array("xabcx".utf8)
        #expect(Digest.sha256(bytes[1..<4]) == Digest.sha256(Array("abc".utf8)))
        #expect(Digest.sha256(bytes.lazy.filter { $0 != 0x78 }) == Digest.sha256(Array("abc".utf8)))
    }

    @Test("HMAC-SHA-256 is RFC 4231's (test cases 2 and 6)")
    func hmac() {
        #expect(
            Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Digest.hmacSHA256(
                key: [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
            ).hex == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(Digest.hmacSHA256(key: [], []).hex == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("random bytes are as many as asked for and not repeated")
    func random() {
        #expect(SecureRandom.system(0).isEmpty)
        #expect(SecureRandom.system(32).count == 32)
        #expect(SecureRandom.system(32) != SecureRandom.system(32))
    }

    @Test("what is sealed opens with the same key and context")
    func sealing() throws {
        let key = try SealingKey(bytes: SecureRandom.system(32))
        for secret in [[], [7], Array("secret".utf8), SecureRandom.system(4096)] {
            #expect(try key.open(key.seal(secret, authenticating: [1, 2]), authenticating: [1, 2]) == secret)
            #expect(try key.open(key.seal(secret, authenticating: []), authenticating: []) == secret)
        }
    }

    @Test("sealing twice gives two different values")
    func nonces() throws {
        let key = try SealingKey(bytes: [UInt8](repeating: 1, count: 32))
        #expect(try key.seal([1], authenticating: []) != key.seal([1], authenticating: []))
    }

    @Test("another key, another context, any altered byte and a short value do not open")
    func notOpened() throws {
        let key = try SealingKey(bytes: [UInt8](repeating: 1, count: 32))
        let other = try SealingKey(bytes: [UInt8](repeating: 2, count: 32))
        let sealed = try key.seal(Array("secret".utf8), authenticating: [9])
        #expect(throws: SealingKey.Failure.notSealedHere) { try other.open(sealed, authenticating: [9]) }
        #expect(throws: SealingKey.Failure.notSealedHere) { try key.open(sealed, authenticating: [8]) }
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: SealingKey.Failure.notSealedHere) { try key.open(altered, authenticating: [9]) }
        }
        #expect(throws: SealingKey.Failure.notSealedHere) { try key.open(Array(sealed.prefix(27)), authenticating: [9]) }
        #expect(throws: SealingKey.Failure.keyLength) { try SealingKey(bytes: [1, 2, 3]) }
    }

    @Test("comparison tells equal from different values and lengths")
    func comparison() {
        #expect(constantTimeEquals([1, 2], [1, 2]))
        #expect(constantTimeEquals([], []))
        #expect(!constantTimeEquals([1, 2], [1, 3]))
        #expect(!constantTimeEquals([1, 2], [1, 2, 3]))
    }
}
