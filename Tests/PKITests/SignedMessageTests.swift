import Testing

@testable import PKI

/// One message that is right, and each rule of RFC 5652 §5 and §11 broken alone.
@Suite("Signed messages, rule by rule")
struct SignedMessageTests {
    private func builder() throws -> MessageBuilder {
        let key = try KeyPair.generate(.p256)
        return try MessageBuilder(key: key, certificate: try TestAuthority(.p256).leaf(key))
    }

    private func verdict(_ builder: MessageBuilder) throws -> RefusalCode? {
        let message = try builder.build()
        return code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content) }
    }

    private func verdict(_ change: (inout MessageBuilder) throws -> Void) throws -> RefusalCode? {
        var builder = try builder()
        try change(&builder)
        return try verdict(builder)
    }

    @Test("the message that the others are made from is right, in each of its forms")
    func right() throws {
        #expect(try verdict { _ in } == nil)
        #expect(try verdict { $0.attached = MessageBuilder.content } == nil)
        #expect(try verdict { $0.attributes = nil } == nil)
        #expect(try verdict { $0.bySubjectKey = true } == nil)
        #expect(try verdict { $0.certificates += $0.certificates } == nil)
        #expect(try verdict { $0.attributes?.append(("1.2.840.113549.1.9.5", [])) } == nil)
    }

    @Test("attached content must be the content, byte for byte")
    func attachedContent() throws {
        #expect(try verdict { $0.attached = MessageBuilder.content + [0] } == .signatureInvalid)
        #expect(try verdict { $0.attached = [] } == .signatureInvalid)
    }

    @Test("the message digest must be the content's, present once and with one value")
    func messageDigest() throws {
        let right = Digest.sha256(MessageBuilder.content)
        #expect(try verdict { $0.attributes?[1] = MessageBuilder.digestAttribute(Digest.sha256([])) } == .signatureInvalid)
        #expect(try verdict { $0.attributes?[1] = MessageBuilder.digestAttribute(Array(right.prefix(16))) } == .signatureInvalid)
        #expect(try verdict { $0.attributes?.remove(at: 1) } == .certificateMalformed)
        #expect(try verdict { $0.attributes?[1] = MessageBuilder.digestAttribute(right, right) } == .certificateMalformed)
        #expect(try verdict { $0.attributes?[1] = MessageBuilder.digestAttribute() } == .certificateMalformed)
        #expect(try verdict { $0.attributes?.append(MessageBuilder.digestAttribute(right)) } == .certificateMalformed)
    }

    @Test("the content type must be the message's, present once and with one value")
    func contentType() throws {
        let data = try Encoding.objectIdentifier(MessageBuilder.data)
        let other = try Encoding.objectIdentifier("1.2.840.113549.1.9.16.1.4")
        #expect(try verdict { $0.attributes?[0] = MessageBuilder.contentTypeAttribute(other) } == .signatureInvalid)
        #expect(try verdict { $0.attributes?.remove(at: 0) } == .certificateMalformed)
        #expect(try verdict { $0.attributes?[0] = MessageBuilder.contentTypeAttribute(data, data) } == .certificateMalformed)
        #expect(try verdict { $0.contentType = "1.2.840.113549.1.9.16.1.4" } == .certificateMalformed)
        #expect(try verdict { $0.attributes = [] } == .certificateMalformed)
    }

    @Test("the signature is over the attributes as SET OF, not as they stand in the message")
    func attributesReencoded() throws {
        #expect(try verdict { $0.signsTaggedAttributes = true } == .signatureInvalid)
    }

    @Test("exactly one signer")
    func signers() throws {
        #expect(try verdict { $0.signers = 0 } == .certificateMalformed)
        #expect(try verdict { $0.signers = 2 } == .certificateMalformed)
    }

    @Test("the signer's certificate must be in the message, and its key must have signed")
    func signerCertificate() throws {
        let other = try builder()
        #expect(try verdict { $0.certificates = [] } == .certificateMalformed)
        #expect(try verdict { $0.certificates = other.certificates } == .certificateMalformed)
        #expect(
            try verdict {
                $0.bySubjectKey = true; $0.certificates = other.certificates
            } == .certificateMalformed)
        #expect(try verdict { $0.key = other.key } == .signatureInvalid)
        #expect(
            try verdict {
                $0.certificates = other.certificates; $0.signerCertificate = other.signerCertificate
            } == .signatureInvalid)
    }

    @Test("versions follow the signer's identifier (RFC 5652 §5.3)")
    func versions() throws {
        #expect(try verdict { $0.signerVersion = 3 } == .certificateMalformed)
        #expect(
            try verdict {
                $0.bySubjectKey = true; $0.signerVersion = 1
            } == .certificateMalformed)
    }

    @Test("digest and signature algorithms must agree, be listed, and be permitted")
    func algorithms() throws {
        let sha384 = "2.16.840.1.101.3.4.2.2"
        #expect(try verdict { $0.signatureAlgorithm = "1.2.840.10045.4.3.3" } == .algorithmNotPermitted)
        #expect(try verdict { $0.signatureAlgorithm = "1.2.840.113549.1.1.11" } == .signatureInvalid)
        #expect(
            try verdict {
                $0.digest = sha384; $0.listedDigests = [sha384]
            } == .algorithmNotPermitted)
        #expect(try verdict { $0.listedDigests = [sha384] } == .certificateMalformed)
        #expect(
            try verdict {
                $0.digest = "1.3.14.3.2.26"; $0.listedDigests = ["1.3.14.3.2.26"]
            } == .algorithmNotPermitted)
        #expect(
            try verdict {
                $0.digest = "1.2.156.10197.1.401"; $0.listedDigests = [$0.digest]; $0.signatureAlgorithm = "1.2.840.113549.1.1.1"
            } == .algorithmNotPermitted, "RSA with SM3")
    }

    @Test("an altered, empty or raw signature is refused")
    func signature() throws {
        #expect(try verdict { $0.alteredSignature = { $0.dropLast() + [$0.last.map { $0 ^ 1 } ?? 0] } } == .signatureInvalid)
        #expect(try verdict { $0.alteredSignature = { _ in [] } } == .signatureInvalid)
        #expect(try verdict { $0.alteredSignature = { $0 + [0] } } == .signatureInvalid)
        #expect(try verdict { $0.alteredSignature = { _ in [UInt8](repeating: 1, count: 64) } } == .signatureInvalid)
    }

    @Test("what is no single SignedData is malformed: another type, trailing bytes, too long, cut anywhere")
    func shape() throws {
        #expect(try verdict { $0.outerType = "1.2.840.113549.1.7.1" } == .certificateMalformed)
        let many = try (0..<16).map { number in try TestAuthority(.p256).leaf(TestAuthority.holderKey(.p256), name: "\(number)") }
        #expect(try verdict { $0.certificates += many } == .certificateMalformed)
        let message = try builder().build()
        func read(_ bytes: some Collection<UInt8>) -> RefusalCode? {
            code { _ = try SignedMessage.verify(cms: Array(bytes), content: MessageBuilder.content) }
        }
        #expect(read(message) == nil)
        #expect(read(message + [0]) == .certificateMalformed)
        #expect(read(message + [UInt8](repeating: 0, count: 65_536)) == .certificateMalformed)
        #expect(message.indices.allSatisfy { read(message.prefix($0)) == .certificateMalformed })
    }

    @Test("no altered byte lets other content through")
    func alteredBytes() throws {
        let message = try builder().build()
        let other = MessageBuilder.content + [1]
        for index in message.indices {
            var altered = message
            altered[index] ^= 0x01
            #expect(code { _ = try SignedMessage.verify(cms: altered, content: other) } != nil)
        }
    }
}
