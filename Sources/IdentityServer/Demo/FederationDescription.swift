import Foundation
import PKI

/// `ca/federation.yaml`: which ceremonies make the CAs, and what is issued afterwards. Paths are relative to the file.
package struct FederationDescription: Codable, Sendable {
    package let version: Int
    /// Ceremony files in the order in which they are held.
    package let ceremonies: [String]
    /// Issuing profile files.
    package let profiles: [String]
    package let people: String
    package let legalPersons: String
    /// Copied beside what was made; its paths are relative to the made folder.
    package let trustList: String
    /// The CA whose key the server keeps to issue sub-certificates, and the CA that signed the TLS certificates.
    package let platform: String
    package let tls: String

    enum CodingKeys: String, CodingKey {
        case version, ceremonies, profiles, people, platform, tls
        case legalPersons = "legal_persons"
        case trustList = "trust_list"
    }
}

/// One key ceremony: a CA certificate of some kind, or a TLS server's.
package struct Ceremony: Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// A CA that signs its own certificate.
        case root
        /// A CA certified by another of the same house.
        case intermediate
        /// A certificate over the name and key of a CA that exists already (RFC 5280 §3.2).
        case cross
        /// A TLS server.
        case server
    }
    package let kind: Kind
    package let id: String
    /// root, intermediate, server.
    package let subject: [[String: String]]?
    package let key: KeyPair.Kind?
    /// Who signs: intermediate, cross, server.
    package let issuer: String?
    /// Whose name and key a cross-certificate is about.
    package let about: String?
    package let valid: FederationValidity
    package let pathLength: Int?
    package let policies: [String]?
    /// What a certified CA may do at most: root, intermediate, cross.
    package let extendedKeyUsage: [KeyPurpose]?
    package let nameConstraints: FederationNameConstraints?
    package let policyMappings: [FederationPolicyMapping]?
    package let policyConstraints: FederationPolicyConstraints?
    /// SkipCerts of RFC 5280 §4.2.1.14.
    package let inhibitAny: UInt8?
    /// A full CRL valid for this many days; none when absent.
    package let crlDays: Int?
    package let hosts: [String]?
    package let addresses: [String]?

    enum CodingKeys: String, CodingKey {
        case kind, id, subject, key, issuer, about, valid, policies, hosts, addresses
        case pathLength = "path_length"
        case extendedKeyUsage = "extended_key_usage"
        case nameConstraints = "name_constraints"
        case policyMappings = "policy_mappings"
        case policyConstraints = "policy_constraints"
        case inhibitAny = "inhibit_any"
        case crlDays = "crl_days"
    }
}

/// From when until when: `YYYY-MM-DD` (midnight UTC), or days from now as `+365d`, `-1d`.
package struct FederationValidity: Codable, Sendable {
    package let from: String
    package let until: String

    package func dates(at now: Date) throws -> (notBefore: Date, notAfter: Date) { (try date(from, now), try date(until, now)) }

    /// Is the end counted from the day of making (so that the certificate can be renewed)?
    var isRelative: Bool { until.hasSuffix("d") }

    private func date(_ text: String, _ now: Date) throws -> Date {
        if text.hasSuffix("d"), let days = Int(text.dropLast()) {
            return Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down) + Double(days) * 86_400)
        }
        guard let date = try? Date(text, strategy: .iso8601.year().month().day()) else {
            throw FederationFailure("`\(text)` is neither YYYY-MM-DD nor a number of days such as +365d")
        }
        return date
    }
}

/// How a CA writes its leaves. Values may hold `{name}`, `{organization}`, `{uscc}` and a person's own `values`.
package struct IssuingProfile: Codable, Sendable {
    package struct Text: Codable, Sendable {
        package let oid: String
        package let encoding: CertificateExtension.TextEncoding
        package let value: String
    }
    package let id: String
    package let key: KeyPair.Kind
    package let valid: FederationValidity
    package let subject: [[String: String]]
    package let keyUsage: [KeyUsageBit]
    package let extendedKeyUsage: [KeyPurpose]
    package let extensions: [Text]?
    package let policies: [String]?
    /// rfc822Names of the subjectAltName.
    package let emails: [String]?

    enum CodingKeys: String, CodingKey {
        case id, key, valid, subject, extensions, policies, emails
        case keyUsage = "key_usage"
        case extendedKeyUsage = "extended_key_usage"
    }
}

package struct FederationLegalPersons: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package let uscc: String
        package let name: String
        /// False: certificates name it, but it does not stand in the CSV.
        package let registered: Bool?
    }
    package let legalPersons: [Entry]
    enum CodingKeys: String, CodingKey { case legalPersons = "legal_persons" }
}

package struct FederationPeople: Codable, Sendable {
    package let people: [FederationPerson]
}

/// Somebody with a certificate, and what is to become of a login with it.
package struct FederationPerson: Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case master, sub, personal }
    package enum Revocation: String, Codable, Sendable {
        case keyCompromise = "key-compromise", hold
        /// RFC 5280 §5.3.1.
        var reason: Int { self == .hold ? 6 : 1 }
    }
    package let id: String
    package let name: String
    package let kind: Kind
    package let issuer: String
    package let profile: String
    /// USCC of an entry in the legal persons' file.
    package let legalPerson: String?
    /// For the profile's placeholders.
    package let values: [String: String]?
    /// Instead of the profile's.
    package let valid: FederationValidity?
    package let revoked: Revocation?
    package let expect: String
    package let windows: [String]?
    package let setup: FederationSetup?

    enum CodingKeys: String, CodingKey {
        case id, name, kind, issuer, profile, values, valid, revoked, expect, windows, setup
        case legalPerson = "legal_person"
    }
}

/// What the demo does for a person before anybody logs in.
package struct FederationSetup: Codable, Sendable {
    package struct Grant: Codable, Sendable {
        package let window: String
        package let parameters: [String: String]?
        package let days: Int
    }
    package let openMaster: Bool?
    package let bindSub: Bool?
    package let grants: [Grant]?
    /// Windows that the person's legal person is admitted to.
    package let admit: [String]?

    enum CodingKeys: String, CodingKey {
        case grants, admit
        case openMaster = "open_master"
        case bindSub = "bind_sub"
    }
}

/// What is wrong with a description, or with the folder made from it.
package struct FederationFailure: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
