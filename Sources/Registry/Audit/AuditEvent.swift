/// One structured event. `details` never holds secrets, tokens or full identity numbers.
package struct AuditEvent: Sendable, Equatable {
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
