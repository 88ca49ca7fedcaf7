import Foundation
import PKI

extension Registry {
    /// By id.
    package func windows() async throws -> [Window] {
        try await storage.read { try $0.rows("SELECT * FROM windows ORDER BY id").map(Window.init(row:)) }
    }

    package func window(_ id: String) async throws -> Window? {
        try await storage.read { try $0.row("SELECT * FROM windows WHERE id = ?", [.text(id)]).map(Window.init(row:)) }
    }

    /// Returns the client secret once, or nil for `none`, CAS and forward-auth. Throws `RuleViolation` `window_malformed` (what is wrong and
    /// what to give instead), `not_supported`, `window_exists`; then nothing has changed.
    package func addWindow(_ window: Window, actor: Actor) async throws -> String? {
        try WindowRules(settings: settings).check(window)
        let secret = window.authMethod.hasSecret ? newBearer() : nil
        try await storage.write { [self] transaction in
            guard try transaction.row("SELECT 1 AS known FROM windows WHERE id = ?", [.text(window.id)]) == nil else {
                throw RuleViolation("window_exists", "there is a window \(window.id) already; choose another id or remove that one first")
            }
            try insert(window, secret: secret, in: transaction)
            try record(
                AuditEvent(
                    "window.added", actor: actor, target: "window:\(window.id)",
                    details: [
                        "name": window.name, "protocol": window.protocol.rawValue, "entry": window.entry.rawValue,
                        "auth_method": window.authMethod.rawValue,
                        "uris": (window.redirectURIs + window.serviceURLs).joined(separator: " "),
                    ]), in: transaction)
        }
        return secret
    }

    /// Suspending ends the window's token families; resuming brings none back.
    package func setState(_ state: Window.State, ofWindow id: String, actor: Actor) async throws {
        try await storage.write { [self] transaction in
            let changed = try transaction.execute("UPDATE windows SET state = ? WHERE id = ?", [.text(state.rawValue), .text(id)])
            guard changed > 0 else { throw unknownWindow(id) }
            let ended = state == .suspended ? try endFamilies(ofWindow: id, reason: "window_suspended", in: transaction) : 0
            try record(
                AuditEvent(
                    state == .suspended ? "window.suspended" : "window.resumed", actor: actor, target: "window:\(id)",
                    details: ["token_families": String(ended)]), in: transaction)
        }
    }

    /// The old secret is refused from now on.
    package func rotateSecret(ofWindow id: String, actor: Actor) async throws -> String {
        let secret = newBearer()
        try await storage.write { [self] transaction in
            let row = try transaction.row("SELECT * FROM windows WHERE id = ?", [.text(id)])
            guard let window = try row.map(Window.init(row:)) else { throw unknownWindow(id) }
            guard window.authMethod.hasSecret else {
                throw RuleViolation("wrong_state", "window \(id) has no secret: it authenticates by \(window.authMethod.rawValue)")
            }
            try transaction.execute("UPDATE windows SET secret_hash = ? WHERE id = ?", [hash(ofBearer: secret), .text(id)])
            try record(AuditEvent("window.secret_rotated", actor: actor, target: "window:\(id)"), in: transaction)
        }
        return secret
    }

    /// The window goes with its codes, token families, admissions and grants: a later window of the same id starts with nothing.
    package func removeWindow(_ id: String, actor: Actor) async throws {
        try await storage.write { [self] transaction in
            let ended = try endFamilies(ofWindow: id, reason: "window_removed", in: transaction)
            guard try transaction.execute("DELETE FROM windows WHERE id = ?", [.text(id)]) > 0 else { throw unknownWindow(id) }
            try record(
                AuditEvent("window.removed", actor: actor, target: "window:\(id)", details: ["token_families": String(ended)]),
                in: transaction)
        }
    }

    /// Constant-time; false for unknown and suspended windows and for those without a secret too.
    package func secretMatches(_ secret: String, window id: String) async throws -> Bool {
        let stored = try await storage.read {
            try $0.row("SELECT secret_hash FROM windows WHERE id = ? AND state = 'active'", [.text(id)])?.optionalBlob("secret_hash")
        }
        return constantTimeEquals(stored ?? [], Digest.sha256(Array(secret.utf8)))
    }

    func isActive(window id: String, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 AS active FROM windows WHERE id = ? AND state = 'active'", [.text(id)]) != nil
    }

    private func unknownWindow(_ id: String) -> RuleViolation {
        RuleViolation("unknown_window", "there is no window \(id); `hallpass window list` shows those there are")
    }

    private func insert(_ window: Window, secret: String?, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO windows (id, name, protocol, redirect_uris, post_logout_redirect_uris, backchannel_logout_uris,
                frontchannel_logout_uris, service_urls, auth_method, jwks, secret_hash, grants, entry, roles, state, added, options)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(window.id), .text(window.name), .text(window.protocol.rawValue), .lines(window.redirectURIs),
                .lines(window.postLogoutRedirectURIs), .lines(window.backchannelLogoutURIs), .lines(window.frontchannelLogoutURIs),
                .lines(window.serviceURLs), .text(window.authMethod.rawValue), .optional(window.jwks),
                secret.map(hash(ofBearer:)) ?? .null, .lines(window.grants), .text(window.entry.rawValue), .lines(window.roles),
                .text(window.state.rawValue), .time(now()), try window.options.stored(),
            ])
    }
}

extension Window.AuthMethod {
    package var hasSecret: Bool { self == .basic || self == .post }
}

/// A row holds a value that this version does not know: an older program on a newer database.
struct UnknownColumnValue: Error, CustomStringConvertible {
    let column: String
    let value: String
    var description: String { "the database holds \(column) = \(value), which this version does not know" }
}

extension Window {
    init(row: SQLRow) throws {
        self.init(
            id: row.text("id"), name: row.text("name"), protocol: try row.choice("protocol"), authMethod: try row.choice("auth_method"),
            grants: row.lines("grants"), entry: try row.choice("entry"))
        redirectURIs = row.lines("redirect_uris")
        postLogoutRedirectURIs = row.lines("post_logout_redirect_uris")
        backchannelLogoutURIs = row.lines("backchannel_logout_uris")
        frontchannelLogoutURIs = row.lines("frontchannel_logout_uris")
        serviceURLs = row.lines("service_urls")
        jwks = row.optionalText("jwks")
        roles = row.lines("roles")
        state = try row.choice("state")
        options = try WindowOptions(stored: row.text("options"))
    }
}

extension SQLRow {
    /// A column whose text is one of an enumeration's raw values.
    func choice<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
        guard let value = Value(rawValue: text(column)) else { throw UnknownColumnValue(column: column, value: text(column)) }
        return value
    }
}
