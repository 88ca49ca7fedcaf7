import Foundation
import Registry
import Tokens

/// Makes ID and access tokens with the contract's claims. Knows no request: session, entry and window in, signed tokens out.
struct TokenMint: Sendable {
    /// Never longer; shorter where grant or session ends sooner.
    static let lifetime: TimeInterval = 5 * 60

    let endpoints: Endpoints
    let keys: KeyStore
    let registry: Registry

    /// RFC 9068, for this window and our userinfo. `jti` begins with the family, so that one look-up finds what it rests on.
    func accessToken(for visit: Visit, scope: [String]) throws -> (token: String, lifetime: Int64) {
        let registered = registered(
            subject: visit.session.account.id, audience: Audience(visit.window.clientID, endpoints.userInfoURL),
            notAfter: [visit.session.expires, visit.entry.until].compactMap(\.self))
        let claims = AccessToken(
            registered: registered, clientID: visit.window.clientID, tokenID: TokenID(family: visit.family.id, registry: registry).text,
            scope: scope, authentication: AuthenticationClaims(visit.session), holder: HolderClaims(visit.session.account),
            staff: StaffClaims(visit.session.account), grant: GrantClaim(visit.entry))
        return (try keys.current.sign(claims, type: AccessToken.type), registered.expires.seconds - registered.issuedAt.seconds)
    }

    /// OpenID Connect Core §2; for the one window. `nonce` only in the token that answers the authorization request (§12.2).
    func idToken(for visit: Visit, scope: [String], nonce: String?, accessToken: String) throws -> String {
        let claims = IDToken(
            registered: registered(
                subject: visit.session.account.id, audience: Audience(visit.window.clientID),
                notAfter: [visit.session.expires, visit.entry.until].compactMap(\.self)),
            nonce: nonce, accessTokenHash: IDToken.accessTokenHash(of: accessToken),
            name: scope.contains(Scope.profile) ? visit.session.account.name : nil,
            authentication: AuthenticationClaims(visit.session), holder: HolderClaims(visit.session.account),
            staff: StaffClaims(visit.session.account), grant: GrantClaim(visit.entry))
        return try keys.current.sign(claims, type: IDToken.type)
    }

    /// A window acting for itself (RFC 9068 §2.2: `sub` is the client); no person, no legal person, no userinfo.
    func clientToken(for window: Window) throws -> (token: String, lifetime: Int64) {
        let registered = registered(subject: window.clientID, audience: Audience(window.clientID), notAfter: [])
        let claims = AccessToken(
            registered: registered, clientID: window.clientID, tokenID: TokenID(family: nil, registry: registry).text, scope: [],
            authentication: nil, holder: HolderClaims(), grant: nil)
        return (try keys.current.sign(claims, type: AccessToken.type), registered.expires.seconds - registered.issuedAt.seconds)
    }

    private func registered(subject: String, audience: Audience, notAfter: [Date]) -> RegisteredClaims {
        let now = registry.now()
        let expires = notAfter.reduce(now.addingTimeInterval(Self.lifetime), min)
        return RegisteredClaims(
            issuer: endpoints.issuer, subject: subject, audience: audience, expires: NumericDate(expires), issuedAt: NumericDate(now))
    }
}

/// `FAMILY.RANDOM`, or `RANDOM` alone where no family stands behind a token.
struct TokenID {
    let text: String
    let family: String?

    init(family: String?, registry: Registry) {
        text = [family, registry.newBearer(bytes: 16)].compactMap(\.self).joined(separator: ".")
        self.family = family
    }

    init(_ text: String) {
        self.text = text
        family = text.lastIndex(of: ".").map { String(text[..<$0]) }
    }
}

extension AuthenticationClaims {
    init(_ session: Session) {
        self.init(acr: session.acr, amr: session.amr, authTime: NumericDate(session.authTime), sid: session.sid)
    }
}

extension HolderClaims {
    init(_ account: Account) {
        self.init(
            legalPerson: account.legalPerson.map { LegalPersonClaim(uscc: $0.uscc, name: $0.name) },
            certificateKind: account.certificateKind.map(CertificateKindClaim.init))
    }
}

extension CertificateKindClaim {
    init(_ kind: CertificateKind) {
        switch kind {
        case .master: self = .master
        case .sub: self = .sub
        case .personal: self = .personal
        }
    }
}

extension StaffClaims {
    /// Nil for holders of certificates.
    init?(_ account: Account) {
        guard case .staff = account.kind else { return nil }
        self.init(roles: account.roles, orgUnit: account.orgUnit ?? "")
    }
}

extension GrantClaim {
    init(_ entry: Entry) { self.init(parameters: entry.parameters, until: entry.until.map { NumericDate($0) }) }
}
