import SwiftASN1

/// authorityInfoAccess (RFC 5280 §4.2.2.1), for display: what a certificate names is never fetched, only what the trust list allows.
extension Certificate {
    /// id-ad-ocsp.
    package var ocspURIs: [String] { accessURIs(ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1)) }
    /// id-ad-caIssuers.
    package var issuerURIs: [String] { accessURIs(ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 2)) }

    /// At most so many of each kind are told, and none that is longer.
    static let maximumAccessURIs = 8
    static let maximumURILength = 1024

    /// The URIs of one method, in order; other forms of location are left out.
    private func accessURIs(_ method: ObjectIdentifier) -> [String] {
        guard let value = extensions.first(.authorityInformationAccess)?.value else { return [] }
        do throws(Malformed) {
            var members = try DERSequence(try ASN1Node.parse(value, "authorityInfoAccess"), .sequence, "authorityInfoAccess")
            var uris = [String]()
            while !members.isAtEnd, uris.count < Self.maximumAccessURIs {
                var parts = try DERSequence(try members.next(), .sequence, "AccessDescription")
                let isWanted = try parts.next().objectIdentifier("accessMethod") == method
                let location = try parts.next()
                if isWanted, location.identifier == .context(6), case .uri(let uri) = try GeneralName(location),
                    uri.utf8.count <= Self.maximumURILength
                {
                    uris.append(uri)
                }
            }
            return uris
        } catch {
            return []
        }
    }
}
