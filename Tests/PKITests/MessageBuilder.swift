@testable import PKI

/// Builds SignedData piece by piece, so that each rule can be broken alone.
struct MessageBuilder {
    static let data = "1.2.840.113549.1.7.1"
    static let sha256 = "2.16.840.1.101.3.4.2.1"
    static let content = Array("1 challenge to be signed".utf8)

    var key: KeyPair
    var certificates: [Certificate]
    var signerCertificate: Certificate
    var bySubjectKey = false
    var signerVersion: Int?
    var contentType = data
    var attached: [UInt8]?
    var outerType = "1.2.840.113549.1.7.2"
    var listedDigests = [sha256]
    var digest = sha256
    var signatureAlgorithm = "1.2.840.10045.4.3.2"
    /// NULL, say.
    var signatureParameters: [UInt8] = []
    /// The id of an SM2 signature.
    var signerID = AuthorityRules.defaultSignerID
    /// Attribute type and its values; nil for no signedAttrs.
    var attributes: [(type: String, values: [[UInt8]])]?
    var signsTaggedAttributes = false
    var signers = 1
    var alteredSignature: (([UInt8]) -> [UInt8])?

    init(key: KeyPair, certificate: Certificate) throws {
        self.key = key
        certificates = [certificate]
        signerCertificate = certificate
        attributes = [
            Self.contentTypeAttribute(try Encoding.objectIdentifier(Self.data)), Self.digestAttribute(Digest.sha256(Self.content)),
        ]
    }

    static func contentTypeAttribute(_ values: [UInt8]...) -> (type: String, values: [[UInt8]]) { ("1.2.840.113549.1.9.3", values) }
    static func digestAttribute(_ digests: [UInt8]...) -> (type: String, values: [[UInt8]]) {
        ("1.2.840.113549.1.9.4", digests.map { Encoding.octetString($0) })
    }

    func build() throws -> [UInt8] {
        let algorithms = try listedDigests.map { Encoding.sequence(try Encoding.objectIdentifier($0)) }
        let encapsulated = Encoding.sequence(
            try Encoding.objectIdentifier(contentType), attached.map { Encoding.tagged(0, Encoding.octetString($0)) } ?? [])
        let signer = try signerInfo()
        let signedData = Encoding.sequence(
            Encoding.integer(1), Encoding.set(of: algorithms), encapsulated,
            Encoding.tagged(0, of: certificates.map(\.der)),
            Encoding.set(of: Array(repeating: signer, count: signers)))
        return Encoding.sequence(try Encoding.objectIdentifier(outerType), Encoding.tagged(0, signedData))
    }

    private func signerInfo() throws -> [UInt8] {
        let identifier =
            bySubjectKey
            ? Encoding.tagged(0, contents: (signerCertificate.extensionValue("2.5.29.14") ?? []).dropFirst(2))
            : Encoding.sequence(signerCertificate.issuer.der, Encoding.integer(magnitude: signerCertificate.serial))
        let encodedAttributes = try attributes?.map { attribute in
            Encoding.sequence(try Encoding.objectIdentifier(attribute.type), Encoding.set(of: attribute.values))
        }
        let signed = encodedAttributes.map { signsTaggedAttributes ? Encoding.tagged(0, of: $0) : Encoding.set(of: $0) } ?? Self.content
        let signature = try key.sign(signed, signerID: signerID)
        return Encoding.sequence(
            Encoding.integer(signerVersion ?? (bySubjectKey ? 3 : 1)), identifier, Encoding.sequence(try Encoding.objectIdentifier(digest)),
            encodedAttributes.map { Encoding.tagged(0, of: $0) } ?? [],
            Encoding.sequence(try Encoding.objectIdentifier(signatureAlgorithm), signatureParameters),
            Encoding.octetString(alteredSignature?(signature) ?? signature))
    }
}
