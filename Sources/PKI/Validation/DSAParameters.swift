import SwiftASN1

/// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER } (RFC 3279 §2.3.2). Only old certificates have such keys.
struct DSAParameters: Sendable, Hashable {
    let p: ArraySlice<UInt8>
    let q: ArraySlice<UInt8>
    let g: ArraySlice<UInt8>

    init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "Dss-Parms")
        p = try parts.next().positive("p")
        q = try parts.next().positive("q")
        g = try parts.next().positive("g")
        try parts.finish()
    }

    /// FIPS 186-4 §4.2 has 1024, 2048 and 3072 bits with a q of 160, 224 or 256.
    var weakness: String? {
        guard [128, 256, 384].contains(p.count), [20, 28, 32].contains(q.count), !g.isEmpty, g.count <= p.count else {
            return "a DSA key of \(p.count * 8) bits"
        }
        return nil
    }
}
