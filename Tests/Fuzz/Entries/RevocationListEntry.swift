import PKI

/// A CRL, as DER or as the PEM text around it, and its look-up.
enum RevocationListEntry {
    static func run(_ bytes: [UInt8]) throws {
        let list: CertificateList
        do throws(Refusal) {
            list = try CertificateList(bytes: bytes)
        } catch {
            return try require(error.code == .certificateMalformed, "a CRL refused with \(error)")
        }
        _ = (list.issuer.description, list.number, list.nextUpdate)
        let listed = list.revokedCertificates
        try require(listed.count <= list.count, "more serial numbers are told than the list has")
        // The entries of an indirect list may be other issuers' (certificateIssuer, 2.5.29.29): `entry(for:)` tells the list's own.
        let der = try list.der
        let isIndirect = der.indices.contains { der[$0...].starts(with: [0x55, 0x1D, 0x1D]) }
        for one in isIndirect ? [] : listed {
            try require(list.entry(for: one.serial) != nil, "serial \(one.serial.hex) is listed and not found")
        }
        let absent = [UInt8](repeating: 0x7F, count: 21)
        try require(
            listed.contains { $0.serial == absent } || list.entry(for: absent) == nil, "a serial number is found that is not listed")
        let again = try? CertificateList(bytes: list.der)
        try require(again?.count == list.count, "the same list is read in two ways")
    }
}
