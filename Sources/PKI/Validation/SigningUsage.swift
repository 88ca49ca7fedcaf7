extension ValidationRequest {
    /// What a login asks of a certificate, by TLS and by challenge alike: that its holder signs with it.
    package static func login(purpose: Purpose = .client) -> ValidationRequest {
        var request = ValidationRequest(purpose: purpose)
        request.requiresSigning = true
        return request
    }
}

extension PathRules {
    /// RFC 5280 §4.2.1.3: keys that sign other than certificates have digitalSignature or nonRepudiation. The encryption certificate of a
    /// pair (GM/T 0034), whose key the CA keeps a copy of, has neither: it proves nobody's presence.
    func checkSigning(_ leaf: Certificate, _ request: ValidationRequest) throws(Refusal) {
        guard request.requiresSigning, let usage = leaf.keyUsage else { return }
        guard usage.isDisjoint(with: [.digitalSignature, .contentCommitment]) else { return }
        throw Refusal(
            .purposeNotPermitted, "keyUsage without digitalSignature or nonRepudiation: not a certificate to sign with",
            certificate: leaf.fingerprint)
    }
}
