import Foundation

/// Gets one document over https: the network is the caller's, so that this library links no HTTP client.
///
/// The caller's client checks the server's certificate, follows no redirect, gives up after some seconds and some 64 KiB, and throws
/// for every status but 200. What it throws ends in `keys_unavailable`.
public typealias DocumentFetch = @Sendable (URL) async throws -> FetchedDocument

public struct FetchedDocument: Sendable {
    public var body: [UInt8]
    /// The response's `Cache-Control` field, if it had one.
    public var cacheControl: String?

    public init(body: some Sequence<UInt8>, cacheControl: String? = nil) {
        self.body = Array(body)
        self.cacheControl = cacheControl
    }

    /// Seconds it stays fresh (RFC 9111 §5.2.2): `max-age`, 0 for `no-store` and `no-cache`, nil when nothing was said.
    var maxAge: Int64? {
        guard let cacheControl else { return nil }
        let directives = cacheControl.lowercased().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if directives.contains(where: { $0 == "no-store" || $0 == "no-cache" }) { return 0 }
        return directives.lazy.filter { $0.hasPrefix("max-age=") }.compactMap { Int64($0.dropFirst("max-age=".count)) }.first
    }
}
