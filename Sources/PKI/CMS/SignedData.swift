import SwiftASN1

/// SignedData (RFC 5652 §5.1, GB/T 35275 §8) as far as one signature over given content needs it. Nothing has been verified.
///
///     SignedData ::= SEQUENCE {
///       version CMSVersion,
///       digestAlgorithms SET OF AlgorithmIdentifier,
///       encapContentInfo SEQUENCE { eContentType OBJECT IDENTIFIER, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
///       certificates [0] IMPLICIT CertificateSet OPTIONAL,
///       crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///       signerInfos SET OF SignerInfo }
struct SignedData {
    let digestAlgorithms: [ObjectIdentifier]
    /// As it stands in the message: the signed attribute repeats it.
    let contentType: ObjectIdentifier
    /// Nil when detached.
    let content: [UInt8]?
    /// Without repetitions; attribute certificates and other formats are passed over.
    let certificates: [Certificate]
    let signer: SignerInfo

    /// Challenges are short: what is longer than this carries something else.
    static let maximumLength = 64 * 1024
    /// A path of CAs and their cross-certificates, generously.
    static let maximumCertificates = 16

    /// ContentInfo (§3), exactly one DER value.
    init(der: [UInt8]) throws(Malformed) {
        guard der.count <= Self.maximumLength else { throw Malformed("more than \(Self.maximumLength) bytes") }
        guard Array(der.prefix(2)) != [0x30, 0x80] else {
            throw Malformed("BER with indefinite length; send DER (openssl cms: -outform DER without -stream)")
        }
        var info = try DERSequence(try ASN1Node.parse(der[...], "ContentInfo"), .sequence, "ContentInfo")
        guard MessageContentType(try info.next().objectIdentifier("contentType")) == .signedData else { throw Malformed("not SignedData") }
        var wrapper = try DERSequence(try info.next(), .context(0), "content")
        let body = try wrapper.next()
        try wrapper.finish()
        try info.finish()
        try self.init(body)
    }

    private init(_ node: ASN1Node) throws(Malformed) {
        var fields = try DERSequence(node, .sequence, "SignedData")
        guard (1...5).contains(try fields.next().count("version")) else { throw Malformed("SignedData: unknown version") }
        digestAlgorithms = try Self.members(try fields.next(), .set, "digestAlgorithms").map { node throws(Malformed) in
            try DigestAlgorithm.identifier(node)
        }
        (contentType, content) = try Self.content(try fields.next())
        certificates = try Self.certificates(fields.next(if: .context(0)))
        _ = fields.next(if: .context(1))
        let signers = try Self.members(try fields.next(), .set, "signerInfos")
        try fields.finish()
        guard signers.count == 1 else { throw Malformed("\(signers.count) signers, not exactly one") }
        signer = try SignerInfo(signers[0])
    }

    private static func content(_ node: ASN1Node) throws(Malformed) -> (ObjectIdentifier, [UInt8]?) {
        var fields = try DERSequence(node, .sequence, "encapContentInfo")
        let type = try fields.next().objectIdentifier("eContentType")
        guard let wrapped = fields.next(if: .context(0)) else {
            try fields.finish()
            return (type, nil)
        }
        try fields.finish()
        var wrapper = try DERSequence(wrapped, .context(0), "eContent")
        let octets = try wrapper.next().octets("eContent")
        try wrapper.finish()
        return (type, Array(octets))
    }

    private static func certificates(_ node: ASN1Node?) throws(Malformed) -> [Certificate] {
        guard let node else { return [] }
        let members = try members(node, .context(0), "certificates").filter { $0.identifier == .sequence }
        guard members.count <= maximumCertificates else { throw Malformed("more than \(maximumCertificates) certificates") }
        var certificates = [Certificate]()
        for member in members {
            let certificate: Certificate
            do throws(Refusal) { certificate = try Certificate(der: Array(member.encodedBytes)) } catch { throw Malformed(error.why) }
            if !certificates.contains(certificate) { certificates.append(certificate) }
        }
        return certificates
    }

    static func members(_ node: ASN1Node, _ identifier: ASN1Identifier, _ what: StaticString) throws(Malformed) -> [ASN1Node] {
        var sequence = try DERSequence(node, identifier, what)
        var members = [ASN1Node]()
        while !sequence.isAtEnd { members.append(try sequence.next()) }
        return members
    }
}
