extension TrustList {
    /// Every CA certificate of the list, the roots of recognitions among them.
    package var certificates: [Certificate] { anchors + recognitions.map(\.root) + authorities }

    /// The CA of this list that signed the CRL: of those with the issuer's name, the one whose key verifies it. Throws
    /// `revocation_unavailable` when none is known, else why the signature does not count.
    package func signer(of list: CertificateList) throws(Refusal) -> AuthorityKey {
        var refusal = Refusal(.revocationUnavailable, "a CRL of a CA that is not known: \(list.issuer)")
        var tried: Set<AuthorityKey> = []
        for certificate in certificates where certificate.subject == list.issuer {
            let key = AuthorityKey(subjectOf: certificate)
            guard tried.insert(key).inserted else { continue }
            let authority = Authority(key, publicKeyInfo: certificate.publicKeyInfo, rules: rules[key] ?? AuthorityRules(), floor: floor)
            guard let fault = list.signatureFault(by: authority) else { return key }
            refusal = Refusal(fault.code, "the CRL of \(list.issuer): \(fault.why)")
        }
        throw refusal
    }
}

extension Certificate {
    /// Why `issuer`'s key, under its rules, did not sign this certificate; nil when it did. Nothing else of either is judged.
    package func signatureFault(by issuer: Certificate, rules: AuthorityRules, floor: AlgorithmFloor = .standard) -> Refusal? {
        let key = AuthorityKey(subjectOf: issuer)
        guard self.issuer == issuer.subject else { return Refusal(.issuerUnknown, "issued by another name") }
        return Authority(key, publicKeyInfo: issuer.publicKeyInfo, rules: rules, floor: floor).verify(signature)
    }
}
