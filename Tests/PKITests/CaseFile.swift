import Foundation
import Testing

@testable import PKI

/// A fixture in the shape of `hallpass verify --batch`.
struct CaseFile: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let trustedCerts: [String]
        let untrustedIntermediates: [String]?
        let peerCertificate: String
        let crls: [String]?
        let validationTime: String
        let validationKind: String
        let keyUsage: [String]?
        let extendedKeyUsage: [String]?
        let maxChainDepth: Int?
        let signatureAlgorithms: [String]?
        let inputs: Inputs?
        /// ACCEPT or a refusal code (cases.json).
        let expected: String?
        /// SUCCESS or FAILURE (pkits.json).
        let expectedResult: String?

        var testDescription: String { id }
    }
    struct Inputs: Decodable, Sendable {
        let initialPolicySet: [String]?
        let initialExplicitPolicy: Bool?
        let initialPolicyMappingInhibit: Bool?
        let initialAnyPolicyInhibit: Bool?
        let revocation: String?
        let lax: Bool?
        let noEku: Bool?
    }

    let testcases: [Case]

    static func load(_ name: String) throws -> [Case] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(CaseFile.self, from: Data(contentsOf: url)).testcases
    }
}

extension CaseFile.Case {
    var time: Date { (try? Date(validationTime.replacing(/\.\d+/, with: ""), strategy: .iso8601)) ?? .distantPast }

    private func pool(_ texts: [String]?) -> [Certificate] {
        (texts ?? []).flatMap { (PEM.blocks("CERTIFICATE", in: $0) ?? []).compactMap { try? Certificate(der: $0) } }
    }

    /// What the case puts in; `order` rearranges each pool.
    func list(order: ([Certificate]) -> [Certificate] = { $0 }) -> TrustList {
        let lists = (crls ?? []).compactMap { try? CertificateList(bytes: Array($0.utf8)) }
        return TrustList(anchors: order(pool(trustedCerts)), authorities: order(pool(untrustedIntermediates)), revocationLists: lists)
    }

    var settings: ValidationSettings {
        let isHard = inputs?.revocation.map { $0 == "hard-fail" } ?? !(crls ?? []).isEmpty
        var settings = ValidationSettings(
            isLax: inputs?.lax ?? false, unlistedAuthorities: AuthorityRules(revocation: isHard ? .hard : .off))
        settings.floor = settings.isLax ? .legacy : .standard
        if inputs?.initialPolicyMappingInhibit == true { settings.inhibitions.insert(.policyMapping) }
        if inputs?.initialAnyPolicyInhibit == true { settings.inhibitions.insert(.anyPolicy) }
        return settings
    }

    func request() -> ValidationRequest {
        let purpose: Purpose = inputs?.noEku == true ? .any : validationKind == "SERVER" ? .server : .client
        var request = ValidationRequest(purpose: purpose, maximumDepth: maxChainDepth, signatureAlgorithms: Set(signatureAlgorithms ?? []))
        if let names = extendedKeyUsage, !names.isEmpty, inputs?.noEku != true { _ = request.ask(purposes: names) }
        request.keyUsage = KeyUsage((keyUsage ?? []).compactMap { name in KeyUsage.named.first { $0.name == name }?.usage })
        _ = request.accept(policies: inputs?.initialPolicySet ?? [])
        request.isPolicyRequired = inputs?.initialExplicitPolicy ?? false
        return request
    }

    /// The path found, or the refusal.
    func verdict(order: ([Certificate]) -> [Certificate] = { $0 }) -> Result<ValidatedPath, Refusal> {
        let leaf: Certificate
        do throws(Refusal) { leaf = try Certificate.list(pem: peerCertificate)[0] } catch { return .failure(error) }
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
