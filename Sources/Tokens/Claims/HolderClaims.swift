/// Whose certificate it was, for holders of certificates: `legal_person`, `certificate_kind`.
public struct HolderClaims: Sendable, Equatable, Codable {
    /// The legal person the certificate belongs to; nil for personal certificates and staff.
    public var legalPerson: LegalPersonClaim?
    /// nil for staff.
    public var certificateKind: CertificateKindClaim?

    public init(legalPerson: LegalPersonClaim? = nil, certificateKind: CertificateKindClaim? = nil) {
        self.legalPerson = legalPerson
        self.certificateKind = certificateKind
    }

    private enum CodingKeys: String, CodingKey {
        case legalPerson = "legal_person"
        case certificateKind = "certificate_kind"
    }
}

/// An organization, by its unified social credit code (GB 32100-2015) and registered name.
public struct LegalPersonClaim: Sendable, Equatable, Codable {
    public var uscc: String
    public var name: String

    public init(uscc: String, name: String) {
        self.uscc = uscc
        self.name = name
    }
}

/// The master certificate of a legal person manages its others; a sub-certificate is any other of that legal person; a personal one is
/// a natural person's own. A kind not named here makes a token unreadable rather than harmless-looking.
public enum CertificateKindClaim: String, Sendable, Equatable, Codable {
    case master, sub, personal
}
