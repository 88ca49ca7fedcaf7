import PKI

/// A certificate and everything that is read of one: by path validation, by identity profiles, by people.
enum CertificateEntry {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let certificate: Certificate
        do throws(Refusal) {
            certificate = try Certificate(der: bytes)
        } catch {
            return try require(error.code == .certificateMalformed, "a certificate refused with \(error)")
        }
        try require(certificate.der == bytes, "other bytes are kept than were read")
        let again = try? Certificate.list(pem: certificate.pem)
        try require(again == [certificate], "the certificate does not come back out of its PEM")
        try read(certificate.subject)
        try read(certificate.issuer)
        try readExtensions(of: certificate)
        // Its key may be of any kind: whether it can verify is asked as for a CA of the trust list.
        _ = TrustGraph(TrustList(anchors: [certificate]), at: certificate.notBefore).refusedAuthorities.map(\.description)
    }

    private static func read(_ name: DistinguishedName) throws(Finding) {
        let again = try? DistinguishedName(der: name.der)
        try require(again == name, "a name is not equal to itself")
        try require(
            !name.description.unicodeScalars.contains { $0.value < 0x20 }, "a control character in \(name.description.debugDescription)")
        for attribute in name.attributes { _ = name.values(attribute.type).count + attribute.rdn }
    }

    private static func readExtensions(of certificate: Certificate) throws(Finding) {
        _ = certificate.policies
        _ = certificate.keyUsage?.names
        try require(!certificate.isAuthority || certificate.extensionValue("2.5.29.19") != nil, "a CA without basicConstraints")
        for oid in ["2.5.29.17", "2.5.29.14", "1.2.156.10260.4.1.1", "1.2.156.10260.4.1.4"] {
            guard let value = certificate.extensionValue(oid) else { continue }
            for encoding in [TextEncoding.auto, .derString, .utf8, .utf16le] {
                let text = ExtensionText.decode(value, as: encoding) ?? ""
                try require(!text.unicodeScalars.contains { $0.value < 0x20 }, "a control character in the text of extension \(oid)")
            }
            _ = ExtensionText.otherNames("1.2.3", in: value)
        }
    }
}
