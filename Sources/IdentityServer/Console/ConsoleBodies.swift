import Foundation
import Hummingbird
import Registry

// The JSON shapes of `/api/v1` (docs/openapi.yaml). Times are RFC 3339.

struct AccountBody: Encodable {
    let id, name, kind: String
    let legalPerson: LegalPerson?
    let roles: [String]
    let orgUnit: String?
    let administrator: Bool

    enum CodingKeys: String, CodingKey { case id, name, kind, roles, administrator, legalPerson = "legal_person", orgUnit = "org_unit" }

    init(_ account: Account) {
        id = account.id
        name = account.name
        kind = account.certificateKind?.rawValue ?? "staff"
        legalPerson = account.legalPerson
        roles = account.roles
        orgUnit = account.orgUnit
        administrator = account.isAdministrator
    }
}

struct CertificateBody: Encodable {
    let id, account, fingerprint, subject, issuer: String
    let kind: CertificateKind
    let standing: Standing
    let notAfter: Date
    let issuedHere: Bool

    enum CodingKeys: String, CodingKey {
        case id, account, fingerprint, subject, issuer, kind, standing, notAfter = "not_after", issuedHere = "issued_here"
    }

    init(_ certificate: BoundCertificate) {
        id = certificate.id
        account = certificate.accountID
        fingerprint = certificate.fingerprint
        subject = certificate.subjectName
        issuer = certificate.issuerName
        kind = certificate.kind
        standing = certificate.standing
        notAfter = certificate.notAfter
        issuedHere = certificate.issuedHere
    }
}

struct GrantBody: Encodable {
    let id, account, window: String
    let parameters: [String: String]
    let from, until: Date

    init(_ grant: Grant) {
        id = grant.id
        account = grant.accountID
        window = grant.windowID
        parameters = grant.parameters
        from = grant.from
        until = grant.until
    }
}

struct MasterRequestBody: Encodable {
    let id, holder, issuer, fingerprint: String
    let legalPerson: LegalPerson
    let requested: Date

    enum CodingKeys: String, CodingKey { case id, holder, issuer, fingerprint, requested, legalPerson = "legal_person" }

    init(_ request: MasterRequest) {
        id = request.id
        holder = request.holderName
        issuer = request.issuerName
        fingerprint = request.fingerprint
        legalPerson = request.legalPerson
        requested = request.requested
    }
}

enum JSONReply {
    static func make(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }
}
