/// Why a token, key set or discovery document was not accepted.
///
/// `code` is stable and may be acted on; `detail` is for logs and developers, in English, and never contains the token itself.
public struct TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // The form of the token.
        case tokenTooLarge = "token_too_large"
        case tokenMalformed = "token_malformed"
        case duplicateMember = "duplicate_member"
        // The JOSE header.
        case algorithmNotPermitted = "algorithm_not_permitted"
        case criticalHeaderNotSupported = "critical_header_not_supported"
        case headerKeyNotPermitted = "header_key_not_permitted"
        case typeMismatch = "type_mismatch"
        case keyIDMissing = "key_id_missing"
        case keyUnknown = "key_unknown"
        case signatureInvalid = "signature_invalid"
        // The claims.
        case claimsMalformed = "claims_malformed"
        case issuerMismatch = "issuer_mismatch"
        case audienceMismatch = "audience_mismatch"
        case expired = "expired"
        case notYetValid = "not_yet_valid"
        case issuedInFuture = "issued_in_future"
        case grantEnded = "grant_ended"
        case nonceMismatch = "nonce_mismatch"
        case authenticationTooOld = "authentication_too_old"
        case accessTokenHashMismatch = "access_token_hash_mismatch"
        case loginMismatch = "login_mismatch"
        // Keys and where they come from.
        case keyMalformed = "key_malformed"
        case keySetMalformed = "key_set_malformed"
        case keysUnavailable = "keys_unavailable"
        case discoveryMalformed = "discovery_malformed"
        case discoveryIssuerMismatch = "discovery_issuer_mismatch"
    }

    public let code: Code
    public let detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The section that states the rule.
    public var source: String { code.source }

    public var description: String { "\(code.rawValue): \(detail) (\(source))" }
}

extension TokenError.Code {
    /// True when nothing is wrong with the token as far as known: the keys could not be had. Answer 503, not 401.
    public var isUnavailability: Bool {
        switch self {
        case .keysUnavailable, .keySetMalformed, .keyMalformed, .discoveryMalformed, .discoveryIssuerMismatch: true
        default: false
        }
    }

    /// The section that states the rule.
    public var source: String {
        switch self {
        case .tokenTooLarge: "RFC 8725 §2.8"
        case .tokenMalformed: "RFC 7515 §5.2"
        case .duplicateMember: "RFC 7515 §4, RFC 7519 §4"
        case .algorithmNotPermitted: "RFC 8725 §3.1"
        case .criticalHeaderNotSupported: "RFC 7515 §4.1.11"
        case .headerKeyNotPermitted: "RFC 8725 §3.10"
        case .typeMismatch: "RFC 8725 §3.11, RFC 9068 §4"
        case .keyIDMissing, .keyUnknown: "RFC 7515 §4.1.4"
        case .signatureInvalid: "RFC 7518 §3.4"
        case .claimsMalformed: "RFC 7519 §4, OpenID Connect Core §2, RFC 9068 §2.2"
        case .issuerMismatch: "RFC 8725 §3.8, OpenID Connect Core §3.1.3.7 (2)"
        case .audienceMismatch: "RFC 8725 §3.9, OpenID Connect Core §3.1.3.7 (3)"
        case .expired: "RFC 7519 §4.1.4"
        case .notYetValid: "RFC 7519 §4.1.5"
        case .issuedInFuture: "RFC 7519 §4.1.6"
        case .grantEnded: "hallpass claim `grant`"
        case .nonceMismatch: "OpenID Connect Core §3.1.3.7 (11)"
        case .authenticationTooOld: "OpenID Connect Core §3.1.3.7 (13)"
        case .accessTokenHashMismatch: "OpenID Connect Core §3.1.3.8"
        case .loginMismatch: "OpenID Connect Core §12.2"
        case .keyMalformed: "RFC 7517 §4, RFC 7518 §6.2"
        case .keySetMalformed: "RFC 7517 §5"
        case .keysUnavailable: "OpenID Connect Core §10.1.1"
        case .discoveryMalformed: "OpenID Connect Discovery §3"
        case .discoveryIssuerMismatch: "OpenID Connect Discovery §4.3"
        }
    }
}
