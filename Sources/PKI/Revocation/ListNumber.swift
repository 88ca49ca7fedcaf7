import SwiftASN1

/// CRLNumber and BaseCRLNumber (RFC 5280 §5.2.3, §5.2.4): a non-negative INTEGER of at most 20 octets.
package struct ListNumber: Sendable, Hashable, Comparable {
    /// Big-endian, without leading zeros; empty for 0.
    package let magnitude: [UInt8]

    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        let content = try ASN1Node.parse(value, "CRLNumber").integer("CRLNumber")
        guard let first = content.first, first < 0x80 else { throw Malformed("CRLNumber: negative") }
        magnitude = Array(content.drop { $0 == 0 })
        guard magnitude.count <= 20 else { throw Malformed("CRLNumber of \(magnitude.count) octets (RFC 5280 §5.2.3)") }
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.magnitude.count != right.magnitude.count
            ? left.magnitude.count < right.magnitude.count : left.magnitude.lexicographicallyPrecedes(right.magnitude)
    }
}
