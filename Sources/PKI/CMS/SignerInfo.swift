import SwiftASN1

/// Who signed and how (RFC 5652 §5.3).
///
///     SignerInfo ::= SEQUENCE {
///       version CMSVersion,
///       sid CHOICE { issuerAndSerialNumber SEQUENCE { issuer Name, serialNumber INTEGER }, subjectKeyIdentifier [0] OCTET STRING },
///       digestAlgorithm AlgorithmIdentifier,
///       signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL,
///       signatureAlgorithm AlgorithmIdentifier,
///       signature OCTET STRING,
///       unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
struct SignerInfo {
    enum Identifier {
        case issuerAndSerialNumber(issuer: DistinguishedName, serial: [UInt8])
        case subjectKeyIdentifier([UInt8])
    }
    let identifier: Identifier
    let digestAlgorithm: ObjectIdentifier
    let signedAttributes: SignedAttributes?
    let signatureAlgorithm: SignatureAlgorithm
    let signature: [UInt8]

    init(_ node: ASN1Node) throws(Malformed) {
        var fields = try DERSequence(node, .sequence, "SignerInfo")
        let version = try fields.next().count("version")
        if let key = fields.next(if: .context(0)) {
            guard version == 3 else { throw Malformed("SignerInfo: version \(version) with a subjectKeyIdentifier") }
            identifier = .subjectKeyIdentifier(Array(try key.primitive(.context(0), "subjectKeyIdentifier")))
        } else {
            guard version == 1 else { throw Malformed("SignerInfo: version \(version) with an issuerAndSerialNumber") }
            identifier = try Self.issuerAndSerialNumber(try fields.next())
        }
        digestAlgorithm = try DigestAlgorithm.identifier(try fields.next())
        signedAttributes = try fields.next(if: .context(0)).map { node throws(Malformed) in try SignedAttributes(node) }
        signatureAlgorithm = try SignatureAlgorithm(try fields.next())
        signature = Array(try fields.next().octets("signature"))
        _ = fields.next(if: .context(1))
        try fields.finish()
    }

    private static func issuerAndSerialNumber(_ node: ASN1Node) throws(Malformed) -> Identifier {
        var fields = try DERSequence(node, .sequence, "issuerAndSerialNumber")
        let issuer = try DistinguishedName(node: try fields.next())
        let serial = Array(try fields.next().integer("serialNumber"))
        try fields.finish()
        return .issuerAndSerialNumber(issuer: issuer, serial: serial)
    }

    /// Does the signer's identifier mean this certificate?
    func names(_ certificate: Certificate) -> Bool {
        switch identifier {
        case .issuerAndSerialNumber(let issuer, let serial): certificate.serial == serial && certificate.issuer == issuer
        case .subjectKeyIdentifier(let key): certificate.extensionValue("2.5.29.14") == Encoding.octetString(key)
        }
    }
}

/// signedAttrs (RFC 5652 §5.3, §11): the two that bind the content, and the bytes that were signed.
struct SignedAttributes {
    let contentType: ObjectIdentifier
    let messageDigest: [UInt8]
    /// DER of the attributes as SET OF: the signature is over these, not over the `[0]` of the message (§5.4).
    let signed: [UInt8]

    private static let contentType = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 3)
    private static let messageDigest = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 4)

    init(_ node: ASN1Node) throws(Malformed) {
        var values: [ObjectIdentifier: [ASN1Node]] = [:]
        for member in try SignedData.members(node, .context(0), "signedAttrs") {
            var fields = try DERSequence(member, .sequence, "Attribute")
            let type = try fields.next().objectIdentifier("attrType")
            let set = try SignedData.members(try fields.next(), .set, "attrValues")
            try fields.finish()
            guard values.updateValue(set, forKey: type) == nil else { throw Malformed("signedAttrs: \(type) stands twice (§11)") }
        }
        contentType = try Self.single(Self.contentType, in: values).objectIdentifier("contentType")
        messageDigest = Array(try Self.single(Self.messageDigest, in: values).octets("messageDigest"))
        signed = [0x31] + node.encodedBytes.dropFirst()
    }

    /// §11.1, §11.2: present, with exactly one value.
    private static func single(_ type: ObjectIdentifier, in values: [ObjectIdentifier: [ASN1Node]]) throws(Malformed) -> ASN1Node {
        guard let set = values[type] else { throw Malformed("signedAttrs: \(type) is missing (§5.3)") }
        guard set.count == 1 else { throw Malformed("signedAttrs: \(type) with \(set.count) values (§11)") }
        return set[0]
    }
}
