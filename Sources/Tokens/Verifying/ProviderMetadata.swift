import Foundation

/// What the identity provider says of itself at `{issuer}/.well-known/openid-configuration` (OpenID Connect Discovery §3), as far as a
/// window needs it. Every address is https.
public struct ProviderMetadata: Sendable, Equatable {
    public let issuer: String
    public let authorizationEndpoint: URL
    public let tokenEndpoint: URL
    public let keySetURL: URL
    public let userinfoEndpoint: URL?
    public let endSessionEndpoint: URL?
    public let revocationEndpoint: URL?
    /// RFC 9207 §3: authorization responses carry `iss`; one without it is then to be refused.
    public let sendsIssuerInResponse: Bool

    /// Throws `discovery_malformed`, or `discovery_issuer_mismatch` when it speaks for another issuer than the one asked
    /// (OpenID Connect Discovery §4.3).
    public init(json: some Collection<UInt8>, issuer: String) throws(TokenError) {
        guard json.count <= KeySet.maximumBytes else { throw TokenError(.discoveryMalformed, "larger than \(KeySet.maximumBytes) bytes") }
        let document: Document
        do {
            document = try StrictJSON.decode(Document.self, from: Array(json))
        } catch {
            throw TokenError(.discoveryMalformed, error.detail)
        }
        guard document.issuer.utf8.elementsEqual(issuer.utf8) else {
            throw TokenError(.discoveryIssuerMismatch, "`issuer` is not \(issuer)")
        }
        self.issuer = issuer
        authorizationEndpoint = try Self.address(document.authorizationEndpoint)
        tokenEndpoint = try Self.address(document.tokenEndpoint)
        keySetURL = try Self.address(document.keySetURL)
        userinfoEndpoint = try Self.address(ifPresent: document.userinfoEndpoint)
        endSessionEndpoint = try Self.address(ifPresent: document.endSessionEndpoint)
        revocationEndpoint = try Self.address(ifPresent: document.revocationEndpoint)
        sendsIssuerInResponse = document.sendsIssuerInResponse ?? false
    }

    /// Where the document of this issuer is (OpenID Connect Discovery §4.1); throws `discovery_malformed` for an issuer that is not an
    /// https URL without query and fragment.
    public static func address(ofIssuer issuer: String) throws(TokenError) -> URL {
        _ = try address(issuer)
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        guard !issuer.contains("?"), !issuer.contains("#") else {
            throw TokenError(.discoveryMalformed, "the issuer has a query or fragment")
        }
        return try address(base + "/.well-known/openid-configuration")
    }

    private static func address(_ text: String) throws(TokenError) -> URL {
        guard let url = URL(string: text), url.scheme?.lowercased() == "https", url.host()?.isEmpty == false else {
            throw TokenError(.discoveryMalformed, "an address is not an https URL")
        }
        return url
    }

    private static func address(ifPresent text: String?) throws(TokenError) -> URL? {
        guard let text else { return nil }
        return try address(text)
    }

    private struct Document: Decodable {
        let issuer: String
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let keySetURL: String
        let userinfoEndpoint: String?
        let endSessionEndpoint: String?
        let revocationEndpoint: String?
        let sendsIssuerInResponse: Bool?

        private enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case keySetURL = "jwks_uri"
            case userinfoEndpoint = "userinfo_endpoint"
            case endSessionEndpoint = "end_session_endpoint"
            case revocationEndpoint = "revocation_endpoint"
            case sendsIssuerInResponse = "authorization_response_iss_parameter_supported"
        }
    }
}
