/// What tells a list's place among others of its issuer.
extension CertificateList {
    /// The part of its issuer's certificates that it speaks of: issuingDistributionPoint (RFC 5280 §5.2.5) as written, and whether it is
    /// a delta (§5.2.4). Lists of one scope share a numbering and replace each other. SHA-256.
    package var scope: [UInt8] {
        let point = extensions.first { $0.id == .issuingDistributionPoint }.map { Array($0.value) } ?? []
        return Digest.sha256([isDelta ? 1 : 0] + point)
    }

    package var isDelta: Bool { baseNumber != nil }
}
