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
    package init(id: String, kind: Kind, name: String, legalPerson: LegalPerson?, roles: [String] = [], orgUnit: String? = nil, isAdministrator: Bool = false) {
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

// Everything below: registry-b implements. `by` is the session that asks: its rights are checked inside, in the same transaction.
extension Registry {
    /// From a validated path to a login: reads the subject, finds or makes the account (automatic master, renewal, personal), or refuses
    /// with `not_registered`, `legal_person_suspended`, `certificate_suspended`, `certificate_revoked`, `identity_…`. Audits both outcomes.
    package func identify(_ path: ValidatedPath, method: LoginMethod, address: String) async throws -> Login { fatalError("stub") }
    /// After the directory accepted the password: the staff member's login, or `not_registered` when the sync does not know them.
    package func identify(staff uid: String, address: String) async throws -> Login { fatalError("stub") }
    /// Does this account (with this certificate) still stand? Nil: no. Called at each session look-up.
    package func account(_ id: String, certificateID: String?, in transaction: Transaction) throws -> Account? { fatalError("stub") }

    /// uscc,name lines (header row `uscc,name`); bad check digits refuse the whole file with the line number. Returns (added, updated).
    package func importLegalPersons(csv: String, actor: Actor) async throws -> (added: Int, updated: Int) { fatalError("stub") }
    package func legalPersons(matching text: String?, limit: Int, offset: Int) async throws -> [LegalPerson] { fatalError("stub") }
    package func legalPerson(uscc: String) async throws -> LegalPerson? { fatalError("stub") }
    package func setStanding(_ standing: Standing, ofLegalPerson uscc: String, by session: Session) async throws { fatalError("stub") }

    package func masterRequests() async throws -> [MasterRequest] { fatalError("stub") }
    package func decideMaster(request id: String, approve: Bool, by session: Session) async throws { fatalError("stub") }
    /// For the demo's and operators' seeding (actor `cli:…`), same rules but no session.
    package func openMaster(_ path: ValidatedPath, actor: Actor) async throws -> Account { fatalError("stub") }
    package func bindSub(_ path: ValidatedPath, toLegalPerson uscc: String, actor: Actor) async throws -> Account { fatalError("stub") }

    package func certificates(ofLegalPerson uscc: String) async throws -> [BoundCertificate] { fatalError("stub") }
    /// Binds a colleague's certificate (already validated) as a sub-certificate of the master's legal person.
    package func bindSub(_ path: ValidatedPath, by session: Session) async throws -> BoundCertificate { fatalError("stub") }
    /// Issues a sub-certificate from the platform CA for an uploaded request.
    package func issueSub(_ request: CertificateRequest, holderName: String, days: Int, from authority: IssuingAuthority, by session: Session) async throws -> (certificate: Certificate, bound: BoundCertificate) { fatalError("stub") }
    /// The master over its subs; an administrator over any. Revoking is final. Ends sessions.
    package func setStanding(_ standing: Standing, ofCertificate id: String, by session: Session) async throws { fatalError("stub") }
    /// Certificates issued by the platform CA that its next CRL must list.
    package func revokedIssuedCertificates() async throws -> [(serial: [UInt8], date: Date, reason: Int)] { fatalError("stub") }

    // Admissions (administrator), grants (master within its admissions; administrator for personal certificates and staff).
    package func admit(legalPerson uscc: String, to windowID: String, by session: Session) async throws { fatalError("stub") }
    package func admit(legalPerson uscc: String, to windowID: String, actor: Actor) async throws { fatalError("stub") }
    package func withdrawAdmission(ofLegalPerson uscc: String, to windowID: String, by session: Session) async throws { fatalError("stub") }
    package func admissions(ofLegalPerson uscc: String) async throws -> [String] { fatalError("stub") }
    package func grants(ofAccount accountID: String) async throws -> [Grant] { fatalError("stub") }
    package func give(accountID: String, windowID: String, parameters: [String: String], from: Date, until: Date, by session: Session) async throws -> Grant { fatalError("stub") }
    package func give(accountID: String, windowID: String, parameters: [String: String], from: Date, until: Date, actor: Actor) async throws -> Grant { fatalError("stub") }
    package func withdraw(grant id: String, by session: Session) async throws { fatalError("stub") }
    /// Finds accounts for the administrator's page (personal certificates, staff).
    package func accounts(matching text: String?, limit: Int, offset: Int) async throws -> [Account] { fatalError("stub") }
}
