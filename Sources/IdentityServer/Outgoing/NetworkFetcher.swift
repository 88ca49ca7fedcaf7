import AsyncHTTPClient
import Directory
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// The real network. Hosts are resolved here and the address that was checked is the one connected to, so a name that changes its
/// address between the two (DNS rebinding) gains nothing.
package struct NetworkFetcher: Fetching {
    private let resolve: HostResolver
    /// Trusted beside the system's.
    private let authorities: [NIOSSLCertificate]
    /// Of a host's addresses that many are tried.
    private static let maximumTries = 3

    /// One set of threads for the process.
    private static let directories = AttributeReader()

    /// `resolve`: nil for the system's. `authorities`: TLS roots beside the system's.
    package init(resolve: HostResolver? = nil, authorities: [NIOSSLCertificate] = []) {
        self.resolve = resolve ?? SystemResolver.resolve
        self.authorities = authorities
    }

    package func fetch(_ request: FetchRequest) async throws(FetchFailure) -> Fetched {
        try await TimeLimit.run(request.time) { () async throws(FetchFailure) in
            switch request.address.place {
            case .web(let host): try await fetch(request, host: host)
            case .directory(let url): try await fetch(request, url: url)
            }
        }
    }

    private func fetch(_ request: FetchRequest, url: AttributeURL) async throws(FetchFailure) -> Fetched {
        _ = try await addresses(of: url.host, request)
        do throws(DirectoryError) {
            let allowsPrivate = request.allowsPrivate
            let bytes = try await Self.directories.read(url, limit: request.limit, timeout: request.time) { octets in
                allowsPrivate || NetworkAddress(octets: octets).isPublic
            }
            return .bytes(bytes, .init())
        } catch {
            switch error {
            case .unavailable(let why), .incomplete(let why): throw FetchFailure("\(url.host): \(why)")
            case .credentialsInvalid: throw FetchFailure("\(url.host): the directory asks for a password")
            }
        }
    }

    private func fetch(_ request: FetchRequest, host: String) async throws(FetchFailure) -> Fetched {
        var last = FetchFailure("\(host) has no address")
        for address in try await addresses(of: host, request).prefix(Self.maximumTries) {
            do {
                return try await HTTPFetch(request: request, host: host, address: address, authorities: authorities).run()
            } catch let error as FetchFailure {
                throw error
            } catch {
                last = FetchFailure("\(host) at \(address): \(error)")
            }
        }
        throw last
    }

    /// Those that may be talked to. A host with none of them is refused.
    private func addresses(of host: String, _ request: FetchRequest) async throws(FetchFailure) -> [NetworkAddress] {
        let all: [NetworkAddress]
        do {
            all = try await resolve(Self.bare(host)).map(NetworkAddress.init(octets:))
        } catch {
            throw FetchFailure("\(host) does not resolve: \(error)")
        }
        let permitted = request.allowsPrivate ? all : all.filter(\.isPublic)
        guard !permitted.isEmpty else {
            throw FetchFailure(
                all.isEmpty ? "\(host) has no address" : "\(host) has no public address, and others are not allowed")
        }
        return permitted
    }

    private static func bare(_ host: String) -> String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }
}

/// One HTTP exchange with one address: no redirect, no proxy, no decompression, no second use of the connection.
private struct HTTPFetch {
    let request: FetchRequest
    let host: String
    let address: NetworkAddress
    let authorities: [NIOSSLCertificate]

    func run() async throws -> Fetched {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let fetched = try await ask(client)
            try await client.shutdown()
            return fetched
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private var configuration: HTTPClient.Configuration {
        let time = TimeAmount.nanoseconds(Int64(request.time / .nanoseconds(1)))
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: time, read: time), decompression: .disabled)
        configuration.dnsOverride = [host: address.description]
        configuration.httpVersion = .http1Only
        if !authorities.isEmpty {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(authorities)]
            configuration.tlsConfiguration = tls
        }
        configuration.maximumUsesPerConnection = 1
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func ask(_ client: HTTPClient) async throws -> Fetched {
        let response = try await client.execute(question, deadline: .distantFuture)
        let etag = response.headers.first(name: "ETag"), modified = response.headers.first(name: "Last-Modified")
        switch response.status {
        case let status where request.accepted.contains(status.code): break
        case .notModified where !request.validators.isEmpty: return .unchanged
        case let other: throw FetchFailure("\(host) answered \(other.code)")
        }
        if let length = response.headers.first(name: "Content-Length").flatMap(Int.init), length > request.limit {
            throw FetchFailure("\(host) announces \(length) bytes, more than \(request.limit)")
        }
        var bytes = [UInt8]()
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= request.limit else {
                throw FetchFailure("\(host) sends more than \(request.limit) bytes")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return .bytes(bytes, .init(etag: etag.flatMap(Self.kept), lastModified: modified.flatMap(Self.kept)))
    }

    private var question: HTTPClientRequest {
        var question = HTTPClientRequest(url: request.address.description)
        question.headers.add(name: "User-Agent", value: "hallpass")
        if let body = request.body {
            question.method = .POST
            question.headers.add(name: "Content-Type", value: body.type)
            question.body = .bytes(body.bytes)
        }
        if let etag = request.validators.etag { question.headers.add(name: "If-None-Match", value: etag) }
        if let modified = request.validators.lastModified { question.headers.add(name: "If-Modified-Since", value: modified) }
        return question
    }

    /// A validator that is sent back; longer ones are not worth keeping.
    private static func kept(_ value: String) -> String? { value.utf8.count <= 512 ? value : nil }
}
