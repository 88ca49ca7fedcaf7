import Testing

@testable import PKI

/// Messages of SM2 keys: what GB/T 35275 and RFC 5652 write, and each rule broken alone.
@Suite("SM2 messages")
struct SM2MessageTests {
    private enum Identifier {
        static let data = "1.2.156.10197.6.1.4.2.1"
        static let signedData = "1.2.156.10197.6.1.4.2.2"
        static let sm3 = "1.2.156.10197.1.401"
        static let signature = "1.2.156.10197.1.301.1"
        static let withSM3 = "1.2.156.10197.1.501"
    }

    /// As GB/T 35275 has it, without signed attributes.
    private func builder() throws -> MessageBuilder {
        let key = try TestAuthority.holderKey(.sm2)
        var builder = try MessageBuilder(key: key, certificate: try TestAuthority(.sm2).leaf(key))
        builder.outerType = Identifier.signedData
        builder.contentType = Identifier.data
        builder.digest = Identifier.sm3
        builder.listedDigests = [Identifier.sm3]
        builder.signatureAlgorithm = Identifier.signature
        builder.attributes = nil
        return builder
    }

    private func attributes(type: String, digest: [UInt8] = Digest.sm3(MessageBuilder.content)) throws -> [(
        type: String, values: [[UInt8]]
    )] {
        [MessageBuilder.contentTypeAttribute(try Encoding.objectIdentifier(type)), MessageBuilder.digestAttribute(digest)]
    }

