import Directory
import Foundation
import PKI
import Synchronization
import Testing

@testable import Registry

/// A CA of the tests: made once, with one key for all its leaves (their serial numbers tell them apart).
struct TestAuthority: Sendable {
    let issuing: IssuingAuthority
    var key: AuthorityKey { AuthorityKey(subjectOf: issuing.certificate) }

    static let start = Date(timeIntervalSince1970: 1_790_000_000)
    static let end = Date(timeIntervalSince1970: 2_000_000_000)

    init(_ name: String) throws {
        issuing = try IssuingAuthority.selfSigned(
            subject: NameTemplate([.init(oid: "2.5.4.3", value: name)]), key: try KeyPair.generate(.p256), serial: [0x41],
            notBefore: Self.start,
            notAfter: Self.end, extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign, .cRLSign])])
    }

    func leaf(
        subject: [(String, String)], extensions: [CertificateExtension] = [], key: KeyPair, until: Date = Self.end
    ) throws -> ValidatedPath {
        var serial = SecureRandom.system(12)
        serial[0] = 0x41
        let leaf = try issuing.issue(
            CertificateTemplate(
                serial: serial, subject: try NameTemplate(subject.map { .init(oid: $0.0, value: $0.1) }).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: Self.start, notAfter: until,
                extensions: extensions + [.keyUsage([.digitalSignature])]))
        return ValidatedPath(certificates: [leaf, issuing.certificate], issuer: self.key, policies: [], goodUntil: until)
    }
}

/// A registry with a few CAs and everybody the tests need.
final class People: Sendable {
    static let hengjiang = "91440000PDY00001XK"
    static let lingyun = "12440000PDY000028Q"
    static let unregistered = "51440000PDY000036J"
    static let citizen = "449900190001010016"
    private static let cas = Result {
        try (strong: TestAuthority("Strong CA"), weak: TestAuthority("Weak CA"), platform: TestAuthority("Platform CA"))
    }
    private static let leafKey = Result { try KeyPair.generate(.p256) }

    /// Extension style: opens masters by itself where the entity identifier starts with 1@.
    let strong: TestAuthority
    /// May assert little: masters of region 4401 only, by approval.
    let weak: TestAuthority
    let platform: TestAuthority
    let key: KeyPair
    let registry: Registry
    let folder: URL
    private let box = MomentBox(moment: 1_800_000_000)

    init(_ adjust: (inout RegistrySettings) -> Void = { $0.passwordAdministration = true }) throws {
        (strong, weak, platform) = try Self.cas.get()
        key = try Self.leafKey.get()
        folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-people-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = RegistrySettings()
        adjust(&settings)
        let box = box
        registry = Registry(
            storage: try Storage(path: folder.appending(path: "hallpass.sqlite").path), settings: settings,
            authorities: AuthorityBook(
                entries: [strong.key: Self.strongEntry, weak.key: Self.weakEntry, platform.key: Self.platformEntry],
                platform: [platform.key]),
            auditSigner: try AuditSigner(keyFile: folder.appending(path: "audit.key").path, headFile: folder.appending(path: "heads").path),
            now: { box.now })
    }

    deinit {
        try? registry.storage.close()
        try? FileManager.default.removeItem(at: folder)
    }

    var now: Date { box.now }
    func advance(_ seconds: TimeInterval) { box.advance(seconds) }

    /// With both legal persons in the registry and three windows.
    static func registered(_ adjust: (inout RegistrySettings) -> Void = { $0.passwordAdministration = true }) async throws -> People {
        let people = try People(adjust)
        let csv = "uscc,name\n\(hengjiang),恒江公司\n\(lingyun),岭云中心\n"
        _ = try await people.registry.importLegalPersons(csv: csv, actor: .system)
        for (id, entry, roles) in [("open", Window.Entry.everyone, []), ("tax", .granted, []), ("land", .granted, ["clerk"])] {
            var window = Window(id: id, name: id, protocol: .oidc, authMethod: .basic, grants: ["authorization_code"], entry: entry)
            window.redirectURIs = ["https://\(id).example/callback"]
            window.roles = roles
            _ = try await people.registry.addWindow(window, actor: .system)
        }
        return people
    }

    static let creditCode = "1.2.156.10260.4.1.4"
    static let identityCode = "1.2.156.10260.4.1.1"
    static let entity = "1.2.156.112570.11.205"

