import PKI

/// Something that a parser must never do, found by a fuzzer: crashes need no words, wrong answers do.
package struct Finding: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// The entries of the parsers that read what somebody else chose, one fuzzer each. `run` throws a `Finding` or says nothing: refusing is right.
package enum FuzzEntry: String, CaseIterable, Sendable {
    case certificate
    case revocationList = "crl"
    case response = "ocsp"
    case signedMessage = "cms"
    /// A mesh of CAs whose extensions the input chose, rightly signed: what stands behind the signatures.
    case verdict

    package func run(_ bytes: [UInt8]) throws {
        switch self {
        case .certificate: try CertificateEntry.run(bytes)
        case .revocationList: try RevocationListEntry.run(bytes)
        case .response: try ResponseEntry.run(bytes)
        case .signedMessage: try SignedMessageEntry.run(bytes)
        case .verdict: try VerdictEntry.run(bytes)
        }
    }
}

/// `what` must hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(Finding) {
    guard holds else { throw Finding(what()) }
}
