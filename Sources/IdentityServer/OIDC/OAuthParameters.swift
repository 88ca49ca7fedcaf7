import Foundation
import Hummingbird
import NIOCore

/// The parameters of an OAuth request, from a query or a form body (RFC 6749 Appendix B).
///
/// A parameter without a value counts as absent, an unknown one is ignored, and none may come twice (RFC 6749 §3.1, §3.2).
struct OAuthParameters: Sendable {
    static let maximumBytes = 16 * 1024
    static let maximumCount = 64

    private var values: [String: String] = [:]
    /// Names that came more than once; the first value is kept so that an error can still find its redirect URI.
    private(set) var repeated: Set<String> = []

    init(encoded: some StringProtocol) throws(OAuthError) {
        guard encoded.utf8.count <= Self.maximumBytes else {
            throw OAuthError(.invalidRequest, "The parameters are longer than \(Self.maximumBytes) bytes.", status: .contentTooLarge)
        }
        let pairs = encoded.split(separator: "&")
        guard pairs.count <= Self.maximumCount else { throw OAuthError(.invalidRequest, "More than \(Self.maximumCount) parameters.") }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = try? FormEncoding.decode(parts[0]), let value = try? FormEncoding.decode(parts.count > 1 ? parts[1] : "")
            else {
                throw OAuthError(.invalidRequest, "A parameter is not percent-encoded UTF-8.")
            }
            if values.updateValue(values[name] ?? value, forKey: name) != nil { repeated.insert(name) }
        }
    }

    subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    func required(_ name: String) throws(OAuthError) -> String {
        guard let value = self[name] else { throw OAuthError(.invalidRequest, "\(name) is missing.") }
        return value
    }

    func refuseRepeated() throws(OAuthError) {
        if let name = repeated.sorted().first {
            let printable = name.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || $0 == "_" } && name.utf8.count <= 40
            throw OAuthError(.invalidRequest, "\(printable ? name : "A parameter") was sent more than once.")
        }
    }
}

extension Request {
    /// The form body of a client's POST; anything else is `invalid_request` (RFC 6749 §3.2: parameters in the body only, once each).
    func oauthForm() async throws -> OAuthParameters {
        guard mediaType == "application/x-www-form-urlencoded" else {
            throw OAuthError(.invalidRequest, "The body must be application/x-www-form-urlencoded.")
        }
        guard uri.query == nil else { throw OAuthError(.invalidRequest, "Parameters belong in the body, not in the address.") }
        let parameters = try await oauthBody()
        try parameters.refuseRepeated()
        return parameters
    }

    /// The body's parameters, with repetitions still in them.
    func oauthBody() async throws -> OAuthParameters {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: OAuthParameters.maximumBytes)
        } catch is NIOTooManyBytesError {
            throw OAuthError(.invalidRequest, "The body is longer than \(OAuthParameters.maximumBytes) bytes.", status: .contentTooLarge)
        }
        guard let text = String(validating: buffer.readableBytesView, as: UTF8.self) else {
            throw OAuthError(.invalidRequest, "The body is not UTF-8.")
        }
        return try OAuthParameters(encoded: text)
    }
}
