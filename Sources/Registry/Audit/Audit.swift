import Foundation
import PKI

/// One structured event (owner: registry-a). `details` never holds secrets, tokens or full identity numbers.
package struct AuditEvent: Sendable {
    /// Dotted, stable: `login.succeeded`, `login.refused`, `session.ended`, `certificate.bound`, `certificate.suspended`, `grant.given`,
    /// `token.issued`, `token.reused`, `window.added`, `staff.synced`, `master.opened`, …
    package var kind: String
    package var actor: Actor
    /// What it was done to: `account:…`, `legal_person:…`, `window:…`, `session:…`; nil if none.
    package var target: String?
    package var address: String?
    package var details: [String: String]
    package init(_ kind: String, actor: Actor, target: String? = nil, address: String? = nil, details: [String: String] = [:]) {
        self.kind = kind
        self.actor = actor
        self.target = target
        self.address = address
        self.details = details
    }
}

/// Signs heads of the audit chain with a key outside the database.
package struct AuditSigner: Sendable {
    /// The private key's PEM file (P-256, made with mode 0600 when absent) and the file that signed heads are appended to.
    package init(keyFile: String, headFile: String) throws { fatalError("stub (registry-a)") }
}

extension Registry {
    /// Appends to the hash chain inside the caller's transaction.
    package func record(_ event: AuditEvent, in transaction: Transaction) throws { fatalError("stub (registry-a)") }
    /// For events that change no other state (refusals: repeated anonymous ones are aggregated).
    package func record(_ event: AuditEvent) async throws { fatalError("stub (registry-a)") }
}
