/// The stable codes of everything hallpass refuses. The raw value is what scripts, logs, pages and the audit carry.
///
/// Order matters: where several hold, `told(first:)` prefers the class named first in `docs/contract`: signature, malformed,
/// the leaf's own fault, path, revocation, identity, registration.
package enum RefusalCode: String, CaseIterable, Sendable, Codable {
    case certificateMissing = "certificate_missing"
    case certificateMalformed = "certificate_malformed"
    case certificateExpired = "certificate_expired"
    case certificateNotYetValid = "certificate_not_yet_valid"
    case certificateRevoked = "certificate_revoked"
    case certificateSuspended = "certificate_suspended"
    case purposeNotPermitted = "purpose_not_permitted"
    case algorithmNotPermitted = "algorithm_not_permitted"
    case signatureInvalid = "signature_invalid"
    case challengeExpired = "challenge_expired"
    case issuerUnknown = "issuer_unknown"
    case pathNotFound = "path_not_found"
    case caRevoked = "ca_revoked"
    case constraintViolated = "constraint_violated"
    case policyNotAcceptable = "policy_not_acceptable"
    case nameNotPermitted = "name_not_permitted"
    case extensionNotSupported = "extension_not_supported"
    case revocationUnavailable = "revocation_unavailable"
    case tooComplex = "too_complex"
    case identityMissing = "identity_missing"
    case identityMalformed = "identity_malformed"
    case identityNotPermitted = "identity_not_permitted"
    case notRegistered = "not_registered"
    case legalPersonSuspended = "legal_person_suspended"
    case windowNotPermitted = "window_not_permitted"
    case credentialsInvalid = "credentials_invalid"
    case throttled = "throttled"
}

/// Why something was refused: a stable code and one English sentence for operators' logs and `hallpass verify`.
///
/// What a person reads (title, detail, what to do next, in Chinese and English) is looked up by `code` in IdentityServer's locales.
/// `why` never holds a secret, a full identity number or a path of the machine.
package struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    package let code: RefusalCode
    package let why: String
    /// The certificate at fault, where one is.
    package let certificate: Fingerprint?

    package init(_ code: RefusalCode, _ why: String, certificate: Fingerprint? = nil) {
        self.code = code
        self.why = why
        self.certificate = certificate
    }

    package var description: String { "\(code.rawValue): \(why)" }
}
