import Foundation
import PKI

/// A person at a window, as they stand at this moment: what every token and every visit of a guarded site rests on.
package struct Visit: Sendable {
    package let family: TokenFamily
    package let session: Session
    package let window: Window
    package let entry: Entry
    package init(family: TokenFamily, session: Session, window: Window, entry: Entry) {
        self.family = family
        self.session = session
        self.window = window
        self.entry = entry
    }
}

extension Registry {
    /// One read for what introspection, userinfo and forward-auth ask at each request. Nil when family or session has ended, the window is
    /// not active, or the access token `jti` has been revoked; throws `window_not_permitted` when the session may no longer enter.
    ///
    /// With `touching`, a person's own request: the session's idle time is renewed.
    package func visit(family id: String, accessToken jti: String? = nil, touching: Bool = false) async throws -> Visit? {
        let found = try await storage.read { [self] transaction -> (visit: Visit, due: Bool)? in
            guard try jti.map({ try !isAccessTokenRevoked(jti: $0, in: transaction) }) ?? true,
                let (family, session, due) = try openFamily(id, in: transaction),
                let window = try transaction.row("SELECT * FROM windows WHERE id = ?", [.text(family.authorization.windowID)])
                    .map(Window.init(row:))
            else { return nil }
            let entry = try entry(of: session, to: window, in: transaction)
            return (Visit(family: family, session: session, window: window, entry: entry), due)
        }
        if let found, found.due, touching { try await storage.write { [self] in try touch(found.visit.session.sid, in: $0) } }
        return found?.visit
    }

    /// Alive: not ended, its session alive, its window active. `due`: the session's idle time is old enough to be written anew.
    func openFamily(_ id: String, in transaction: Transaction) throws -> (family: TokenFamily, session: Session, due: Bool)? {
        let row = try transaction.row(
            """
            SELECT f.promise, s.* FROM token_families f
            JOIN sessions s ON s.sid = f.sid JOIN windows w ON w.id = f.window_id
            WHERE f.id = ? AND f.ended IS NULL AND s.ended IS NULL AND w.state = 'active'
            """, [.text(id)])
        guard let row, case .live(let session, let due) = try look(at: row, in: transaction) else { return nil }
        let family = TokenFamily(id: id, authorization: try Authorization(stored: row.text("promise")))
        guard session.account.id == family.authorization.accountID else { return nil }
        return (family, session, due)
    }
}
