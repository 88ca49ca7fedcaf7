import Foundation
import PKI

/// An OCSP response and what it says of a certificate that it was never asked about: nothing that counts, as no input has the right signature.
enum ResponseEntry {
    static func run(_ bytes: [UInt8]) throws {
        let response: OCSPResponse
        do throws(Refusal) {
            response = try OCSPResponse(der: bytes)
        } catch {
            return try require(
                [.certificateMalformed, .revocationUnavailable].contains(error.code), "an OCSP response refused with \(error)")
        }
        let (issuer, certificate) = try FuzzMesh.shared.get().plain.get()
        let status = response.status(
            of: certificate, issuer: issuer, rules: AuthorityRules(), nonce: [1, 2, 3], at: FuzzMesh.now, responderFault: { _ in nil })
        guard case .unavailable = status else { throw Finding("a response that nobody signed says \(status)") }
    }
}
