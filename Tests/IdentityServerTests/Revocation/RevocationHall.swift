import Foundation
import Logging
import PKI
import Registry
import Synchronization

@testable import IdentityServer

/// A root, an issuing CA below it and another of the same name with another key; leaves of one legal person.
struct RevocationMesh: Sendable {
    static let start = Date(timeIntervalSince1970: 1_790_000_000)
    static let end = Date(timeIntervalSince1970: 2_000_000_000)
    static let uscc = "91440000PDY00001XK"
    let root: IssuingAuthority
    let issuing: IssuingAuthority
    /// Not in the trust list; names itself like `issuing`.
    let impostor: IssuingAuthority
    let master: Certificate
    let sub: Certificate

    static let shared = Result { try RevocationMesh() }

    private init() throws {
        root = try IssuingAuthority.selfSigned(
            subject: Self.name("根"), key: try KeyPair.generate(.p256), serial: [0x01], notBefore: Self.start, notAfter: Self.end,
            extensions: [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])])
        issuing = try Self.authority("企业CA", serial: 0x02, below: root)
        impostor = try Self.authority("企业CA", serial: 0x03, below: root)
        master = try Self.leaf("王主管", holder: "1-a", serial: 0x11, by: issuing)
        sub = try Self.leaf("李同事", holder: "2-b", serial: 0x12, by: issuing)
    }

    private static func name(_ text: String) -> NameTemplate { NameTemplate([.init(oid: "2.5.4.3", value: text)]) }

    private static func authority(_ name: String, serial: UInt8, below parent: IssuingAuthority) throws -> IssuingAuthority {
        let key = try KeyPair.generate(.p256)
        let certificate = try parent.issue(
            CertificateTemplate(
                serial: [serial], subject: try Self.name(name).encoded(), publicKeyInfo: key.publicKeyInfo, notBefore: start, notAfter: end,
                extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign, .cRLSign])]))
        return IssuingAuthority(certificate: certificate, key: key)
    }

    private static func leaf(_ name: String, holder: String, serial: UInt8, by authority: IssuingAuthority) throws -> Certificate {
        try authority.issue(
            CertificateTemplate(
                serial: [serial],
                subject: try NameTemplate([
                    .init(oid: "2.5.4.97", value: "NTRCN-\(uscc)"), .init(oid: "2.5.4.5", value: holder),
                    .init(oid: "2.5.4.3", value: name),
                ]).encoded(),
                publicKeyInfo: try KeyPair.generate(.p256).publicKeyInfo, notBefore: start, notAfter: end,
                extensions: [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth])]))
    }

    /// A CRL of `authority`, of `number` and an hour of life from `moment` unless told otherwise.
    static func list(
        by authority: IssuingAuthority, number: Int, at moment: Date, revoking: [(Certificate, Int)] = [], life: TimeInterval = 3600
    ) throws -> CertificateList {
        try authority.issueRevocationList(
            revoked: revoking.map { ($0.0.serial, moment, $0.1) }, number: number, thisUpdate: moment,
            nextUpdate: moment.addingTimeInterval(life))
    }
}

/// A network of the test's making.
final class FakeNetwork: Fetching {
    typealias Reply = @Sendable (FetchRequest) async throws(FetchFailure) -> Fetched
    private struct State {
        var replies: [String: Reply] = [:]
        var requests: [FetchRequest] = []
    }
    private let state = Mutex(State())

    var requests: [FetchRequest] { state.withLock { $0.requests } }
    func reply(_ address: String, _ reply: @escaping Reply) { state.withLock { $0.replies[address] = reply } }
    func serve(_ address: String, _ bytes: [UInt8], etag: String? = nil) {
        reply(address) { (_: FetchRequest) async throws(FetchFailure) in .bytes(bytes, .init(etag: etag)) }
    }

    func fetch(_ request: FetchRequest) async throws(FetchFailure) -> Fetched {
        let reply = state.withLock { state in
            state.requests.append(request)
            return state.replies[request.address.description]
        }
        guard let reply else { throw FetchFailure("nobody listens") }
        return try await reply(request)
    }
}

/// The services with a trust keeper over the mesh, on a database that a second hall can open again.
final class RevocationHall: Sendable {
    let mesh: RevocationMesh
    let folder: String
    let clock: HeldClock
    let network = FakeNetwork()
    let log = RecordedLog()
    let services: Services
    let keeper: TrustKeeper

    /// The files of the trust list: the root's and the issuing CA's list number 10, nothing revoked.
    static func files(_ mesh: RevocationMesh, at moment: Date) throws -> [CertificateList] {
        [
            try RevocationMesh.list(by: mesh.root, number: 10, at: moment, life: 86_400 * 30),
            try RevocationMesh.list(by: mesh.issuing, number: 10, at: moment),
        ]
    }

