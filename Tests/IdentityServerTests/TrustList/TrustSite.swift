import Foundation
import PKI
import Registry
import Testing

@testable import IdentityServer

/// A copy of the demo federation with a server's configuration, and a CA that its trust list does not know.
final class TrustSite: Sendable {
    let folder: String
    let stranger: StrangerCA

    init() async throws {
        let (federation, _) = try await SharedFederation.load()
        folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-trust-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: federation, toPath: folder)
        let text = """
            public_origin: https://localhost:8443
            certificate_origin: https://localhost:8444
            tls: {certificate: tls/origins.pem, key: tls/origins.key}
            database: hallpass.db
            trust_list: trust.yaml
            sealing_key: "\(String(repeating: "01", count: 32))"
            audit: {key_file: audit.key, head_file: audit.heads}
            """
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/hallpass.yaml"))
        stranger = try StrangerCA(in: folder + "/stranger", name: "外来CA")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func trust(creating: Bool = true) throws -> OperatorTrust {
        try OperatorTrust(configurationPath: "\(folder)/hallpass.yaml", creating: creating)
    }

    var list: String { "\(folder)/trust.yaml" }
    var draftList: String { "\(folder)/draft/trust.yaml" }
    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) }

    func edit(_ path: String, _ old: String, _ new: String) throws {
        let before = try text(path)
        #expect(before.contains(old))
        try write(before.replacing(old, with: new), to: path)
    }

    /// The stranger's CA in the usual draft, or another.
    func addStranger(draft: String? = nil, name: String = "外来CA") async throws {
        _ = try await trust().add(stranger.addition(name), draft: draft)
    }

    func accepts(_ certificate: Certificate) throws -> Bool {
        let list = try LoadedTrustList.load(path: list).list
        return (try? TrustGraph(list, at: Date()).validate(certificate, at: Date())) != nil
    }

    func events(_ kind: String) async throws -> [AuditEntry] {
        try await OperatorRegistry(configurationPath: "\(folder)/hallpass.yaml", creating: false).registry.auditEvents(limit: 100)
            .filter { $0.kind == kind }
    }
}

/// A root, an issuing CA below it, its list, and a person's certificate in the form of ETSI EN 319 412-1.
final class StrangerCA: Sendable {
    let root: IssuingAuthority
    let issuing: IssuingAuthority
    let leaf: Certificate
    let folder: String
    var chain: String { folder + "/chain.pem" }
    var lists: [String] { [folder + "/root.crl", folder + "/issuing.crl"] }
    var person: String { folder + "/person.pem" }

    init(in folder: String, name: String) throws {
        self.folder = folder
        let (start, end) = (Date().wholeSeconds.addingTimeInterval(-3600), Date().wholeSeconds.addingTimeInterval(86_400 * 300))
        let rootKey = try KeyPair.generate(.p256)
        root = try IssuingAuthority.selfSigned(
            subject: NameTemplate([.init(oid: "2.5.4.3", value: name + " root")]), key: rootKey, serial: [1], notBefore: start,
            notAfter: end, extensions: [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])])
        let key = try KeyPair.generate(.p256)
        let issuer = try root.issue(
            CertificateTemplate(
                serial: [2], subject: try NameTemplate([.init(oid: "2.5.4.3", value: name)]).encoded(), publicKeyInfo: key.publicKeyInfo,
                notBefore: start, notAfter: end, extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign, .cRLSign])]))
        issuing = IssuingAuthority(certificate: issuer, key: key)
        let subject = NameTemplate([
            .init(oid: "2.5.4.5", value: "IDCCN-44000019000101006X"), .init(oid: "2.5.4.3", value: "许知远"),
        ])
        leaf = try issuing.issue(
            CertificateTemplate(
                serial: [3], subject: try subject.encoded(), publicKeyInfo: try KeyPair.generate(.p256).publicKeyInfo, notBefore: start,
                notAfter: end, extensions: [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth])]))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(issuer.pem + root.certificate.pem, to: chain)
        try write(leaf.pem, to: person)
        try publish(rootRevokes: [])
    }

    /// Writes both lists; the root's with these serial numbers.
    func publish(rootRevokes serials: [[UInt8]], number: Int = 1) throws {
        let (start, end) = (Date().wholeSeconds.addingTimeInterval(-60), Date().wholeSeconds.addingTimeInterval(86_400))
        for (authority, path, serials) in [(root, lists[0], serials), (issuing, lists[1], [])] {
            let list = try authority.issueRevocationList(
                revoked: serials.map { ($0, start, 1) }, number: number, thisUpdate: start, nextUpdate: end)
            try Data(list.der).write(to: URL(filePath: path), options: .atomic)
        }
    }

    func addition(_ name: String) -> TrustAddition {
        var addition = TrustAddition(chain: chain, name: name)
        addition.isAnchor = true
        addition.profile = "etsi"
        addition.revocationLists = lists
        return addition
    }

    private func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
}
