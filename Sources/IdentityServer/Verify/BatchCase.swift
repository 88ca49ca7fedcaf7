import Foundation

/// One line of `hallpass verify --batch`: a testcase as the public x509-limbo suite writes it, with `inputs`.
/// Absent, null and empty mean the same; fields that are not named here are ignored.
struct BatchCase: Decodable {
    let id: String?
    let trustedCerts: [String]?
    let untrustedIntermediates: [String]?
    let peerCertificate: String?
    let crls: [String]?
    let validationTime: String?
    let validationKind: String?
    let keyUsage: [String]?
    let extendedKeyUsage: [String]?
    let maxChainDepth: Int?
    let signatureAlgorithms: [String]?
    let inputs: Inputs?

    struct Inputs: Decodable {
        let initialPolicySet: [String]?
        let initialExplicitPolicy: Bool?
        let initialPolicyMappingInhibit: Bool?
        let initialAnyPolicyInhibit: Bool?
        let revocation: String?
        let lax: Bool?
        let noEKU: Bool?

        private enum CodingKeys: String, CodingKey {
            case initialPolicySet = "initial_policy_set"
            case initialExplicitPolicy = "initial_explicit_policy"
            case initialPolicyMappingInhibit = "initial_policy_mapping_inhibit"
            case initialAnyPolicyInhibit = "initial_any_policy_inhibit"
            case revocation, lax
            case noEKU = "no_eku"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, crls, inputs
        case trustedCerts = "trusted_certs"
        case untrustedIntermediates = "untrusted_intermediates"
        case peerCertificate = "peer_certificate"
        case validationTime = "validation_time"
        case validationKind = "validation_kind"
        case keyUsage = "key_usage"
        case extendedKeyUsage = "extended_key_usage"
        case maxChainDepth = "max_chain_depth"
        case signatureAlgorithms = "signature_algorithms"
    }
}

/// Only the name of a case whose other fields may be of any type, so that the answer carries it.
struct BatchCaseName: Decodable {
    let id: String
}

/// One line of the answer.
struct BatchAnswer: Encodable {
    enum Verdict: String, Encodable { case accept = "ACCEPT", reject = "REJECT" }

    var id: String?
    var verdict: Verdict
    var code: String
    var why: String
    /// SHA-256 of the certificate at fault; nil for ACCEPT, and where none is to blame.
    var certificate: String?
    var path: [String]
    var policies: [String]
    var micros: Int

    private enum CodingKeys: String, CodingKey { case id, verdict, code, why, certificate, path, policies, micros }

    /// All fields are always there; an unknown `id` and `certificate` are null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(code, forKey: .code)
        try container.encode(why, forKey: .why)
        try container.encode(certificate, forKey: .certificate)
        try container.encode(path, forKey: .path)
        try container.encode(policies, forKey: .policies)
        try container.encode(micros, forKey: .micros)
    }
}
