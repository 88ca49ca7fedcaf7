import SwiftASN1

/// The subject key identifier of a public key: SHA-1 over the subjectPublicKey bits (RFC 5280 §4.2.1.2, method 1).
enum PublicKeyIdentifier {
    static func of(publicKeyInfo der: [UInt8]) throws -> [UInt8] {
        let bits = try DER.sequence(DER.parse(der), identifier: .sequence) { fields -> ASN1BitString in
            guard fields.next() != nil, let key = fields.next() else {
                throw ASN1Error.invalidASN1Object(reason: "SubjectPublicKeyInfo without a key")
            }
            return try ASN1BitString(derEncoded: key)
        }
        return Digest.sha1(bits.bytes)
    }
}
