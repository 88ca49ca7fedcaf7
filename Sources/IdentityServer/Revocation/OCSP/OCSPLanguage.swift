import Foundation
import PKI

/// RFC 6960, as PKI reads and verifies it. A delegated responder's own certificate is judged by the trust graph in force.
struct OCSPLanguage: ResponderLanguage {
    let trust: TrustStore
    /// An answer without nextUpdate ends soon, here and in PKI alike: what is `good` for so long is asked again after it.
    private static let limits = {
        var limits = OCSPRules()
        limits.maximumAgeWithoutEnd = ResponderAnswer.withoutEnd
        return limits
    }()

    func question(about leaf: Certificate, issuer: Certificate, nonce: [UInt8]) throws(Refusal) -> [UInt8] {
        try OCSPRequest(about: leaf, issuer: issuer, nonce: nonce).der
    }

    func answer(
        _ response: [UInt8], about leaf: Certificate, issuer: Certificate, rules: AuthorityRules, nonce: [UInt8]?, now: Date
    ) throws(Refusal) -> ResponderAnswer {
        let parsed = try OCSPResponse(der: response)
        let judged = parsed.status(
            of: leaf, issuer: issuer, rules: rules, nonce: nonce, at: now, limits: Self.limits, floor: trust.graph.floor,
            responderFault: { fault(of: $0, now) })
        switch judged {
        case .good(let until):
            return ResponderAnswer(status: .good, thisUpdate: parsed.producedAt, nextUpdate: until, response: response)
        case .revoked(let since, let reason):
            // Without an end: asked again soon, and never taken for more than the last word.
            return ResponderAnswer(
                status: .revoked(since: since, reason: reason), thisUpdate: parsed.producedAt, nextUpdate: nil, response: response)
        case .unavailable(let why): throw Refusal(.revocationUnavailable, why, certificate: leaf.fingerprint)
        }
    }

    /// Of a responder that is not exempt by id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    private func fault(of responder: Certificate, _ now: Date) -> String? {
        do throws(Refusal) {
            _ = try trust.validate(responder, purpose: .any, at: now)
            return nil
        } catch {
            return "the OCSP responder's certificate: \(error.why)"
        }
    }
}
