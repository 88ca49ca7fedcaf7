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
    package init(
        sid: String, account: Account, certificateID: String?, path: [Fingerprint], acr: String, amr: [String], authTime: Date,
        expires: Date
    ) {
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
