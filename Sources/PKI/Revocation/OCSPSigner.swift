import Foundation

/// Finds who signed a response and whether they may (RFC 6960 §3.2 (2) to (4), §4.2.2.2).
struct OCSPSigner {
    let response: OCSPResponse
    let issuer: Certificate
    /// The issuer's key.
    let authority: Authority
    let floor: AlgorithmFloor
    let now: Date

    /// Nil when the signature counts. `responderFault`: why a delegated responder's certificate is not known to be good.
    func fault(_ responderFault: (Certificate) -> String?) -> String? {
        var why = "the OCSP response names a responder that is neither the CA nor in the response"
        if isResponder(issuer.subject, issuer.publicKeyInfo) {
            guard let refusal = authority.verify(response.signature) else { return nil }
            why = "the OCSP response: \(refusal.why)"
        }
        for candidate in response.certificates where isResponder(candidate.subject, candidate.publicKeyInfo) {
            guard let fault = delegationFault(candidate, responderFault) ?? signatureFault(candidate) else { return nil }
            why = fault
        }
        return why
    }

    /// ResponderID (§4.2.2.3).
    private func isResponder(_ subject: DistinguishedName, _ publicKeyInfo: [UInt8]) -> Bool {
        switch response.responder {
        case .name(let name): return name == subject
        case .key(let hash):
            do throws(Malformed) { return try Digest.sha1(OCSPCertID.keyBits(publicKeyInfo)) == hash } catch { return false }
        }
    }

    /// Why this certificate does not make its holder a responder: issued directly by the CA's key, for this purpose, valid, not revoked.
    private func delegationFault(_ responder: Certificate, _ responderFault: (Certificate) -> String?) -> String? {
        guard responder.issuer == issuer.subject else { return "the OCSP responder's certificate is of another CA (§4.2.2.2)" }
        if let refusal = authority.verify(responder.signature) { return "the OCSP responder's certificate: \(refusal.why)" }
        guard now >= responder.notBefore, now <= responder.notAfter else { return "the OCSP responder's certificate is not valid now" }
        guard responder.extensions.keyPurposes?.contains(.ocspSigning) == true else {
            return "the OCSP responder's certificate is without id-kp-OCSPSigning (§4.2.2.2)"
        }
        // RFC 5280 §4.2.1.12: digitalSignature and/or nonRepudiation go with this purpose.
        if let usage = responder.keyUsage, usage.isDisjoint(with: [.digitalSignature, .contentCommitment]) {
            return "the OCSP responder's certificate is not for signing (keyUsage)"
        }
        for one in responder.extensions.all where one.isCritical && !Self.understood.contains(one.id) {
            return "the OCSP responder's certificate has the critical extension \(one.id)"
        }
        return isExempt(responder) ? nil : responderFault(responder)
    }

    private static let understood: Set<ObjectIdentifier> = [
        .basicConstraints, .keyUsage, .extendedKeyUsage, .subjectAlternativeName, .certificatePolicies, .ocspNoCheck,
    ]

    /// id-pkix-ocsp-nocheck, whose value is NULL (§4.2.2.2.1): the CA answers for the responder as long as its certificate is valid.
    private func isExempt(_ responder: Certificate) -> Bool {
        responder.extensions.first(.ocspNoCheck).map { Array($0.value) == Encoding.null } ?? false
    }

    private func signatureFault(_ responder: Certificate) -> String? {
        Authority(AuthorityKey(subjectOf: responder), publicKeyInfo: responder.publicKeyInfo, rules: authority.rules, floor: floor)
            .verify(response.signature).map { "the OCSP response: \($0.why)" }
    }
}
