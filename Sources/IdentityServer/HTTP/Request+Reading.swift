import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// Did the client ask for JSON rather than a page? By `Accept`: a JSON type that weighs at least as much as `text/html`. A client
    /// that posts JSON and accepts anything is answered in JSON as well.
    package var wantsJSON: Bool {
        let accepted = headers[values: .accept].flatMap(Self.weighted)
        let json = accepted.filter { $0.value.lowercased().hasPrefix("application/") && $0.value.lowercased().hasSuffix("json") }
        let html = accepted.filter { ["text/html", "application/xhtml+xml"].contains($0.value.lowercased()) }
        if let best = json.map(\.weight).max(), best > 0 { return best >= html.map(\.weight).max() ?? 0 }
        return html.isEmpty && mediaType == "application/json"
    }

    /// The body's media type in lower case, without parameters.
    package var mediaType: String? {
        headers[.contentType]?.split(separator: ";").first.map { $0.trimmingSpaces.lowercased() }
    }

    /// The value of a cookie (RFC 6265 §4.2.1); nil if absent or sent twice.
    package func cookie(_ name: String) -> String? {
        let values = headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair -> Substring? in
            let halves = pair.trimmingSpaces.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return halves.count == 2 && halves[0] == name ? halves[1] : nil
        }
        return values.count == 1 ? String(values[0]) : nil
    }

    /// A form body (`application/x-www-form-urlencoded`), at most `limit` bytes. A parameter sent twice throws `Problem` 400
    /// (RFC 6749 §3.1).
    package func form(limit: Int = 64 * 1024) async throws -> [String: String] {
        let bytes = try await collectBody(of: "application/x-www-form-urlencoded", limit: limit)
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw Problem(.badRequest, "request_malformed", "the form is not UTF-8")
        }
        return try FormEncoding.parse(text)
    }

    /// A JSON body, at most `limit` bytes; a `Problem` 400 says what is wrong, 413 when over, 415 for another type.
    package func json<Value: Decodable>(_ type: Value.Type, limit: Int = 64 * 1024) async throws -> Value {
        try Self.decode(type, from: try await collectBody(of: "application/json", limit: limit))
    }

    /// For requests that ask nothing: a JSON object, whatever it holds, or no body at all.
    func jsonOrNothing(limit: Int) async throws {
        guard mediaType != nil else { return }
        let bytes = try await collectBody(of: "application/json", limit: limit)
        guard bytes.readableBytes > 0 else { return }
        _ = try Self.decode(NothingAsked.self, from: bytes)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ByteBuffer) throws -> Value {
        do {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            return try decoder.decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Problem(.badRequest, "request_malformed", error.explanation)
        }
    }

    /// The query's parameters; a parameter sent twice throws.
    package func queryParameters() throws -> [String: String] { try FormEncoding.parse(uri.query ?? "") }

    private func collectBody(of type: String, limit: Int) async throws -> ByteBuffer {
        guard mediaType == type else {
            throw Problem(.unsupportedMediaType, "media_type_not_supported", "the body is not \(type)")
        }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Self.tooLarge(limit) }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        }
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "body_too_large", "the body is over \(limit) bytes")
    }
}

/// A JSON object, whatever it holds.
private struct NothingAsked: Decodable {
    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Member.self) }
    private enum Member: CodingKey {}
}
