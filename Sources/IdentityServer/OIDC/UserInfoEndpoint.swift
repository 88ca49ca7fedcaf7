import Hummingbird
import Registry
import Tokens

/// The userinfo endpoint (OpenID Connect Core §5.3): who is behind this access token, as they stand now.
struct UserInfoEndpoint: Sendable {
    let services: Services
    let endpoints: Endpoints

    func answer(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let token = try bearer(request) else {
            // RFC 6750 §3.1: no credentials, no error code.
            return Response(status: .unauthorized, headers: [.wwwAuthenticate: #"Bearer realm="hallpass""#])
        }
        guard let live = try await LiveToken.find(token, issuer: endpoints.issuer, services: services),
            live.claims.registered.audience.contains(endpoints.userInfoURL), let visit = live.visit
        else { throw OAuthError(.invalidToken, "The access token is not valid here, or no longer.") }
        guard live.claims.scope.contains(Scope.openID) else { throw OAuthError(.insufficientScope, "scope openid is needed.") }
        return .json(UserInfo(visit.session, visit.entry, scope: live.claims.scope))
    }

    /// RFC 6750 §2.1: the header only; tokens in forms and addresses end up in logs (OAuth 2.1 §5.1).
    private func bearer(_ request: Request) throws -> String? {
        let fields = request.headers[values: .authorization]
        guard let field = fields.first else { return nil }
        guard fields.count == 1 else { throw OAuthError(.invalidRequest, "More than one Authorization header.") }
        guard field.lowercased().hasPrefix("bearer ") else { return nil }
        return String(field.dropFirst("bearer ".count))
    }
}

/// The contract's claims, flat.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct UserInfo: Encodable {
    let sub: String
    let name: String?
    let legal_person: LegalPersonClaim?
    let certificate_kind: CertificateKindClaim?
    let grant: GrantClaim
    let roles: [String]?
    let org_unit: String?
    let acr: String
    let amr: [String]
    let auth_time: NumericDate
    let sid: String

    init(_ session: Session, _ entry: Entry, scope: [String]) {
        let holder = HolderClaims(session.account), staff = StaffClaims(session.account)
        sub = session.account.id
        name = scope.contains(Scope.profile) ? session.account.name : nil
        (legal_person, certificate_kind) = (holder.legalPerson, holder.certificateKind)
        grant = GrantClaim(entry)
        (roles, org_unit) = (staff?.roles, staff?.orgUnit)
        (acr, amr, sid) = (session.acr, session.amr, session.sid)
        auth_time = NumericDate(session.authTime)
    }
}
