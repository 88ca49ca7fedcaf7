import Foundation
import PKI
import Registry

/// `hallpass trust apply`.
extension OperatorTrust {
    /// What came into force, for people and as JSON.
    package struct Outcome: Sendable, Encodable {
        package let version: TrustVersion
        package let notices: [String]

        package var text: String {
            let what =
                version.restored.map { "version \(version.number) is in force: version \($0) again" }
                ?? "version \(version.number) is in force"
            return (notices.map { "note: \($0)" } + [what, "digest \(version.digest)"]).joined(separator: "\n")
        }
    }

    /// `marksRevoked`: the CA certificates that the draft leaves out are revoked and never come back by a rollback.
    package func apply(draft path: String?, note: String?, marksRevoked: Bool = false) async throws -> Outcome {
        let operators = try database()
        let draft = draft(path)
        let current = try inForce()
        let before = TrustSnapshot(current, in: home)
        let base = draft.base
        let loaded = try draft.load(inForce: current, now: now())
        try await refuseRevoked(loaded)
        let installation = TrustInstallation(of: loaded, at: draft.list, to: home)
        try installation.check()
        let snapshot = TrustSnapshot(loaded, in: TrustFolder(listPath: draft.list))
        if base == nil || base?.digest == before.digest, snapshot.digest == before.digest {
            throw OperatorFailure("the draft changes nothing")
        }
        let removed = before.certificates.subtracting(snapshot.certificates)
        let revoked =
            marksRevoked
            ? Array(removed) : RevokedAuthorities(lists: try await current.list.revocationLists + fetchedLists()).among(removed)
        let record = TrustSwitch.Record(
            kind: .applied, note: note, details: revoked.isEmpty ? [:] : ["revoked": Self.names(revoked)],
            marked: Set(revoked.map(\.fingerprint)))
        let change = TrustSwitch(home: home, snapshot: snapshot, expected: base?.digest ?? before.digest, record: record)
        // What is put beside the list and not named in the end harms nobody; taking it away could harm another apply.
        try installation.install()
        let version = try await change.run(operators)
        try draft.write(base: TrustDraft.Base(version: version.number, digest: version.digest))
        return Outcome(version: version, notices: loaded.notices.map(\.description))
    }

    /// What left a list because it was revoked comes back only by a forced rollback.
    private func refuseRevoked(_ draft: LoadedTrustList) async throws {
        let marked = try await operators?.registry.revokedTrust() ?? []
        let faults = draft.named.flatMap { named in
            named.certificates.filter { marked.contains($0.fingerprint) }.map {
                ConfigurationError(
                    file: draft.files[0], line: named.line, "\(named.name): the certificate of \($0.subject) left the list as revoked")
            }
        }
        if let error = ConfigurationError(all: faults) { throw error }
    }

    func database() throws -> OperatorRegistry {
        guard let operators else { throw OperatorFailure("there is no database yet; has the server run with this configuration?") }
        return operators
    }

    static func names(_ certificates: some Sequence<Certificate>) -> String {
        certificates.map(\.fingerprint.description).sorted().joined(separator: " ")
    }
}

/// Which CA certificates a list that we hold says are revoked. Lists are taken as they are, even past their nextUpdate or unsigned by
/// anybody known: this decides only what does not come back by itself.
struct RevokedAuthorities {
    let lists: [CertificateList]
    var marked: Set<Fingerprint> = []

    func among(_ certificates: some Sequence<Certificate>) -> [Certificate] {
        certificates.filter { certificate in
            marked.contains(certificate.fingerprint)
                || lists.contains { $0.entry(for: certificate.serial, issuer: certificate.issuer) != nil }
        }
    }
}
