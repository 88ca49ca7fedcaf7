import SwiftASN1

/// The value of an SM2 signature in a message: SEQUENCE { r INTEGER, s INTEGER } (GB/T 35276), or r ‖ s of 32 octets each, as keys and
/// cards give it (GM/T 0016).
///
/// The length alone decides, so that no value is read in two ways: 64 octets are r ‖ s. (A SEQUENCE of 64 octets would need r and s to
/// be six octets shorter than they are, one signature in 2⁴⁸.) Certificates and lists have the SEQUENCE alone and do not come here.
enum SM2Signature {
    private static let coordinate = 32

    /// The SEQUENCE, in DER. Throws `signature_invalid` for what is neither.
    static func sequence(_ value: [UInt8]) throws(Refusal) -> [UInt8] {
        if value.count == 2 * coordinate {
            return Encoding.sequence(
                Encoding.integer(magnitude: Array(value.prefix(coordinate))), Encoding.integer(magnitude: Array(value.suffix(coordinate))))
        }
        do throws(Malformed) {
            var parts = try DERSequence(try ASN1Node.parse(value[...], "SM2Signature"), .sequence, "SM2Signature")
            for number in [try parts.next().positive("r"), try parts.next().positive("s")] {
                guard (1...coordinate).contains(number.count) else { throw Malformed("SM2Signature: a number of \(number.count) octets") }
            }
            try parts.finish()
        } catch {
            throw Refusal(.signatureInvalid, "neither r ‖ s nor a SEQUENCE of them: \(error.reason)")
        }
        return value
    }
}
