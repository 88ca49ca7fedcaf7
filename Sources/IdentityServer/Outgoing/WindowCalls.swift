import NIOSSL
import Registry

/// Calls to addresses that windows registered (jwks_uri, logout URIs and the like): https, or plain http on loopback where the
/// configuration allows it for windows; public hosts unless private ones are allowed; no redirects; bounded in size and time.
package struct WindowCalls: Sendable {
    private let fetcher: any Fetching
    private let allowsPrivate: Bool
    private let allowsLoopbackHTTP: Bool

    package init(fetcher: any Fetching, allowsPrivate: Bool = false, allowsLoopbackHTTP: Bool = false) {
        self.fetcher = fetcher
        self.allowsPrivate = allowsPrivate
        self.allowsLoopbackHTTP = allowsLoopbackHTTP
    }

    init(_ configuration: ServerConfiguration) throws {
        let authorities = try configuration.windowAuthoritiesPath.map { try NIOSSLCertificate.fromPEMFile($0) } ?? []
        self.init(
            fetcher: NetworkFetcher(authorities: authorities), allowsPrivate: configuration.allowsPrivateWindows,
            allowsLoopbackHTTP: configuration.registry.allowsLoopbackHTTP)
    }

    /// The body of a 200.
    package func get(_ address: String, limit: Int = 64 * 1024, time: Duration = .seconds(5)) async throws(FetchFailure) -> [UInt8] {
        try await call(address, body: nil, accepted: [200], limit: limit, time: time)
    }

    /// A form by POST; answered by 200 or 204, whatever the body says.
    package func post(_ address: String, form: [(name: String, value: String)], time: Duration = .seconds(5)) async throws(FetchFailure) {
        let text = form.map { "\(FormEncoding.encode($0.name))=\(FormEncoding.encode($0.value))" }.joined(separator: "&")
        _ = try await call(
            address, body: (Array(text.utf8), "application/x-www-form-urlencoded"), accepted: [200, 204], limit: 64 * 1024, time: time)
    }

    private func call(
        _ text: String, body: (bytes: [UInt8], type: String)?, accepted: Set<UInt>, limit: Int, time: Duration
    ) async throws(FetchFailure) -> [UInt8] {
        guard let address = SourceAddress(text), case .web(let host) = address.place else { throw FetchFailure("not an https address") }
        let isLoopback = ["127.0.0.1", "[::1]", "::1", "localhost"].contains(host)
        guard text.hasPrefix("https://") || (isLoopback && allowsLoopbackHTTP) else {
            throw FetchFailure("\(host): plain http is not allowed")
        }
        var request = FetchRequest(address: address, allowsPrivate: allowsPrivate, body: body, limit: limit, time: time)
        request.accepted = accepted
        guard case .bytes(let bytes, _) = try await fetcher.fetch(request) else { throw FetchFailure("\(host) answered 304") }
        return bytes
    }
}
