import Foundation
import PKI

/// Answers one line of `hallpass verify --batch`: bytes in, bytes out, never an error.
package struct BatchVerifier: Sendable {
    private let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

    /// A JSON object on one line, without its line feed.
    package func answer(_ line: [UInt8]) -> [UInt8] {
        let start = ContinuousClock.now
        var answer = judge(line)
        let elapsed = ContinuousClock.now - start
        answer.micros = Int(elapsed.components.seconds) * 1_000_000 + Int(elapsed.components.attoseconds / 1_000_000_000_000)
        return Self.encode(answer)
    }

    /// For a line that is not even read to its end.
    package func refuse(_ why: String) -> [UInt8] { Self.encode(Self.reject(nil, Refusal(.tooComplex, why))) }

    private func judge(_ line: [UInt8]) -> BatchAnswer {
        let data = Data(line)
        let decoder = JSONDecoder()
        let question: BatchCase
        do {
            question = try decoder.decode(BatchCase.self, from: data)
        } catch {
            let id = try? decoder.decode(BatchCaseName.self, from: data).id
            return Self.reject(id, Refusal(.certificateMalformed, "the line is not a JSON object of the expected shape"))
        }
        do throws(Refusal) {
            let path = try validate(question)
            return BatchAnswer(
                id: question.id, verdict: .accept, code: "", why: "", path: path.fingerprints.map(\.description), policies: path.policies,
                micros: 0)
        } catch {
            return Self.reject(question.id, error)
        }
    }

    private func validate(_ question: BatchCase) throws(Refusal) -> ValidatedPath {
        let time = try validationTime(question)
        let leaf = try Self.leaf(question)
        let request = try Self.request(question)
        let anchors = Self.certificates(question.trustedCerts)
        guard !anchors.isEmpty else { throw Refusal(.pathNotFound, "no usable anchor: none of trusted_certs is a certificate") }
        let lists = (question.crls ?? []).compactMap { try? CertificateList(bytes: Array($0.utf8)) }
        let list = TrustList(anchors: anchors, authorities: Self.certificates(question.untrustedIntermediates), revocationLists: lists)
        let graph = TrustGraph(list.relevant(to: leaf), at: time, settings: try Self.settings(question))
        return try graph.examine(leaf, request: request, at: time).verdict.get()
    }

    private func validationTime(_ question: BatchCase) throws(Refusal) -> Date {
        guard let text = question.validationTime, !text.isEmpty else { return now().wholeSeconds }
        guard let time = Timestamp.parse(text) else { throw Refusal(.certificateMalformed, "validation_time is not an RFC 3339 time") }
        return time
    }

    private static func leaf(_ question: BatchCase) throws(Refusal) -> Certificate {
        guard let pem = question.peerCertificate, !pem.isEmpty else { throw Refusal(.certificateMissing, "peer_certificate is missing") }
        return try Certificate.list(pem: pem)[0]
    }

    /// A certificate in a pool that does not parse is skipped.
    private static func certificates(_ texts: [String]?) -> [Certificate] {
        (texts ?? []).flatMap { (PEM.blocks("CERTIFICATE", in: $0) ?? []).compactMap { try? Certificate(der: $0) } }
    }

    private static func request(_ question: BatchCase) throws(Refusal) -> ValidationRequest {
        let inputs = question.inputs
        var request = ValidationRequest(purpose: try purpose(question), maximumDepth: question.maxChainDepth)
        if let names = question.extendedKeyUsage, !names.isEmpty, inputs?.noEKU != true, !request.ask(purposes: names) {
            throw Refusal(.purposeNotPermitted, "extended_key_usage names an unknown purpose")
        }
        for name in question.keyUsage ?? [] {
            guard let usage = KeyUsage.named.first(where: { $0.name == name })?.usage else {
                throw Refusal(.purposeNotPermitted, "key_usage names an unknown usage")
            }
            request.keyUsage.insert(usage)
        }
        request.signatureAlgorithms = Set(question.signatureAlgorithms ?? [])
        guard request.accept(policies: inputs?.initialPolicySet ?? []) else {
            throw Refusal(.policyNotAcceptable, "inputs.initial_policy_set names what is not an OID")
        }
        request.isPolicyRequired = inputs?.initialExplicitPolicy ?? false
        return request
    }

    private static func purpose(_ question: BatchCase) throws(Refusal) -> Purpose {
        if question.inputs?.noEKU == true { return .any }
        switch question.validationKind {
        case nil, "", "CLIENT": return .client
        case "SERVER": return .server
        default: throw Refusal(.purposeNotPermitted, "validation_kind is neither CLIENT nor SERVER")
        }
    }

    private static func settings(_ question: BatchCase) throws(Refusal) -> ValidationSettings {
        let revocation: AuthorityRules.Revocation
        switch question.inputs?.revocation {
        case nil, "": revocation = (question.crls ?? []).isEmpty ? .off : .hard
        case "hard-fail": revocation = .hard
        case "off": revocation = .off
        default: throw Refusal(.revocationUnavailable, "inputs.revocation is neither off nor hard-fail")
        }
        var settings = ValidationSettings(isLax: question.inputs?.lax ?? false, unlistedAuthorities: AuthorityRules(revocation: revocation))
        settings.floor = settings.isLax ? .legacy : .standard
        if question.inputs?.initialPolicyMappingInhibit == true { settings.inhibitions.insert(.policyMapping) }
        if question.inputs?.initialAnyPolicyInhibit == true { settings.inhibitions.insert(.anyPolicy) }
        return settings
    }

    private static func reject(_ id: String?, _ refusal: Refusal) -> BatchAnswer {
        BatchAnswer(
            id: id, verdict: .reject, code: refusal.code.rawValue, why: refusal.why, certificate: refusal.certificate?.description,
            path: [],
            policies: [], micros: 0)
    }

    private static func encode(_ answer: BatchAnswer) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(answer) else {
            // Strings and numbers always encode; should they not, the line must still be answered.
            return Array(
                #"{"certificate":null,"code":"too_complex","id":null,"micros":0,"path":[],"policies":[],"verdict":"REJECT","#.utf8)
                + Array(#""why":"the answer cannot be written"}"#.utf8)
        }
        return Array(data)
    }
}