    init(
        after earlier: RevocationHall? = nil, files: [CertificateList]? = nil, sources: RevocationSources? = nil,
        asksResponders: Bool = false, starting: Bool = true, _ adjust: (inout RegistrySettings) -> Void = { _ in }
    ) async throws {
        mesh = try RevocationMesh.shared.get()
        clock = earlier?.clock ?? HeldClock()
        folder = earlier?.folder ?? FileManager.default.temporaryDirectory.appending(path: "hallpass-revocation-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let loaded = try Self.trustList(mesh, in: folder, files: try files ?? Self.files(mesh, at: clock.now), sources: sources)
        var configuration = ServerConfiguration()
        configuration.sealingKey = Array(repeating: 7, count: 32)
        adjust(&configuration.registry)
        let clock = self.clock
        let registry = Registry(
            storage: try Storage(path: folder + "/hallpass.db"), settings: configuration.registry, authorities: loaded.book,
            auditSigner: try AuditSigner(keyFile: folder + "/audit.key", headFile: folder + "/audit.heads"), now: { clock.now })
        let trust = TrustStore(TrustGraph(TrustList(anchors: []), at: clock.now))
        let desk = OCSPDesk(fetcher: network, language: OCSPLanguage(trust: trust), now: { clock.now }, jitter: { 0 })
        services = try Services(
            configuration: configuration, registry: registry, trust: trust,
            keys: try await KeyStore.open(registry: registry, sealingKey: configuration.sealingKey),
            revocation: RevocationService(fetcher: network, responders: asksResponders ? desk : nil), now: { clock.now }, logger: log.logger
        )
        keeper = TrustKeeper(services: services, loaded: loaded)
        if earlier == nil { _ = try await registry.importLegalPersons(csv: "uscc,name\n\(RevocationMesh.uscc),粤桥\n", actor: .system) }
        if starting { try await keeper.start() }
    }

    /// Written to the folder and read back, as an operator's is.
    private static func trustList(
        _ mesh: RevocationMesh, in folder: String, files: [CertificateList], sources: RevocationSources?
    ) throws -> LoadedTrustList {
        func write(_ name: String, _ bytes: [UInt8]) throws -> String {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
            return name
        }
        let lists = try files.enumerated().map { try write("\($0).crl", try $1.der) }
        _ = try write("root.pem", Array(mesh.root.certificate.pem.utf8))
        _ = try write("issuing.pem", Array(mesh.issuing.certificate.pem.utf8))
        let text = """
            version: 1
            anchors: [root.pem]
            authorities: [issuing.pem]
            revocation_lists: \(lists)
            cas:
              - certificate: issuing.pem
                name: 企业CA
                master: {opening: automatic}
                may_assert: {identifiers: [uscc], uscc_prefixes: ["91"], kinds: [master, sub]}
                identity:
                  legal_person: [{from: subject, oid: 2.5.4.97, pattern: "^NTRCN-([0-9A-Z]{18})$"}]
                  holder: [{from: subject, oid: 2.5.4.5}]
                  name: {from: subject, oid: 2.5.4.3}
            \(sources.map(Self.text) ?? "")
            """
        return try LoadedTrustList.load(path: "\(folder)/\(try write("trust.yaml", Array(text.utf8)))")
    }

    private static func text(_ sources: RevocationSources) -> String {
        let seconds = Int(sources.refresh / .seconds(1))
        let ocsp = sources.ocsp.map { ", ocsp: \"\($0)\"" } ?? ""
        return """
                revocation_sources: {lists: \(sources.lists.map(\.description)), allow_private: \(sources.allowsPrivate), refresh: \(seconds)\(ocsp)}
            """
    }

    func adopt(files: [CertificateList], sources: RevocationSources? = nil) async throws {
        try await keeper.adopt(try Self.trustList(mesh, in: folder, files: files, sources: sources))
    }

    /// A list of the issuing CA arrives as if fetched. `seconds` later than now.
    func arrive(_ number: Int, revoking: [(Certificate, Int)] = [], by authority: IssuingAuthority? = nil) async throws {
        let list = try RevocationMesh.list(by: authority ?? mesh.issuing, number: number, at: clock.now, revoking: revoking)
        _ = try await keeper.take(try list.der, from: "http://crl.example/ca.crl")
    }

    func logIn(_ leaf: Certificate) async throws -> Session {
        let login = try await services.identify(leaf, intermediates: [], method: .tls, address: "192.0.2.1")
        return try await services.registry.openSession(login, replacing: nil, address: "192.0.2.1").session
    }

    /// The master logged in, and a sub bound by it.
    func everybody() async throws -> (master: Session, sub: Session) {
        let master = try await logIn(mesh.master)
        _ = try await services.registry.bindSub(try services.trust.validate(mesh.sub, at: clock.now), by: master)
        return (master, try await logIn(mesh.sub))
    }

    /// Makes a statement to the database fail until `healDatabase()`.
    func breakDatabase(_ trigger: String) async throws {
        _ = try await services.registry.storage.write {
            try $0.execute("CREATE TRIGGER broken BEFORE \(trigger) BEGIN SELECT RAISE(ABORT, 'disk'); END")
        }
    }
    func healDatabase() async throws { _ = try await services.registry.storage.write { try $0.execute("DROP TRIGGER broken") } }

    func isOpen(_ session: Session) async throws -> Bool { try await services.registry.session(sid: session.sid) != nil }

    /// The code a login is refused with; nil when it is not.
    func refusal(of leaf: Certificate) async throws -> RefusalCode? {
        do {
            _ = try await logIn(leaf)
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        }
    }

    func events(_ kind: String) async throws -> [AuditEntry] {
        try await services.registry.auditEvents(limit: 1000).filter { $0.kind == kind }
    }
}
