import Foundation
import Testing

@testable import PKI

/// A fixture in the shape of `hallpass verify --batch`.
struct CaseFile: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let trusted_certs: [String]
        let untrusted_intermediates: [String]?
        let peer_certificate: String
        let crls: [String]?
        let validation_time: String
        let validation_kind: String
        let key_usage: [String]?
        let extended_key_usage: [String]?
        let max_chain_depth: Int?
        let signature_algorithms: [String]?
        let inputs: Inputs?
        /// ACCEPT or a refusal code (cases.json).
        let expected: String?
        /// SUCCESS or FAILURE (pkits.json).
        let expected_result: String?

        var testDescription: String { id }
    }
    struct Inputs: Decodable, Sendable {
        let initial_policy_set: [String]?
        let initial_explicit_policy: Bool?
        let initial_policy_mapping_inhibit: Bool?
        let initial_any_policy_inhibit: Bool?
        let revocation: String?
        let lax: Bool?
        let no_eku: Bool?
    }

    let testcases: [Case]

    static func load(_ name: String) throws -> [Case] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        return try JSONDecoder().decode(CaseFile.self, from: Data(contentsOf: url)).testcases
    }
}

extension CaseFile.Case {
    var time: Date { (try? Date(validation_time.replacing(/\.\d+/, with: ""), strategy: .iso8601)) ?? .distantPast }

    private func pool(_ texts: [String]?) -> [Certificate] {
        (texts ?? []).flatMap { (PEM.blocks("CERTIFICATE", in: $0) ?? []).compactMap { try? Certificate(der: $0) } }
    }

    /// What the case puts in; `order` rearranges each pool.
    func list(order: ([Certificate]) -> [Certificate] = { $0 }) -> TrustList {
        let lists = (crls ?? []).compactMap { try? CertificateList(bytes: Array($0.utf8)) }
        return TrustList(anchors: order(pool(trusted_certs)), authorities: order(pool(untrusted_intermediates)), revocationLists: lists)
    }

    var settings: ValidationSettings {
        let isHard = inputs?.revocation.map { $0 == "hard-fail" } ?? !(crls ?? []).isEmpty
        return ValidationSettings(isLax: inputs?.lax ?? false, unlistedAuthorities: AuthorityRules(revocation: isHard ? .hard : .off))
    }

    func request() -> ValidationRequest {
        let purpose: Purpose = inputs?.no_eku == true ? .any : validation_kind == "SERVER" ? .server : .client
        var request = ValidationRequest(purpose: purpose, maximumDepth: max_chain_depth, signatureAlgorithms: Set(signature_algorithms ?? []))
        if let names = extended_key_usage, !names.isEmpty, inputs?.no_eku != true { _ = request.ask(purposes: names) }
        request.keyUsage = KeyUsage((key_usage ?? []).compactMap { name in KeyUsage.named.first { $0.name == name }?.usage })
        request.policies = PolicyInputs(
            initialSet: inputs?.initial_policy_set ?? [], explicit: inputs?.initial_explicit_policy ?? false,
            inhibitMapping: inputs?.initial_policy_mapping_inhibit ?? false, inhibitAny: inputs?.initial_any_policy_inhibit ?? false)
        return request
    }

    /// The path found, or the refusal.
    func verdict(order: ([Certificate]) -> [Certificate] = { $0 }) -> Result<ValidatedPath, Refusal> {
        let leaf: Certificate
        do throws(Refusal) { leaf = try Certificate.list(pem: peer_certificate)[0] } catch { return .failure(error) }
        return TrustGraph(list(order: order), at: time, settings: settings).examine(leaf, request: request(), at: time).verdict
    }
}

extension Result<ValidatedPath, Refusal> {
    /// ACCEPT or the refusal's code.
    var told: String {
        switch self {
        case .success: "ACCEPT"
        case .failure(let refusal): refusal.code.rawValue
        }
    }
    var fingerprints: [Fingerprint] { (try? get())?.fingerprints ?? [] }
}

/// A generator that repeats (SplitMix64), for orders that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
