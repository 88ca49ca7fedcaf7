import Foundation
import Registry

/// Puts demo.json together.
struct DemoReport {
    let folder: DemoFolder
    let ports: DemoPorts
    let federation: FederationManifest
    let secrets: DemoSecrets
    let windows: DemoWindows
    let entries: DemoEntries

    func json() async throws -> String {
        let manifest = DemoManifest(
            issuer: windows.issuer, certificateOrigin: "https://localhost:\(ports.certificateOrigin)",
            config: folder.told(DemoConfiguration.file), tlsCA: made(federation.tlsCA), trust: made(federation.trust),
            people: try await people(), windows: registered(), staff: try await staff(),
            admin: .init(uid: StaffTree.administrator, password: secrets.staff[StaffTree.administrator] ?? ""),
            ldap: .init(
                url: "ldap://127.0.0.1:\(ports.ldap)", base: StaffTree.base, bindDN: StaffTree.manager, password: secrets.directoryManager,
                tlsCA: made(federation.tlsCA)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(manifest), as: UTF8.self)
    }

    private func people() async throws -> [DemoManifest.Person] {
        var people: [DemoManifest.Person] = []
        for person in federation.people {
            people.append(
                DemoManifest.Person(
                    name: person.name, kind: person.kind, legalPerson: person.legalPerson.map { .init(uscc: $0.uscc, name: $0.name) },
                    certificate: made(person.certificate), chain: made(person.chain), key: made(person.key),
                    pkcs12: person.pkcs12.map(made), pkcs12Password: person.pkcs12Password, ca: person.ca, by: person.by,
                    expect: person.expect, windows: try await entries.windows(of: person)))
        }
        return people
    }

    private func registered() -> [DemoManifest.Window] {
        windows.all.map { window in
            DemoManifest.Window(
                id: window.id, name: window.name, protocol: window.protocol.rawValue, entry: window.entry.rawValue,
                clientID: window.clientID, clientSecret: secrets.windows[window.id], redirectURIs: window.redirectURIs,
                url: windows.url(of: window))
        }
    }

    /// Those whom the registry knows: the directory may have changed since it was loaded.
    private func staff() async throws -> [DemoManifest.Staff] {
        var staff: [DemoManifest.Staff] = []
        for member in StaffTree.members {
            guard let account = try await entries.account(ofStaff: member.uid), let password = secrets.staff[member.uid] else { continue }
            staff.append(
                DemoManifest.Staff(
                    uid: member.uid, password: password, name: account.name, orgUnit: account.orgUnit ?? "", roles: account.roles,
                    windows: try await entries.windows(of: account)))
        }
        return staff
    }

    private func made(_ name: String) -> String { folder.told("federation/\(name)") }
}