    private func verdict(id: [UInt8] = AuthorityRules.defaultSignerID, _ change: (inout MessageBuilder) throws -> Void) throws
        -> RefusalCode?
    {
        var builder = try builder()
        try change(&builder)
        let message = try builder.build()
        return code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content, userSignerID: id) }
    }

    @Test("the message of GB/T 35275 is right, and so are its variants")
    func right() throws {
        #expect(try verdict { _ in } == nil)
        #expect(try verdict { $0.attached = MessageBuilder.content } == nil)
        #expect(try verdict { $0.attributes = try attributes(type: Identifier.data) } == nil)
        #expect(try verdict { $0.signatureAlgorithm = Identifier.withSM3 } == nil)
        for algorithm in [Identifier.withSM3, Identifier.signature] {
            #expect(
                try verdict {
                    $0.signatureAlgorithm = algorithm; $0.signatureParameters = Encoding.null
                } == nil)
        }
        #expect(try verdict { $0.alteredSignature = { (try? $0.rawSM2()) ?? [] } } == nil, "r ‖ s")
    }

    @Test("the content types of RFC 5652 are as good, with attributes that name the message's own")
    func contentTypes() throws {
        func rfc(_ builder: inout MessageBuilder) {
            builder.outerType = "1.2.840.113549.1.7.2"
            builder.contentType = MessageBuilder.data
        }
        #expect(try verdict { rfc(&$0) } == nil)
        #expect(
            try verdict {
                rfc(&$0); $0.attributes = try attributes(type: MessageBuilder.data)
            } == nil)
        #expect(
            try verdict {
                rfc(&$0); $0.attributes = try attributes(type: Identifier.data)
            } == .signatureInvalid)
        #expect(try verdict { $0.attributes = try attributes(type: MessageBuilder.data) } == .signatureInvalid)
        #expect(try verdict { $0.outerType = Identifier.data } == .certificateMalformed)
        #expect(try verdict { $0.outerType = "1.2.156.10197.6.1.4.2.3" } == .certificateMalformed, "enveloped")
        #expect(try verdict { $0.contentType = Identifier.signedData } == .certificateMalformed)
        #expect(try verdict { $0.contentType = "1.2.156.10197.6.1.4.2.5" } == .certificateMalformed)
    }

    @Test("only the id that was handed in counts")
    func signerID() throws {
        let other = Array("1234567812345679".utf8)
        #expect(try verdict { $0.signerID = other } == .signatureInvalid)
        #expect(try verdict { $0.signerID = [] } == .signatureInvalid)
        #expect(try verdict(id: other) { $0.signerID = other } == nil)
        #expect(try verdict(id: other) { _ in } == .signatureInvalid)
    }

    @Test("other content, another digest, or a signature over the bare digest is refused")
    func content() throws {
        #expect(try verdict { $0.attached = MessageBuilder.content + [0] } == .signatureInvalid)
        #expect(
            try verdict { $0.attributes = try attributes(type: Identifier.data, digest: Digest.sha256(MessageBuilder.content)) }
                == .signatureInvalid)
        #expect(
            try verdict {
                $0.attributes = try attributes(type: Identifier.data); $0.signsTaggedAttributes = true
            } == .signatureInvalid)
        let key = try TestAuthority.holderKey(.sm2)
        #expect(
            try verdict { $0.alteredSignature = { _ in (try? key.sign(MessageBuilder.content)) ?? [] } } == nil, "the test signs rightly")
        #expect(
            try verdict { $0.alteredSignature = { _ in (try? key.sign(Digest.sm3(MessageBuilder.content))) ?? [] } } == .signatureInvalid)
        let message = try builder().build()
        #expect(code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content + [1]) } == .signatureInvalid)
    }

    @Test("SM2 goes with SM3 alone, and with no key but its own")
    func algorithms() throws {
        let sha256 = MessageBuilder.sha256
        #expect(
            try verdict {
                $0.digest = sha256; $0.listedDigests = [sha256]
            } == .algorithmNotPermitted)
        #expect(try verdict { $0.signatureAlgorithm = "1.2.840.10045.4.3.2" } == .algorithmNotPermitted, "ECDSA with SHA-256 beside SM3")
        #expect(
            try verdict {
                $0.signatureAlgorithm = "1.2.840.10045.4.3.2"; $0.digest = sha256; $0.listedDigests = [sha256]
            } == .signatureInvalid,
            "ECDSA by an SM2 key")
        #expect(try verdict { $0.listedDigests = [sha256] } == .certificateMalformed)
        #expect(try verdict { $0.signatureAlgorithm = "1.2.156.10197.1.301.3" } == .algorithmNotPermitted, "encryption")
        #expect(try verdict { $0.signatureParameters = Encoding.integer(1) } == .algorithmNotPermitted)
        let p256 = try TestAuthority.holderKey(.p256)
        let certificate = try TestAuthority(.p256).leaf(p256)
        #expect(
            try verdict {
                $0.key = p256; $0.certificates = [certificate]; $0.signerCertificate = certificate
            } == .signatureInvalid)
    }

    @Test("a signature value is r ‖ s of 64 octets or a strict SEQUENCE")
    func values() throws {
        func altered(_ change: @escaping ([UInt8]) -> [UInt8]) throws -> RefusalCode? { try verdict { $0.alteredSignature = change } }
        func raw(_ signature: [UInt8]) -> [UInt8] { (try? signature.rawSM2()) ?? [] }
        for wrong: ([UInt8]) -> [UInt8] in [
            { raw($0) + [0] }, { raw($0).dropLast() }, { [4] + raw($0) }, { raw($0).suffix(32) + raw($0).prefix(32) },
            { _ in [UInt8](repeating: 0, count: 64) }, { _ in [UInt8](repeating: 0xFF, count: 64) }, { _ in [] },
        ] { #expect(try altered(wrong) == .signatureInvalid) }
        let one = Encoding.integer(1)
        for wrong: ([UInt8]) -> [UInt8] in [
            { $0 + [0] }, { [0x31] + $0.dropFirst() }, { Encoding.sequence(of: [$0]) }, { _ in Encoding.sequence(one) },
            { _ in Encoding.sequence(one, one, one) }, { _ in Encoding.sequence(one, [2, 1, 0xFF]) },
            { _ in Encoding.sequence(one, Encoding.integer(0)) },
            { _ in Encoding.sequence(one, Encoding.integer(magnitude: [UInt8](repeating: 0x7F, count: 33))) },
            { _ in Encoding.sequence(one, [2, 2, 0, 1]) },
            { [0x30, 0x81] + $0.dropFirst() },
        ] { #expect(try altered(wrong) == .signatureInvalid) }
    }

    @Test("no altered byte of a detached message lets other content through, and cut anywhere it is malformed")
    func alteredBytes() throws {
        let message = try builder().build()
        let other = MessageBuilder.content + [1]
        for index in message.indices {
            var altered = message
            altered[index] ^= 0x01
            #expect(code { _ = try SignedMessage.verify(cms: altered, content: other) } != nil)
            #expect(code { _ = try SignedMessage.verify(cms: Array(message.prefix(index)), content: other) } == .certificateMalformed)
        }
    }
}

/// RFC 8419.
@Suite("Ed25519 messages")
struct Ed25519MessageTests {
    private func verdict(_ change: (inout MessageBuilder) throws -> Void) throws -> RefusalCode? {
        let key = try TestAuthority.holderKey(.ed25519)
        var builder = try MessageBuilder(key: key, certificate: try TestAuthority(.ed25519).leaf(key))
        builder.digest = "2.16.840.1.101.3.4.2.3"
        builder.listedDigests = [builder.digest]
        builder.signatureAlgorithm = "1.3.101.112"
        builder.attributes?[1] = MessageBuilder.digestAttribute(Digest.sha512(MessageBuilder.content))
        try change(&builder)
        let message = try builder.build()
        return code { _ = try SignedMessage.verify(cms: message, content: MessageBuilder.content) }
    }

    @Test("with SHA-512, attached or detached, with or without attributes")
    func accepted() throws {
        #expect(try verdict { _ in } == nil)
        #expect(try verdict { $0.attached = MessageBuilder.content } == nil)
        #expect(try verdict { $0.attributes = nil } == nil)
    }

    @Test("with another digest, parameters, or an altered signature it is refused")
    func refused() throws {
        #expect(
            try verdict {
                $0.digest = MessageBuilder.sha256; $0.listedDigests = [$0.digest]
            } == .algorithmNotPermitted)
        #expect(try verdict { $0.signatureParameters = Encoding.null } == .algorithmNotPermitted)
        #expect(
            try verdict { $0.attributes?[1] = MessageBuilder.digestAttribute(Digest.sha256(MessageBuilder.content)) } == .signatureInvalid)
        #expect(try verdict { $0.alteredSignature = { $0.dropLast() + [$0.last.map { $0 ^ 1 } ?? 0] } } == .signatureInvalid)
        #expect(try verdict { $0.attached = [] } == .signatureInvalid)
    }
}
