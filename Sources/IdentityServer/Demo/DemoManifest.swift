/// `demo.json`, for whoever tries the demo with tools of their own. Paths are relative to the project's root.
struct DemoManifest: Encodable {
    struct LegalPerson: Encodable {
        let uscc: String
        let name: String
    }
    struct Person: Encodable {
        let name: String
        let kind: String
        let legalPerson: LegalPerson?
        let certificate: String
        let chain: String
        let key: String
        let pkcs12: String?
        let pkcs12Password: String
        let ca: String
        let by: [String]
        let expect: String
        /// Ids of the windows that this person may enter.
        let windows: [String]

        enum CodingKeys: String, CodingKey {
            case name, kind, certificate, chain, key, pkcs12, ca, by, expect, windows
            case legalPerson = "legal_person"
            case pkcs12Password = "pkcs12_password"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(kind, forKey: .kind)
            // Null, not absent.
            try container.encode(legalPerson, forKey: .legalPerson)
            try container.encode(certificate, forKey: .certificate)
            try container.encode(chain, forKey: .chain)
            try container.encode(key, forKey: .key)
            try container.encode(pkcs12, forKey: .pkcs12)
            try container.encode(pkcs12Password, forKey: .pkcs12Password)
            try container.encode(ca, forKey: .ca)
            try container.encode(by, forKey: .by)
            try container.encode(expect, forKey: .expect)
            try container.encode(windows, forKey: .windows)
        }
    }
    struct Window: Encodable {
        let id: String
        let name: String
        let `protocol`: String
        let entry: String
        let clientID: String
        let clientSecret: String?
        let redirectURIs: [String]
        let url: String?

        enum CodingKeys: String, CodingKey {
            case id, name, `protocol`, entry, url
            case clientID = "client_id"
            case clientSecret = "client_secret"
            case redirectURIs = "redirect_uris"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(name, forKey: .name)
            try container.encode(`protocol`, forKey: .protocol)
            try container.encode(entry, forKey: .entry)
            try container.encode(clientID, forKey: .clientID)
            try container.encode(clientSecret, forKey: .clientSecret)
            try container.encode(redirectURIs, forKey: .redirectURIs)
            try container.encode(url, forKey: .url)
        }
    }
    struct Staff: Encodable {
        let uid: String
        let password: String
        let name: String
        /// The unit's path from the province down, as in tokens.
        let orgUnit: String
        let roles: [String]
        let windows: [String]

        enum CodingKeys: String, CodingKey {
            case uid, password, name, roles, windows
            case orgUnit = "org_unit"
        }
    }
    struct Administrator: Encodable {
        let uid: String
        let password: String
    }
    struct LDAP: Encodable {
        let url: String
        let base: String
        let bindDN: String
        let password: String
        let tlsCA: String

        enum CodingKeys: String, CodingKey {
            case url, base, password
            case bindDN = "bind_dn"
            case tlsCA = "tls_ca"
        }
    }

    let issuer: String
    let certificateOrigin: String
    let config: String
    let tlsCA: String
    let trust: String
    let people: [Person]
    let windows: [Window]
    let staff: [Staff]
    let admin: Administrator
    let ldap: LDAP

    enum CodingKeys: String, CodingKey {
        case issuer, config, trust, people, windows, staff, admin, ldap
        case certificateOrigin = "certificate_origin"
        case tlsCA = "tls_ca"
    }

    static let file = "demo.json"
}
