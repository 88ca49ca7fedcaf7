import Synchronization

/// The bytes a CRL was read from, for as long as signatures are to be checked over them, and what was found for each key.
///
/// The bytes of a large list are most of what it takes. Once every key that may have signed it has been tried they are not needed any
/// more: the verdicts stay, so a graph that is compiled again asks for them and not for the bytes.
final class ListSource: Sendable {
    /// A verdict is of a key and, for SM2, the signer id it was checked with.
    struct Signer: Hashable {
        /// SHA-256 of the DER SubjectPublicKeyInfo.
        let keyDigest: [UInt8]
        let signerID: [UInt8]
    }
    private struct State {
        var held: (der: [UInt8], signature: SignedBytes)?
        var verdicts: [Signer: Refusal?] = [:]
    }
    private let state: Mutex<State>

    /// More keys than any CA has: those of clients' intermediates are not remembered beyond.
    private static let maximumVerdicts = 64

    init(der: [UInt8], signature: SignedBytes) { state = Mutex(State(held: (der, signature))) }

    var der: [UInt8]? { state.withLock { $0.held?.der } }
    func release() { state.withLock { $0.held = nil } }
    func isJudged(by signer: Signer) -> Bool { state.withLock { $0.verdicts[signer] != nil } }

    /// What `verify` says of the signature, asked once for each signer; nil when it is right.
    func fault(by signer: Signer, verify: (SignedBytes) -> Refusal?) -> Refusal? {
        let (known, signature) = state.withLock { ($0.verdicts[signer], $0.held?.signature) }
        if let known { return known }
        guard let signature else {
            return Refusal(.revocationUnavailable, "this key was not known when the CRL was read: it must be read again")
        }
        let fault = verify(signature)
        // That an algorithm or a key is not permitted depends on rules that may change: only what the bytes say is remembered.
        guard fault == nil || fault?.code == .signatureInvalid else { return fault }
        state.withLock { state in
            if state.verdicts.count < Self.maximumVerdicts { state.verdicts[signer] = .some(fault) }
        }
        return fault
    }
}
