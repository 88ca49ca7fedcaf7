import Foundation

/// What a CRL is to say (RFC 5280 §5.1.2); the issuer, its key and the signature algorithm come from the CA that signs.
package struct RevocationListTemplate: Sendable {
    package struct Entry: Sendable {
        /// Non-negative, big-endian.
        package var serial: [UInt8]
        package var date: Date
        /// CRLReason (§5.3.1); 0: left out.
        package var reason: Int
        /// DER Name for certificateIssuer (§5.3.3): of this entry and those that follow it. For indirect CRLs.
        package var certificateIssuer: [UInt8]?
        package var extensions: [CertificateExtension] = []

        package init(serial: [UInt8], date: Date, reason: Int = 0, certificateIssuer: [UInt8]? = nil) {
            self.serial = serial
            self.date = date
            self.reason = reason
            self.certificateIssuer = certificateIssuer
        }
    }

    package var entries: [Entry]
    package var number: Int
    /// Not nil: a delta CRL that changes the complete list of this number (§5.2.4).
    package var baseNumber: Int?
    package var thisUpdate: Date
    package var nextUpdate: Date?
    /// Besides authorityKeyIdentifier, cRLNumber and the delta CRL indicator.
    package var extensions: [CertificateExtension] = []

    package init(entries: [Entry], number: Int, thisUpdate: Date, nextUpdate: Date?) {
        self.entries = entries
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    /// TBSCertList.
    func encoded(algorithm: [UInt8], issuer: [UInt8], keyIdentifier: [UInt8]) throws -> [UInt8] {
        let all = try listExtensions(keyIdentifier)
        guard Set(all.map(\.oid)).count == all.count else { throw IssuingFailure.extensionTwice }
        let revoked = try entries.map { try $0.encoded() }
        return Encoding.sequence(
            Encoding.integer(1), algorithm, issuer, Encoding.time(thisUpdate), nextUpdate.map { Encoding.time($0) } ?? [],
            // revokedCertificates is absent, never empty (RFC 5280 §5.1.2.6).
            revoked.isEmpty ? [] : Encoding.sequence(of: revoked),
            Encoding.tagged(0, Encoding.sequence(of: try all.map { try $0.encoded() })))
    }

    private func listExtensions(_ keyIdentifier: [UInt8]) throws -> [CertificateExtension] {
        let delta = baseNumber.map { [CertificateExtension(oid: "2.5.29.27", critical: true, value: Encoding.integer($0))] } ?? []
        return [.authorityKeyIdentifier(keyIdentifier), CertificateExtension(oid: "2.5.29.20", value: Encoding.integer(number))] + delta
            + extensions
    }
}

extension RevocationListTemplate.Entry {
    /// The reason is left out when it is unspecified (RFC 5280 §5.3.1).
    fileprivate func encoded() throws -> [UInt8] {
        var all = extensions
        if let code = UInt8(exactly: reason), code > 0 {
            all.append(CertificateExtension(oid: "2.5.29.21", value: Encoding.enumerated(code)))
        }
        if let certificateIssuer {
            let names = Encoding.sequence(Encoding.tagged(4, certificateIssuer))
            all.append(CertificateExtension(oid: "2.5.29.29", critical: true, value: names))
        }
        let encodedExtensions = all.isEmpty ? [] : Encoding.sequence(of: try all.map { try $0.encoded() })
        return Encoding.sequence(Encoding.integer(magnitude: serial), Encoding.time(date), encodedExtensions)
    }
}

extension IssuingAuthority {
    /// A CRL of any kind: complete, delta, partitioned, indirect.
    package func issueRevocationList(_ template: RevocationListTemplate) throws -> CertificateList {
        let identifier = try keyIdentifier
        let der = try key.signedStructure { algorithm in
            try template.encoded(algorithm: algorithm, issuer: certificate.subject.der, keyIdentifier: identifier)
        }
        return try CertificateList(bytes: der)
    }
}

/// What an issuingDistributionPoint says (RFC 5280 §5.2.5), to be written.
package struct IssuingPointTemplate: Sendable {
    /// fullName, one URI each; empty: no distributionPoint.
    package var uris: [String] = []
    package var onlyUserCertificates = false
    package var onlyAuthorities = false
    /// Bits of ReasonFlags (§4.2.1.13): 1 keyCompromise to 8 aACompromise; nil: all.
    package var onlyReasons: [Int]?
    package var isIndirect = false
    package var onlyAttributeCertificates = false
    package init() {}

    /// Critical, as §5.2.5 asks.
    package var encoded: CertificateExtension {
        let names = uris.map { Encoding.tagged(6, contents: $0.utf8) }
        func flag(_ number: UInt, _ isSet: Bool) -> [UInt8] { isSet ? Encoding.tagged(number, contents: [0xFF]) : [] }
        // Under an implicit tag the BIT STRING's own two octets, tag and length, fall away.
        let reasons = onlyReasons.map { Encoding.tagged(3, contents: Encoding.namedBits($0).dropFirst(2)) } ?? []
        let value = Encoding.sequence(
            names.isEmpty ? [] : Encoding.tagged(0, Encoding.tagged(0, of: names)), flag(1, onlyUserCertificates), flag(2, onlyAuthorities),
            reasons, flag(4, isIndirect), flag(5, onlyAttributeCertificates))
        return CertificateExtension(oid: "2.5.29.28", critical: true, value: value)
    }
}
