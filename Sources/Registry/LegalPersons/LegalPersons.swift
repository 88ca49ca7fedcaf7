import Foundation
import PKI

package enum CertificateKind: String, Sendable, Codable { case master, sub, personal }
package enum Standing: String, Sendable, Codable { case active, suspended, revoked }

package struct LegalPerson: Sendable, Codable, Equatable {
    package let uscc: String
    package let name: String
    package let standing: Standing
    package init(uscc: String, name: String, standing: Standing) {
        self.uscc = uscc
        self.name = name
        self.standing = standing
    }
}

/// An account: `id` is the opaque `sub` of tokens, stable over certificate renewals.
package struct Account: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case certificate(CertificateKind)
        case staff(uid: String)
    }
    package let id: String
    package let kind: Kind
    package let name: String
    /// For masters and subs.
    package let legalPerson: LegalPerson?
    /// For staff: roles within their unit, and the unit's path from the province down ("guangdong/guangzhou/…").
    package let roles: [String]
    package let orgUnit: String?
    package let isAdministrator: Bool
    package init(
        id: String, kind: Kind, name: String, legalPerson: LegalPerson?, roles: [String] = [], orgUnit: String? = nil,
        isAdministrator: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.legalPerson = legalPerson
        self.roles = roles
        self.orgUnit = orgUnit
        self.isAdministrator = isAdministrator
    }
    package var certificateKind: CertificateKind? { if case .certificate(let kind) = kind { kind } else { nil } }
}

/// A certificate bound to an account, as the consoles show it.
package struct BoundCertificate: Sendable, Codable, Equatable {
    package let id: String
    package let accountID: String
    package let kind: CertificateKind
    package let fingerprint: String
    package let subjectName: String
    package let issuerName: String
    package let notAfter: Date
    package let standing: Standing
    /// Issued by the platform CA?
    package let issuedHere: Bool
}

/// Which window an account may enter, from when until when, with what parameters.
package struct Grant: Sendable, Codable, Equatable {
    package let id: String
    package let accountID: String
    package let windowID: String
    package let parameters: [String: String]
    package let from: Date
    package let until: Date
}

/// A master waiting for an administrator's decision.
package struct MasterRequest: Sendable, Codable {
    package let id: String
    package let legalPerson: LegalPerson
    package let holderName: String
    package let issuerName: String
    package let fingerprint: String
    package let requested: Date
}

/// What a console action may be refused with besides a `Refusal`: told as 409/403/422 problem with this code.
package struct RuleViolation: Error, Sendable {
    /// Stable: `not_master`, `not_administrator`, `assurance_too_low`, `unknown_legal_person`, `unknown_certificate`, `already_bound`,
    /// `other_legal_person`, `has_master`, `last_master`, `not_admitted`, `beyond_own_rights`, `period_not_permitted`, `unknown_window`,
    /// `request_malformed`, `wrong_state`, `step_up_required`.
    package let code: String
    package let why: String
    package init(_ code: String, _ why: String) {
        self.code = code
        self.why = why
    }
}
