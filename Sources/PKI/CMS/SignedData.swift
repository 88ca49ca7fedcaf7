import Foundation

/// Verifying a challenge's signature: CMS SignedData (RFC 5652 §5), attached or detached, exactly one SignerInfo. (owner: pki-issue)
package enum SignedMessage {
    /// Who signed, as the message itself says: the signature over exactly `content` is verified, the certificate is NOT yet validated.
    package struct Signer: Sendable {
        package let certificate: Certificate
        /// The other certificates in the message, for path building.
        package let intermediates: [Certificate]
    }
    /// Throws `certificate_malformed` (not SignedData, not exactly one signer, no signer certificate, trailing bytes, over 64 KiB),
    /// `signature_invalid`, `algorithm_not_permitted`.
    package static func verify(cms der: [UInt8], content: [UInt8]) throws(Refusal) -> Signer { fatalError("stub") }
}
