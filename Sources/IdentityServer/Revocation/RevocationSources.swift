import Foundation

/// Where one CA's revocation is asked for: the trust list's `revocation_sources` (docs/trust-list.md). Nothing else is ever fetched, least
/// of all what a certificate's own extensions point to.
package struct RevocationSources: Codable, Sendable, Equatable {
    /// Full, delta, indirect and partitioned lists, each at its own address.
    package var lists: [SourceAddress]
    /// An OCSP responder, http or https.
    package var ocsp: SourceAddress?
    /// May the hosts have private or loopback addresses? Otherwise only public ones are talked to.
    package var allowsPrivate: Bool
    /// At most this long between two fetches of a list.
    package var refresh: Duration

    /// More lists of one CA than any known partitioning has.
    private static let maximumLists = 256
    /// Below it the source would be asked for what it cannot have.
    private static let shortestRefresh: Duration = .seconds(1)
    private static let defaultRefresh: Duration = .seconds(3600)

    package init(
        lists: [SourceAddress] = [], ocsp: SourceAddress? = nil, allowsPrivate: Bool = false, refresh: Duration = .seconds(3600)
    ) {
        self.lists = lists
        self.ocsp = ocsp
        self.allowsPrivate = allowsPrivate
        self.refresh = refresh
    }

    private enum CodingKeys: String, CodingKey {
        case lists, ocsp, refresh
        case allowsPrivate = "allow_private"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        lists = try container.decodeIfPresent([SourceAddress].self, forKey: .lists) ?? []
        ocsp = try container.decodeIfPresent(SourceAddress.self, forKey: .ocsp)
        allowsPrivate = try container.decodeIfPresent(Bool.self, forKey: .allowsPrivate) ?? false
        refresh = try container.decodeIfPresent(TimeSpan.self, forKey: .refresh)?.duration ?? Self.defaultRefresh
        if case .directory = ocsp?.place {
            throw DecodingError.dataCorruptedError(
                forKey: .ocsp, in: container, debugDescription: "a responder is asked over http or https")
        }
        guard lists.count <= Self.maximumLists else {
            throw DecodingError.dataCorruptedError(
                forKey: .lists, in: container, debugDescription: "more than \(Self.maximumLists) lists of one CA")
        }
        guard refresh >= Self.shortestRefresh else {
            throw DecodingError.dataCorruptedError(forKey: .refresh, in: container, debugDescription: "is shorter than a second")
        }
        guard !lists.isEmpty || ocsp != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "names neither lists nor ocsp"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lists, forKey: .lists)
        try container.encodeIfPresent(ocsp, forKey: .ocsp)
        try container.encode(allowsPrivate, forKey: .allowsPrivate)
        try container.encode(TimeSpan(refresh), forKey: .refresh)
    }
}
