import Directory
import Foundation

/// An address of the trust list that is fetched from: http, https, ldap or ldaps.
package struct SourceAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    enum Place: Sendable, Equatable {
        case web(host: String)
        case directory(AttributeURL)
    }
    package let description: String
    let place: Place

    package static func == (left: SourceAddress, right: SourceAddress) -> Bool { left.description == right.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// Nil for another scheme, without a host, with a user name, a password or a fragment, or not an LDAP URL of one attribute.
    package init?(_ text: String) {
        description = text
        if let url = AttributeURL(text) {
            place = .directory(url)
            return
        }
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let url = URLComponents(string: text),
            url.scheme == "http" || url.scheme == "https", let host = url.host, !host.isEmpty, url.user == nil, url.password == nil,
            url.fragment == nil
        else { return nil }
        place = .web(host: host)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = SourceAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "is neither an http or https address nor an LDAP URL of one attribute (ldap://host/dn?attribute)")
        }
        self = address
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// For bounds of how many are asked at once.
    var host: String {
        switch place {
        case .web(let host): host.lowercased()
        case .directory(let url): url.host.lowercased()
        }
    }
}