    static let profile = IdentityProfile(
        legalPerson: [IdentitySource(from: .extension, oid: creditCode), IdentitySource(from: .extension, oid: "1.2.156.10260.4.1.3")],
        person: [IdentitySource(from: .extension, oid: identityCode)], holder: [IdentitySource(from: .extension, oid: entity)],
        name: IdentitySource(from: .subject, oid: "2.5.4.3"), organization: IdentitySource(from: .subject, oid: "2.5.4.10"))
    static let strongEntry = AuthorityEntry(
        name: "强CA", master: MasterRule(opening: .automatic, when: .init(entityPrefix: "1@")),
        mayAssert: Assertions(
            identifiers: [.uscc, .citizenID], usccPrefixes: ["91", "12", "51"], regionPrefixes: ["44"], kinds: [.master, .sub, .personal]),
        identity: profile)
    static let weakEntry = AuthorityEntry(
        name: "弱CA", assurance: Assurance.password, master: MasterRule(opening: .automatic),
        mayAssert: Assertions(identifiers: [.uscc], usccPrefixes: ["12"], regionPrefixes: ["44"], kinds: [.master, .sub]),
        identity: profile)
    static let platformEntry = AuthorityEntry(
        name: "平台CA", master: MasterRule(opening: .automatic),
        mayAssert: Assertions(identifiers: [.uscc], usccPrefixes: ["91", "12"], kinds: [.master, .sub]),
        identity: IdentityProfile(
            legalPerson: [IdentitySource(from: .subject, oid: "2.5.4.97", pattern: try? BoundedPattern("^NTRCN-([0-9A-Z]{18})$"))],
            holder: [IdentitySource(from: .subject, oid: "2.5.4.5")], name: IdentitySource(from: .subject, oid: "2.5.4.3")))

    /// A legal person's certificate in the extension style.
    func certificate(
        of uscc: String, entity: String?, name: String = "张三", by authority: TestAuthority? = nil, until: Date = TestAuthority.end
    ) throws -> ValidatedPath {
        var extensions = [CertificateExtension.text(uscc, as: .printable, oid: Self.creditCode)]
        if let entity { extensions.append(.text(entity, as: .utf8, oid: Self.entity)) }
        return try (authority ?? strong).leaf(subject: [("2.5.4.3", name)], extensions: extensions, key: key, until: until)
    }

    func personal(_ number: String = citizen, name: String = "林子轩", by authority: TestAuthority? = nil) throws -> ValidatedPath {
        try (authority ?? strong).leaf(
            subject: [("2.5.4.3", name)], extensions: [.text(number, as: .context0, oid: Self.identityCode)], key: key)
    }

    func login(_ path: ValidatedPath) async throws -> Login {
        try await registry.identify(path, method: .tls, address: "127.0.0.1")
    }

    func session(_ login: Login) async throws -> Session {
        try await registry.openSession(login, replacing: nil, address: "127.0.0.1").session
    }

    func session(_ path: ValidatedPath) async throws -> Session { try await session(try await login(path)) }

    /// Logs the legal person's first certificate in: its master.
    func master(of uscc: String = hengjiang) async throws -> Session {
        try await session(try certificate(of: uscc, entity: "1@5008JJ0\(uscc)", name: "王主管"))
    }

    /// A bound sub and its session.
    func sub(_ entity: String = "2@5008", by master: Session, of uscc: String = hengjiang) async throws -> (BoundCertificate, Session) {
        let path = try certificate(of: uscc, entity: entity, name: "李同事")
        let bound = try await registry.bindSub(path, by: master)
        return (bound, try await session(path))
    }

    func administrator() async throws -> Session {
        try await staff([("root", ["administrator"]), ("clerk", ["clerk"])])
        return try await session(try await registry.identify(staff: "root", address: "127.0.0.1"))
    }

    @discardableResult
    func staff(_ people: [(uid: String, roles: [String])]) async throws -> SyncOutcome {
        try await registry.apply(Self.snapshot(people), mapping: Self.mapping, actor: .system)
    }

    static let mapping = ["cn=administrator,ou=groups,dc=gd": "administrator", "CN=Clerk, OU=Groups,DC=gd": "clerk"]
    static func snapshot(_ people: [(uid: String, roles: [String])]) -> DirectorySnapshot {
        DirectorySnapshot(
            units: [.init(dn: "ou=guangzhou,dc=gd", path: "guangdong/guangzhou", name: "广州")],
            people: people.map { person in
                .init(
                    id: "entry-\(person.uid)", dn: "uid=\(person.uid),ou=guangzhou,dc=gd", uid: person.uid, name: person.uid.uppercased(),
                    mail: nil, unitPath: "guangdong/guangzhou", groups: person.roles.map { "cn=\($0),ou=groups,dc=gd" })
            })
    }

    func isOpen(_ session: Session) async throws -> Bool { try await registry.session(sid: session.sid) != nil }
    func auditKinds() async throws -> [String] { try await registry.auditEvents(limit: 1000).reversed().map(\.kind) }
}

final class MomentBox: Sendable {
    private let moment: Mutex<Date>
    init(moment: TimeInterval) { self.moment = Mutex(Date(timeIntervalSince1970: moment)) }
    var now: Date { moment.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

/// The stable code that `work` was refused with; `done` when it was not.
func code(_ work: () async throws -> some Sendable) async -> String {
    do {
        _ = try await work()
        return "done"
    } catch let refusal as Refusal {
        return refusal.code.rawValue
    } catch let violation as RuleViolation {
        return violation.code
    } catch {
        return "\(error)"
    }
}
