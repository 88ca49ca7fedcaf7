import Foundation

/// A JWK Set (RFC 7517 §5) of ES256 verification keys, looked up by `kid`. A plain value: verifying with it needs no network.
public struct KeySet: Sendable {
    static let maximumBytes = 65_536
    static let maximumKeys = 64

    private let keysByID: [String: VerificationKey]
    /// In the order given.
    public let keys: [VerificationKey]

    /// Of keys held here, for publishing and for verifying one's own tokens. Of two with one `kid` the first counts.
    public init(_ keys: [VerificationKey]) {
        keysByID = Dictionary(keys.map { ($0.kid, $0) }, uniquingKeysWith: { first, _ in first })
        self.keys = keys
    }

    /// Reads a JWK Set document. Keys of other kinds and without `kid` are passed over.
    ///
    /// Throws `key_set_malformed` for a document that is too large, not a JWK Set, gives one `kid` to two keys, or has none to verify with;
    /// `key_malformed` for a P-256 signature key that is not a point of the curve or is published with its private part.
    public init(json: some Collection<UInt8>) throws(TokenError) {
        guard json.count <= Self.maximumBytes else { throw TokenError(.keySetMalformed, "larger than \(Self.maximumBytes) bytes") }
        let document: Document
        do {
            document = try StrictJSON.decode(Document.self, from: Array(json))
        } catch {
            throw TokenError(.keySetMalformed, error.detail)
        }
        guard document.keys.count <= Self.maximumKeys else { throw TokenError(.keySetMalformed, "more than \(Self.maximumKeys) keys") }
        var keys: [VerificationKey] = []
        for entry in document.keys {
            if let key = try entry.key?.verificationKey() { keys.append(key) }
        }
        guard !keys.isEmpty else { throw TokenError(.keySetMalformed, "no key that verifies ES256") }
        guard Set(keys.map(\.kid)).count == keys.count else { throw TokenError(.keySetMalformed, "one `kid` for two keys") }
        self.init(keys)
    }

    public subscript(kid: String) -> VerificationKey? { keysByID[kid] }

    /// The document to publish at `jwks_uri`.
    public var json: String { #"{"keys":[\#(keys.map(\.jwk).joined(separator: ","))]}"# }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// A member of the set, or nil where it cannot be read at all.
    private struct Entry: Decodable {
        let key: JSONWebKey?
        init(from decoder: any Decoder) throws { key = try? JSONWebKey(from: decoder) }
    }
}
