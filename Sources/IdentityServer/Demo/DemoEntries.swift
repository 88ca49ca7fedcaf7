import PKI
import Registry

/// Which windows each person and member of staff may enter, as the registry says.
struct DemoEntries {
    let registry: Registry
    let seed: DemoSeed

    /// Whoever is not to get in enters nothing. Whom the registry meets only at the first login (a renewed certificate, a person without
    /// grants) enters what the description says and what everyone may.
    func windows(of person: FederationManifest.Person) async throws -> [String] {
        guard person.expect == "login" else { return [] }
        // Somebody may have revoked the certificate since.
        guard let leaf = try? seed.path(of: person).leaf else { return [] }
        guard let bound = try await registry.boundCertificate(leaf.fingerprint) else {
            return Set(person.windows + (try await openToEveryone())).sorted()
        }
        let account = Account(id: bound.accountID, kind: .certificate(bound.kind), name: person.name, legalPerson: nil)
        return try await windows(of: account, certificate: bound.id)
    }

    func account(ofStaff uid: String) async throws -> Account? {
        try await registry.accounts(matching: uid, limit: 200, offset: 0).first { $0.kind == .staff(uid: uid) }
    }

    /// Asked as a session would be; only its account and certificate count.
    func windows(of account: Account, certificate: String? = nil) async throws -> [String] {
        let session = Session(
            sid: "", account: account, certificateID: certificate, path: [], acr: Assurance.password, amr: [], authTime: seed.now,
            expires: seed.now)
        return try await registry.windows(openTo: session).map(\.id)
    }

    private func openToEveryone() async throws -> [String] {
        try await registry.windows().filter { $0.entry == .everyone && $0.state == .active }.map(\.id)
    }
}
