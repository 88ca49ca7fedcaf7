import Foundation
import SwiftASN1

/// A PKCS#10 request (RFC 2986) whose own signature has been verified.
package struct CertificateRequest: Sendable {
    package let subject: DistinguishedName
    package let publicKeyInfo: [UInt8]
    /// PEM or DER. Throws `certificate_malformed`, `signature_invalid`, `algorithm_not_permitted` (weak keys).
    package init(bytes: [UInt8]) throws(Refusal) { fatalError("stub") }
}
