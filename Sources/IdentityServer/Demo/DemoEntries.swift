import PKI
import Registry

/// Which windows each person and member of staff may enter, as the registry says.
struct DemoEntries {
    let registry: Registry
    let seed: DemoSeed

    /// Whoever is not to get in enters nothing. An account that the first login will make enters what everyone may.
    func windows(of person: FederationManifest.Person) async throws -> [String] {
        guard person.expect == "login" else { return [] }
        guard let account = try await account(of: person) else { return try await openToEveryone() }
        return try await windows(of: account)
    }

    func account(ofStaff uid: String) async throws -> Account? {
        try await registry.accounts(matching: uid, limit: 200, offset: 0).first { $0.kind == .staff(uid: uid) }
    }

    func windows(of account: Account) async throws -> [String] {
        let session = Session(
            sid: "", account: account, certificateID: nil, path: [], acr: Assurance.password, amr: [], authTime: seed.now, expires: seed.now)
        return try await registry.windows(openTo: session).map(\.id)
    }

    private func account(of person: FederationManifest.Person) async throws -> Account? {
        let subject = try registry.subject(of: try seed.path(of: person))
        guard let uscc = person.legalPerson?.uscc else {
            return try await registry.accounts(matching: subject.name, limit: 200, offset: 0).first { $0.certificateKind == .personal }
        }
        let leaf = try seed.path(of: person).leaf
        let bound = try await registry.certificates(ofLegalPerson: uscc)
        let own = bound.first { $0.fingerprint == leaf.fingerprint.description }
        // A renewed certificate is bound at its first login; until then its holder's other one tells.
        let same = own ?? bound.first { $0.kind.rawValue == person.kind && $0.subjectName == leaf.subject.description }
        return same.map { Account(id: $0.accountID, kind: .certificate($0.kind), name: person.name, legalPerson: nil) }
    }

    private func openToEveryone() async throws -> [String] {
        try await registry.windows().filter { $0.entry == .everyone && $0.state == .active }.map(\.id)
    }
}
