/// How weak keys and digests may be. MD5 and MD2 verify under none.
package struct AlgorithmFloor: Sendable, Hashable, CustomStringConvertible {
    /// Of an RSA modulus. NIST SP 800-131A rev. 2 §3: 2048.
    package var minimumRSABits: Int
    /// SHA-1 in signatures (broken: SHAttered 2017; SP 800-131A rev. 2 §9 disallows it).
    package var allowsSHA1: Bool
    /// DSA keys of 1024 to 3072 bits (withdrawn by FIPS 186-5).
    package var allowsDSA: Bool

    package init(minimumRSABits: Int = 2048, allowsSHA1: Bool = false, allowsDSA: Bool = false) {
        self.minimumRSABits = minimumRSABits
        self.allowsSHA1 = allowsSHA1
        self.allowsDSA = allowsDSA
    }

    /// What everybody gets who does not ask for less.
    package static let standard = AlgorithmFloor()
    /// What certificates of the years before 2014 need, NIST PKITS among them.
    package static let legacy = AlgorithmFloor(minimumRSABits: 1024, allowsSHA1: true, allowsDSA: true)

    /// For an operator's eyes.
    package var description: String {
        "RSA \(minimumRSABits)" + (allowsSHA1 ? ", SHA-1" : "") + (allowsDSA ? ", DSA" : "")
    }
}
