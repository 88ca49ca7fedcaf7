/// A CA of the graph: a name and a key, whichever certificates say so.
struct Authority: Sendable {
    let key: AuthorityKey
    let rules: AuthorityRules
    /// The key ready to verify, or why it cannot.
    let verificationKey: Result<VerificationKey, Refusal>
    /// Subject key identifiers its certificates give: they order candidates, they never exclude one (RFC 4158 §3.5.12).
    var keyIdentifiers: Set<ArraySlice<UInt8>> = []

    /// DER SubjectPublicKeyInfo.
    let publicKeyInfo: [UInt8]
    /// working_public_key_parameters (RFC 5280 §6.1.2 (i)) of a DSA key, its own or inherited.
    let parameters: DSAParameters?

    init(
        _ key: AuthorityKey, publicKeyInfo: [UInt8], rules: AuthorityRules, floor: AlgorithmFloor = .standard,
        inheriting inherited: DSAParameters? = nil
    ) {
        self.key = key
        self.rules = rules
        self.publicKeyInfo = publicKeyInfo
        switch PublicKey.reading(publicKeyInfo) {
        case .failure(let fault):
            parameters = nil
            verificationKey = .failure(Refusal(.certificateMalformed, fault.reason))
        case .success(let parsed):
            parameters = parsed.dsaParameters ?? inherited
            verificationKey = Result { () throws(Refusal) in
                try VerificationKey(parsed, inheriting: inherited, signerID: rules.signerID, floor: floor)
            }
        }
    }

    /// The same CA with the parameters that its DSA key lacks, as its issuer's key has them (§6.1.4 (e)); nil when it lacks none.
    func completed(by issuer: Authority, floor: AlgorithmFloor) -> Authority? {
        guard parameters == nil, let inherited = issuer.parameters, (try? PublicKey(info: publicKeyInfo))?.lacksParameters == true else {
            return nil
        }
        // Name, key and parameters together are the CA: under another issuer's parameters it would be another one.
        let together = AuthorityKey(name: key.name, keyDigest: Digest.sha256(key.keyDigest + issuer.key.keyDigest))
        var completed = Authority(together, publicKeyInfo: publicKeyInfo, rules: rules, floor: floor, inheriting: inherited)
        completed.keyIdentifiers = keyIdentifiers
        return completed
    }

    func verify(_ bytes: SignedBytes) -> Refusal? {
        switch verificationKey {
        case .failure(let refusal): return refusal
        case .success(let key):
            do throws(Refusal) {
                try key.verify(bytes)
                return nil
            } catch {
                return error
            }
        }
    }
}
