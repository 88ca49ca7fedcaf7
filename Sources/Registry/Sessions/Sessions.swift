import Foundation
import PKI

extension Registry {
    /// Opens a session with a new id and ends the one whose cookie value is `replacing`. The cookie value is told once, kept as a hash.
    ///
    /// Throws `Refusal` `not_registered` when the account no longer stands, `certificate_expired` when `goodUntil` has passed.
    package func openSession(_ login: Login, replacing: String?, address: String) async throws -> (cookie: String, session: Session) {
        let cookie = newBearer()
        let sid = newBearer(bytes: 16)
        let moment = now()
        let session = try await storage.write { [self] transaction in
            if let replacing { try endSession(cookie: replacing, reason: "replaced", in: transaction) }
            guard let account = try account(login.accountID, certificateID: login.certificateID, in: transaction) else {
                throw Refusal(.notRegistered, "the account or its certificate no longer stands")
            }
            let session = try Session(sid: sid, account: account, login: login, expires: expiry(of: login, at: moment))
            try insert(session, cookie: cookie, opened: moment, in: transaction)
            try record(
                AuditEvent(
                    "session.opened", actor: .account(account.id), target: "session:\(sid)", address: address,
                    details: ["acr": login.acr, "amr": login.amr.joined(separator: " ")]), in: transaction)
            return session
        }
        return (cookie, session)
    }

    /// The live session of this cookie value, its idle time renewed; nil when unknown, ended, idle too long, expired, or when its
    /// account, certificate or legal person no longer stands (`account(_:certificateID:in:)`).
    package func session(cookie: String) async throws -> Session? {
        let found = try await storage.read { [self] transaction in
            try transaction.row("SELECT * FROM sessions WHERE cookie_hash = ? AND ended IS NULL", [hash(ofBearer: cookie)])
                .map { try look(at: $0, in: transaction) }
        }
        return try await settle(found, touching: true)
    }

    /// The live session with this public id. With `touching` its idle time is renewed: for a person's own requests that arrive
    /// without the cookie (a guarded window's).
    package func session(sid: String, touching: Bool = false) async throws -> Session? {
        let found = try await storage.read { [self] transaction in
            try transaction.row("SELECT * FROM sessions WHERE sid = ? AND ended IS NULL", [.text(sid)]).map {
                try look(at: $0, in: transaction)
            }
        }
        return try await settle(found, touching: touching)
    }

    /// The leaf and CA fingerprints that open sessions rest on, to be checked when trust or revocation changes.
    package func pathsOfOpenSessions() async throws -> [(sid: String, path: [Fingerprint])] {
        let moment = now()
        return try await storage.read { transaction in
            try transaction.rows("SELECT sid, path FROM sessions WHERE ended IS NULL AND expires > ?", [.time(moment)])
                .map { ($0.text("sid"), $0.fingerprints("path")) }
        }
    }

    /// The absolute end: the session's lifetime, or the end of what the login rests on when that is sooner.
    private func expiry(of login: Login, at moment: Date) throws -> Date {
        let lifetimeEnd = moment.addingTimeInterval(settings.sessionLifetime.timeInterval)
        guard let goodUntil = login.goodUntil else { return lifetimeEnd }
        guard goodUntil > moment else { throw Refusal(.certificateExpired, "what the login rests on has expired meanwhile") }
        return min(lifetimeEnd, goodUntil)
    }

    private func insert(_ session: Session, cookie: String, opened: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO sessions (sid, cookie_hash, account_id, certificate_id, acr, amr, auth_time, path, opened, touched, expires)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(session.sid), hash(ofBearer: cookie), .text(session.account.id), .optional(session.certificateID), .text(session.acr),
                .lines(session.amr), .time(session.authTime), .blob(session.path.flatMap(\.bytes)), .time(opened), .time(opened),
                .time(session.expires),
            ])
    }
}

/// What a look at an open session's row found.
enum SessionLook: Sendable {
    /// `due`: the last touch is old enough to be written anew.
    case live(Session, due: Bool)
    /// Its time has run out; `Registry.maintain()` will end it.
    case lapsed
    /// Account, certificate or legal person no longer stands.
    case unfounded(sid: String)
}

extension Registry {
    /// A touch is written at most this often, so that requests do not each cost a write: an idle time is that much shorter at most.
    private var touchInterval: TimeInterval { min(60, settings.sessionIdle.timeInterval / 4) }

    /// Judges an open session's row (all columns of `sessions`) inside the transaction that read it.
    func look(at row: SQLRow, in transaction: Transaction) throws -> SessionLook {
        let moment = now()
        let touched = row.time("touched")
        guard row.time("expires") > moment, touched.addingTimeInterval(settings.sessionIdle.timeInterval) > moment else { return .lapsed }
        let certificateID = row.optionalText("certificate_id")
        guard let account = try account(row.text("account_id"), certificateID: certificateID, in: transaction) else {
            return .unfounded(sid: row.text("sid"))
        }
        let session = Session(
            sid: row.text("sid"), account: account, certificateID: certificateID, path: row.fingerprints("path"), acr: row.text("acr"),
            amr: row.lines("amr"), authTime: row.time("auth_time"), expires: row.time("expires"))
        return .live(session, due: moment.timeIntervalSince(touched) >= touchInterval)
    }

    /// The live session of this sid, judged inside a transaction of the caller's.
    func liveSession(_ sid: String, in transaction: Transaction) throws -> Session? {
        guard let row = try transaction.row("SELECT * FROM sessions WHERE sid = ? AND ended IS NULL", [.text(sid)]),
            case .live(let session, _) = try look(at: row, in: transaction)
        else { return nil }
        return session
    }

    /// Renews the idle time. A session that has lapsed or ended meanwhile is left alone.
    func touch(_ sid: String, in transaction: Transaction) throws {
        let moment = now()
        try transaction.execute(
            "UPDATE sessions SET touched = ? WHERE sid = ? AND ended IS NULL AND expires > ? AND touched < ? AND touched > ?",
            [
                .time(moment), .text(sid), .time(moment), .time(moment),
                .time(moment.addingTimeInterval(-settings.sessionIdle.timeInterval)),
            ])
    }

    /// Writes what a look-up made due: a touch, or the end of a session whose ground is gone (so that it cannot come back).
    private func settle(_ look: SessionLook?, touching: Bool) async throws -> Session? {
        switch look {
        case .live(let session, let due):
            if due, touching { try await storage.write { [self] in try touch(session.sid, in: $0) } }
            return session
        case .unfounded(let sid):
            try await endSession(sid: sid, reason: "no_longer_stands", actor: .system)
            return nil
        case .lapsed, nil:
            return nil
        }
    }
}

extension Session {
    fileprivate init(sid: String, account: Account, login: Login, expires: Date) throws {
        let path = login.path.compactMap(Fingerprint.init(hex:))
        guard path.count == login.path.count else {
            throw Refusal(.certificateMalformed, "a path fingerprint is not 64 hexadecimal digits")
        }
        self.init(
            sid: sid, account: account, certificateID: login.certificateID, path: path, acr: login.acr, amr: login.amr,
            authTime: login.authTime, expires: expires)
    }
}

extension SQLRow {
    /// Fingerprints stored one after the other, 32 bytes each.
    func fingerprints(_ column: String) -> [Fingerprint] {
        let bytes = blob(column)
        return stride(from: 0, to: bytes.count, by: 32).map { Fingerprint(bytes: Array(bytes[$0..<min($0 + 32, bytes.count)])) }
    }
}
