/// `federation.json`: what was made, for whoever starts the demo on it. Paths are relative to the manifest's folder.
package struct FederationManifest: Codable, Sendable, Equatable {
    package struct LegalPerson: Codable, Sendable, Equatable {
        package let uscc: String
        package let name: String
    }
    package struct Person: Codable, Sendable, Equatable {
        package let id: String
        package let name: String
        package let kind: String
        package let legalPerson: LegalPerson?
        package let certificate: String
        /// Intermediates, without the root.
        package let chain: String
        package let key: String
        package let pkcs12: String?
        package let pkcs12Password: String
        package let ca: String
        package let by: [String]
        package let expect: String
        package let windows: [String]
        package let setup: Setup

        enum CodingKeys: String, CodingKey {
            case id, name, kind, certificate, chain, key, pkcs12, ca, by, expect, windows, setup
            case legalPerson = "legal_person"
            case pkcs12Password = "pkcs12_password"
        }
    }
    /// What the demo does for a person before anybody logs in.
    package struct Setup: Codable, Sendable, Equatable {
        package struct Grant: Codable, Sendable, Equatable {
            package let window: String
            package let parameters: [String: String]
            package let days: Int
        }
        package let openMaster: Bool
        package let bindSub: Bool
        package let grants: [Grant]
        package let admit: [String]

        enum CodingKeys: String, CodingKey {
            case grants, admit
            case openMaster = "open_master"
            case bindSub = "bind_sub"
        }
    }
    package struct Identity: Codable, Sendable, Equatable {
        package let certificate: String
        package let key: String
    }
    /// The CA that the server issues sub-certificates with.
    package struct Platform: Codable, Sendable, Equatable {
        package let certificate: String
        package let key: String
        package let revocationList: String

        enum CodingKeys: String, CodingKey {
            case certificate, key
            case revocationList = "revocation_list"
        }
    }

    package let trust: String
    package let tlsCA: String
    /// CSV, `uscc,name`.
    package let legalPersons: String
    package let platform: Platform
    /// TLS servers by their ceremony's id.
    package let servers: [String: Identity]
    package let people: [Person]

    enum CodingKeys: String, CodingKey {
        case trust, platform, servers, people
        case tlsCA = "tls_ca"
        case legalPersons = "legal_persons"
    }
}
