import Foundation

/// What a verified OCSP response says of one certificate.
package enum OCSPStatus: Sendable, Equatable {
    /// Not revoked; the answer holds until then.
    case good(until: Date)
    case revoked(since: Date, reason: Int?)
    /// It says nothing that counts, and why. `unknown` is among these: only `good` lets in.
    case unavailable(String)
}

/// What is asked of a response besides its signature.
package struct OCSPRules: Sendable {
    /// How far a responder's clock may be ahead of ours.
    package var clockSkew: TimeInterval = 300
    /// How old an answer may be that does not repeat the request's nonce.
    package var maximumAge: TimeInterval = 86_400
    /// How old an answer may be that does not say when the next one comes: newer information is to be had all the time (RFC 6960
    /// §4.2.2.1). What rests on it, a session for one, holds no longer either.
    package var maximumAgeWithoutEnd: TimeInterval = 3600
    package init() {}
}

extension OCSPResponse {
    /// RFC 6960 §3.2 for `certificate`, which `issuer` issued. The response must be signed by the issuer's key, or by a responder to whom
    /// it delegated this (§4.2.2.2).
    ///
    /// - `rules`: those of the issuer in the trust list, for its signer id.
    /// - `nonce`: the request's, if it had one.
    /// - `responderFault`: why a delegated responder's certificate is not known to be good (its CRL says so, or nothing does); nil when it
    ///   is. Not asked for one that is exempt by id-pkix-ocsp-nocheck.
    package func status(
        of certificate: Certificate, issuer: Certificate, rules: AuthorityRules, nonce: [UInt8]?, at now: Date, limits: OCSPRules = .init(),
        floor: AlgorithmFloor = .standard,
        responderFault: (Certificate) -> String? = { _ in "nothing tells whether the OCSP responder's certificate is revoked" }
    ) -> OCSPStatus {
        guard certificate.issuer == issuer.subject else { return .unavailable("the certificate is of another issuer") }
        if let unknownExtension { return .unavailable("the OCSP response has the critical extension \(unknownExtension)") }
        let authority = Authority(AuthorityKey(subjectOf: issuer), publicKeyInfo: issuer.publicKeyInfo, rules: rules, floor: floor)
        let fault =
            OCSPSigner(response: self, issuer: issuer, authority: authority, floor: floor, now: now).fault(responderFault)
            ?? nonceFault(nonce, at: now, limits)
        if let fault { return .unavailable(fault) }
        let own = answers.filter { $0.id.names(certificate, issuer) }
        guard own.count == 1, let answer = own.first else {
            return .unavailable("the OCSP response answers \(own.count) times for this certificate, not once")
        }
        return answer.status(at: now, lacksNonce: nonce != nil && self.nonce == nil, limits)
    }

    /// When what it says of this certificate ends; nil when it says nothing of it.
    func end(of certificate: Certificate, issuer: Certificate, limits: OCSPRules = .init()) -> Date? {
        answers.first { $0.id.names(certificate, issuer) }.map { $0.nextUpdate ?? $0.thisUpdate + limits.maximumAgeWithoutEnd }
    }

    /// §4.4.1, RFC 8954 §2.1: another nonce than ours is somebody else's answer. A responder may leave it out (it signs ahead of time).
    private func nonceFault(_ asked: [UInt8]?, at now: Date, _ limits: OCSPRules) -> String? {
        if producedAt > now + limits.clockSkew { return "the OCSP response is of \(producedAt.rfc3339), in the future" }
        guard let asked, let nonce else { return nil }
        return constantTimeEquals(asked, nonce) ? nil : "the OCSP response repeats another nonce (RFC 8954)"
    }
}

extension OCSPCertID {
    /// Is it the certificate's, by the issuer's name, its key and the serial number (§3.2 (1))?
    func names(_ certificate: Certificate, _ issuer: Certificate) -> Bool {
        guard let digest, serial == certificate.serial else { return false }
        do throws(Malformed) {
            return try self == OCSPCertID(of: certificate, issuerKey: issuer.publicKeyInfo, by: digest)
        } catch {
            return false
        }
    }
}

extension OCSPResponse.Answer {
    /// §3.2 (5), (6) and §4.2.2.1. `lacksNonce`: nothing shows that the answer was made for our request.
    fileprivate func status(at now: Date, lacksNonce: Bool, _ limits: OCSPRules) -> OCSPStatus {
        if let unknownExtension { return .unavailable("the OCSP answer has the critical extension \(unknownExtension)") }
        if thisUpdate > now + limits.clockSkew { return .unavailable("the OCSP answer is of \(thisUpdate.rfc3339), in the future") }
        let isOld = thisUpdate + limits.maximumAge < now
        let until = nextUpdate ?? thisUpdate + limits.maximumAgeWithoutEnd
        guard until >= max(now, thisUpdate) else { return .unavailable("the OCSP answer expired at \(until.rfc3339)") }
        switch status {
        case .unknown: return .unavailable("the OCSP responder does not know the certificate")
        // Revoked counts with or without the nonce, as long as the answer has not expired.
        case .revoked(let since, let reason): return .revoked(since: since, reason: reason)
        case .good where lacksNonce && isOld:
            return .unavailable("the OCSP answer is of \(thisUpdate.rfc3339) and does not repeat the nonce")
        case .good: return .good(until: until)
        }
    }
}
