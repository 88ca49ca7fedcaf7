import Foundation
import PKI

/// A person who proved who they are and may have a session: what crosses from the certificate origin to the public one.
package struct Login: Sendable, Codable {
    package let accountID: String
    package let acr: String
    /// RFC 8176 values: `hwk`/`swk`/`pop`/`sc`, `pwd`.
    package let amr: [String]
    package let authTime: Date
    /// Path fingerprints (hex, leaf first); empty for passwords.
    package let path: [String]
    /// The certificate's row id in the registry; nil for passwords.
    package let certificateID: String?
    /// No longer than this, whatever the session's lifetime (path's `goodUntil`; nil for passwords).
    package let goodUntil: Date?
    package init(accountID: String, acr: String, amr: [String], authTime: Date, path: [String], certificateID: String?, goodUntil: Date?) {
        self.accountID = accountID
        self.acr = acr
        self.amr = amr
        self.authTime = authTime
        self.path = path
        self.certificateID = certificateID
        self.goodUntil = goodUntil
    }
}

package enum LoginMethod: String, Sendable { case tls, signature, password }

/// One SSO session as it stands now: read at each request, so every suspension, withdrawal and departure counts at once.
package struct Session: Sendable {
    /// Public id, the `sid` of tokens. Not the cookie.
    package let sid: String
    package let account: Account
    package let certificateID: String?
    package let path: [Fingerprint]
    package let acr: String
    package let amr: [String]
    package let authTime: Date
    package let expires: Date
    package init(sid: String, account: Account, certificateID: String?, path: [Fingerprint], acr: String, amr: [String], authTime: Date, expires: Date) {
        self.sid = sid
        self.account = account
        self.certificateID = certificateID
        self.path = path
        self.acr = acr
        self.amr = amr
        self.authTime = authTime
        self.expires = expires
    }
}

extension Registry {
    // registry-a implements these.

    /// Opens a session with a new id and ends the one whose cookie value is `replacing`. The cookie value is told once, kept as a hash.
    package func openSession(_ login: Login, replacing: String?, address: String) async throws -> (cookie: String, session: Session) { fatalError("stub") }
    /// The live session of this cookie value, its idle time renewed; nil when unknown, ended, idle too long, expired, or when its
    /// account, certificate or legal person no longer stands (`standing(ofAccount:certificate:in:)`).
    package func session(cookie: String) async throws -> Session? { fatalError("stub") }
    package func session(sid: String) async throws -> Session? { fatalError("stub") }
    package func endSession(sid: String, reason: String, actor: Actor) async throws { fatalError("stub") }
    /// Ends every session that rests on one of these certificates (leaf or CA); returns how many.
    @discardableResult
    package func endSessions(restingOn fingerprints: Set<Fingerprint>, reason: String, actor: Actor) async throws -> Int { fatalError("stub") }
    /// The leaf and CA fingerprints that open sessions rest on, to be checked when trust or revocation changes.
    package func pathsOfOpenSessions() async throws -> [(sid: String, path: [Fingerprint])] { fatalError("stub") }
    /// Inside the transaction of whatever ended the account's or certificate's right (suspension, withdrawal, departure).
    package func endSessions(ofAccount accountID: String, reason: String, actor: Actor, in transaction: Transaction) throws { fatalError("stub") }

    /// A value good for one use: codes, challenges, tickets, hand-offs. 256 random bits, kept as SHA-256, gone after `lifetime`.
    /// `payload` is the caller's JSON.
    package func putOneUse(_ kind: String, payload: String, lifetime: Duration) async throws -> String { fatalError("stub") }
    /// The payload, to exactly one caller; nil when unknown, used or late.
    package func takeOneUse(_ kind: String, _ value: String) async throws -> String? { fatalError("stub") }
}
