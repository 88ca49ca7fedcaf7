import Foundation
import PKI

/// Makes the demo federation from its description: CAs, cross-certificates, people, CRLs, trust list, legal persons.
///
/// A second run keeps every key, renews what would expire within a week (CRLs, TLS and people's certificates) and leaves a
/// trust list that somebody may have edited alone.
package struct FederationMaker {
    private let source: FederationSource
    private let folder: FederationFolder
    private let now: Date
    private let random: RandomSource

    /// `description`: path of `federation.yaml`; `folder`: where everything is put (made if need be).
    package init(description: String, folder: String, now: Date, random: @escaping RandomSource = SecureRandom.system) throws {
        self.source = try FederationSource(path: description)
        self.folder = try FederationFolder(path: folder)
        self.now = now
        self.random = random
    }

    /// Also written as `federation.json` into the folder.
    @discardableResult
    package func make() throws -> FederationManifest {
        var ceremonies = FederationCeremonies(folder: folder, now: now, random: random)
        for ceremony in source.ceremonies { try ceremonies.hold(ceremony) }

        let leaves = FederationLeaves(
            source: source, folder: folder, ceremonies: ceremonies, passwords: passwordsOfEarlierRun(), now: now, random: random)
        let issued = try source.people.map { try leaves.issue($0) }
        let lists = FederationRevocation(folder: folder, ceremonies: ceremonies, now: now)
        for ceremony in source.ceremonies {
            let revoked = zip(source.people, issued).filter { person, _ in person.issuer == ceremony.id }
            let entries = revoked.compactMap { person, leaf in person.revoked.map { (leaf.certificate.serial, $0.reason) } }
            try lists.publish(ceremony, revoked: entries)
        }
        if folder.bytes("trust.yaml") == nil { try folder.write(source.trustList, to: "trust.yaml") }
        try folder.write(legalPersonsCSV(), to: "legal-persons.csv")
        let manifest = manifest(people: issued.map(\.entry))
        try write(manifest)
        return manifest
    }

    private func manifest(people: [FederationManifest.Person]) -> FederationManifest {
        let platform = source.description.platform
        let servers = source.ceremonies.filter { $0.kind == .server }
        return FederationManifest(
            trust: "trust.yaml", tlsCA: "cas/\(source.description.tls).pem", legalPersons: "legal-persons.csv",
            platform: .init(certificate: "cas/\(platform).pem", key: "cas/\(platform).key", revocationList: "crls/\(platform).crl"),
            servers: Dictionary(
                uniqueKeysWithValues: servers.map { ($0.id, .init(certificate: "tls/\($0.id).pem", key: "tls/\($0.id).key")) }),
            people: people)
    }

    private func write(_ manifest: FederationManifest) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try folder.write(Array(try encoder.encode(manifest)), to: "federation.json", secret: true)
    }

    private func passwordsOfEarlierRun() -> [String: String] {
        guard let bytes = folder.bytes("federation.json"),
            let earlier = try? JSONDecoder().decode(FederationManifest.self, from: Data(bytes))
        else { return [:] }
        return Dictionary(earlier.people.map { ($0.id, $0.pkcs12Password) }) { first, _ in first }
    }

    /// Names hold no comma, quote or line break (checked), so that the plain form is the quoted one.
    private func legalPersonsCSV() throws -> String {
        let lines = try source.legalPersons.filter { $0.registered ?? true }.map { entry in
            guard entry.name.allSatisfy({ !",\"\r\n".contains($0) }) else { throw FederationFailure("`\(entry.name)` does not fit a CSV") }
            return "\(entry.uscc),\(entry.name)\n"
        }
        return "uscc,name\n" + lines.joined()
    }
}
