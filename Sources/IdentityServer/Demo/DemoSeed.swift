import Directory
import Foundation
import PKI
import Registry

/// Brings the registry to where the demo starts: legal persons, windows, staff, masters, subs, admissions, grants. What is there already
/// stays, so a second run changes nothing.
struct DemoSeed {
    let registry: Registry
    let graph: TrustGraph
    let federation: FederationManifest
    let folder: DemoFolder
    let now: Date
    let actor = Actor.commandLine(NSUserName())

    func legalPersons() async throws {
        let csv = try text(federation.legalPersons)
        _ = try await registry.importLegalPersons(csv: csv, actor: actor)
    }

    /// Registers what is missing or was registered otherwise (for other ports), keeping the client secrets in `secrets`.
    func windows(_ windows: [Window], secrets: inout DemoSecrets) async throws {
        for window in windows {
            if let known = try await registry.window(window.id) {
                if known.isRegistered(as: window), secrets.windows[window.id] != nil || !window.hasSecret { continue }
                try await registry.removeWindow(window.id, actor: actor)
            }
            secrets.windows[window.id] = try await registry.addWindow(window, actor: actor)
            try secrets.save(to: folder)
        }
    }

    func staff(_ client: DirectoryClient) async throws {
        let outcome = try await registry.apply(try await client.snapshot(), mapping: StaffTree.roles, actor: actor)
        // The directory may have been emptied by whoever tried that; the server goes on asking it.
        if let halted = outcome.halted { DemoLog.say("the directory was not taken over: \(halted)") }
    }

    func people() async throws {
        for person in federation.people where person.setup != .none {
            do {
                try await prepare(person)
            } catch let error as RuleViolation {
                throw DemoFailure("\(person.id) cannot be prepared: \(error.code): \(error.why)")
            } catch let error as Refusal where Self.mayHappenLater.contains(error.code) {
                DemoLog.say("\(person.id) is not prepared: \(error)")
            } catch let error as Refusal {
                throw DemoFailure("\(person.id) cannot be prepared: \(error)")
            }
        }
    }

    /// Whoever tried the demo may have revoked or suspended people since its first start.
    private static let mayHappenLater: Set<RefusalCode> = [
        .certificateRevoked, .certificateSuspended, .caRevoked, .legalPersonSuspended, .notRegistered,
    ]

    private func prepare(_ person: FederationManifest.Person) async throws {
        let path = try path(of: person)
        if let uscc = person.legalPerson?.uscc {
            if person.setup.openMaster { try await unlessBound { _ = try await registry.openMaster(path, actor: actor) } }
            for window in person.setup.admit { try await registry.admit(legalPerson: uscc, to: window, actor: actor) }
            if person.setup.bindSub { try await unlessBound { _ = try await registry.bindSub(path, toLegalPerson: uscc, actor: actor) } }
        }
        guard !person.setup.grants.isEmpty else { return }
        let account = try await account(of: person, path)
        let inForce = Set(try await registry.grants(ofAccount: account).filter { $0.until > now }.map(\.windowID))
        for grant in person.setup.grants where !inForce.contains(grant.window) {
            _ = try await registry.give(
                accountID: account, windowID: grant.window, parameters: grant.parameters, from: now,
                until: now.addingTimeInterval(Double(grant.days) * 86_400), actor: actor)
        }
    }

    /// From an earlier run; a renewed certificate of the same holder too.
    private func unlessBound(_ act: () async throws -> Void) async throws {
        do {
            try await act()
        } catch let error as RuleViolation where ["already_bound", "has_master"].contains(error.code) {}
    }

    /// As a login would find or make it.
    private func account(of person: FederationManifest.Person, _ path: ValidatedPath) async throws -> String {
        try await registry.identify(path, method: .tls, address: "demo").accountID
    }

    func path(of person: FederationManifest.Person) throws -> ValidatedPath {
        let leaf = try Certificate.list(pem: text(person.certificate))[0]
        let chain = try text(person.chain)
        return try graph.validate(
            leaf, intermediates: chain.contains("BEGIN") ? Certificate.list(pem: chain) : [], purpose: .client, at: now)
    }

    private func text(_ name: String) throws -> String {
        guard let data = folder.read("federation/\(name)") else { throw DemoFailure("\(folder.file("federation/\(name)")) is missing") }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Window {
    fileprivate var hasSecret: Bool { authMethod == .basic || authMethod == .post }

    /// But for its state: a suspended window stays suspended.
    fileprivate func isRegistered(as wanted: Window) -> Bool {
        var wanted = wanted
        wanted.state = state
        return self == wanted
    }
}

extension FederationManifest.Setup {
    fileprivate static let none = Self(openMaster: false, bindSub: false, grants: [], admit: [])
}
