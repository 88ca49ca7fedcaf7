import Foundation

/// What the authorization endpoint promised, until the code is redeemed; then what a family of tokens rests on.
package struct Authorization: Sendable, Codable, Equatable {
    package var windowID: String
    package var redirectURI: String
    package var scope: [String]
    package var nonce: String?
    /// S256 challenge (RFC 7636 §4.2).
    package var codeChallenge: String?
    package var sid: String
    package var accountID: String
    /// The CAS service ticket that this was redeemed by: the `SessionIndex` of CAS single logout.
    package var serviceTicket: String?
    package init(
        windowID: String, redirectURI: String, scope: [String], nonce: String?, codeChallenge: String?, sid: String, accountID: String
    ) {
        self.windowID = windowID
        self.redirectURI = redirectURI
        self.scope = scope
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.sid = sid
        self.accountID = accountID
    }
}

extension Authorization {
    /// As stored beside codes and families.
    func stored() throws -> SQLValue { .text(String(decoding: try JSONEncoder().encode(self), as: UTF8.self)) }
    init(stored: String) throws { self = try JSONDecoder().decode(Authorization.self, from: Data(stored.utf8)) }
}

/// One winner each, whatever the concurrency.
package enum Redemption<Value: Sendable>: Sendable {
    case granted(Value)
    /// Used before: the whole family has been ended.
    case reused
    case unknown
}

/// Tokens issued over one authorization: ends as one. `id` is part of each access token's `jti` ("FAMILY.RANDOM").
package struct TokenFamily: Sendable {
    package let id: String
    package let authorization: Authorization
    package init(id: String, authorization: Authorization) {
        self.id = id
        self.authorization = authorization
    }
}
