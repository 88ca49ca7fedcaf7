import SwiftASN1

/// issuingDistributionPoint of a CRL (RFC 5280 §5.2.5): which certificates and reasons the list is about.
///
///     SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL, onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE,
///       onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE, onlySomeReasons [3] ReasonFlags OPTIONAL,
///       indirectCRL [4] BOOLEAN DEFAULT FALSE, onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
struct IssuingDistributionPoint: Sendable {
    let name: DistributionPointName?
    let onlyUserCertificates: Bool
    let onlyAuthorities: Bool
    let onlyAttributeCertificates: Bool
    /// Nil: all.
    let onlyReasons: RevocationReasons?
    let isIndirect: Bool

    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(value, "issuingDistributionPoint"), .sequence, "issuingDistributionPoint")
        name = try parts.next(if: .context(0)).map { node throws(Malformed) in try DistributionPointName(node) }
        onlyUserCertificates = try Self.flag(1, of: &parts)
        onlyAuthorities = try Self.flag(2, of: &parts)
        onlyReasons = try parts.next(if: .context(3)).map { node throws(Malformed) in try RevocationReasons(node, as: .context(3)) }
        isIndirect = try Self.flag(4, of: &parts)
        onlyAttributeCertificates = try Self.flag(5, of: &parts)
        try parts.finish()
        let scopes = [onlyUserCertificates, onlyAuthorities, onlyAttributeCertificates]
        guard scopes.count(where: \.self) <= 1 else { throw Malformed("issuingDistributionPoint: more than one scope (§5.2.5)") }
    }

    private static func flag(_ tag: UInt, of parts: inout DERSequence) throws(Malformed) -> Bool {
        guard let node = parts.next(if: .context(tag)) else { return false }
        guard try node.boolean("issuingDistributionPoint", as: .context(tag)) else {
            throw Malformed("issuingDistributionPoint: a DEFAULT is written out")
        }
        return true
    }
}
