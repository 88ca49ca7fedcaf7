/// A CA of the graph: a name and a key, whichever certificates say so.
struct Authority: Sendable {
    let key: AuthorityKey
    let rules: AuthorityRules
    /// The key ready to verify, or why it cannot.
    let verificationKey: Result<VerificationKey, Refusal>
    /// Subject key identifiers its certificates give: they order candidates, they never exclude one (RFC 4158 §3.5.12).
    var keyIdentifiers: Set<ArraySlice<UInt8>> = []

    init(_ key: AuthorityKey, publicKeyInfo: [UInt8], rules: AuthorityRules, floor: AlgorithmFloor) {
        self.key = key
        self.rules = rules
        do throws(Refusal) {
            verificationKey = .success(try VerificationKey(publicKeyInfo, signerID: rules.signerID, floor: floor))
        } catch {
            verificationKey = .failure(error)
        }
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
