import Foundation
import PKI

/// Who may enter a window: everyone, or whom it was granted to. To administer is not to enter.
extension Registry {
    /// May this session enter this window now, and with what? Throws `window_not_permitted` (also for a suspended window).
    package func entry(of session: Session, to window: Window) async throws -> Entry {
        try await storage.read { [self] in try entry(of: session, to: window, in: $0) }
    }

    /// The same inside a transaction: for whoever decides on tokens there.
    func entry(of session: Session, to window: Window, in transaction: Transaction) throws -> Entry {
        guard let account = try account(session.account.id, certificateID: session.certificateID, in: transaction) else {
            throw Refusal(.windowNotPermitted, "the account no longer stands")
        }
        return try entry(of: account, to: window, in: transaction)
    }

    /// The workbench: every active window this session may enter, by id.
    package func windows(openTo session: Session) async throws -> [Window] {
        try await storage.read { [self] transaction in
            guard let account = try account(session.account.id, certificateID: session.certificateID, in: transaction) else { return [] }
            return try transaction.rows("SELECT * FROM windows WHERE state = 'active' ORDER BY id").map(Window.init(row:)).filter {
                window in
                do {
                    _ = try entry(of: account, to: window, in: transaction)
                    return true
                } catch is Refusal {
                    return false
                }
            }
        }
    }

    private func entry(of account: Account, to window: Window, in transaction: Transaction) throws -> Entry {
        guard window.state == .active, try isActive(window: window.id, in: transaction) else {
            throw Refusal(.windowNotPermitted, "the window is suspended")
        }
        let grant = try grantInForce(account.id, window: window.id, in: transaction)
        if window.entry == .everyone { return Entry(parameters: grant?.parameters ?? [:], until: nil) }
        switch account.kind {
        case .certificate(.master):
            guard try isAdmitted(account.legalPerson?.uscc ?? "", to: window.id, in: transaction) else { throw notAdmitted }
            return Entry(parameters: [:], until: nil)
        case .certificate(.sub):
            guard try isAdmitted(account.legalPerson?.uscc ?? "", to: window.id, in: transaction) else { throw notAdmitted }
        case .staff where !Set(window.roles).isDisjoint(with: account.roles):
            return Entry(parameters: grant?.parameters ?? [:], until: nil)
        case .certificate(.personal), .staff:
            break
        }
        guard let grant else {
            throw Refusal(.windowNotPermitted, "nobody granted this window to the account, or the grant's time is not now")
        }
        return Entry(parameters: grant.parameters, until: grant.until)
    }

    private var notAdmitted: Refusal { Refusal(.windowNotPermitted, "the legal person is not admitted to this window") }

    private func grantInForce(_ accountID: String, window windowID: String, in transaction: Transaction) throws -> Grant? {
        let moment = SQLValue.time(now())
        return try transaction.row(
            """
            SELECT * FROM grants WHERE account_id = ? AND window_id = ? AND withdrawn IS NULL AND valid_from <= ? AND valid_until > ?
            """, [.text(accountID), .text(windowID), moment, moment]
        ).map(Grant.init(row:))
    }
}

extension Registry {
    /// `entry(of:to:)` for somebody at the door: a refusal is audited before it is told.
    package func enter(_ window: Window, with session: Session) async throws -> Entry {
        do {
            return try await entry(of: session, to: window)
        } catch let refusal as Refusal {
            try await record(
                AuditEvent(
                    "entry.refused", actor: .account(session.account.id), target: "window:\(window.id)",
                    details: ["code": refusal.code.rawValue]))
            throw refusal
        }
    }
}
