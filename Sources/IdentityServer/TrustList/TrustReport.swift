import Foundation
import PKI
import Registry

/// `hallpass trust show`: the list in force and how it came to be.
package struct TrustReport: Sendable, Encodable {
    struct CertificateLine: Sendable, Encodable {
        let subject: String
        let issuer: String
        let sha256: String
        let notBefore: String
        let notAfter: String
        let expired: Bool
        /// Another CA vouches for a key that has another certificate too.
        let cross: Bool

        enum CodingKeys: String, CodingKey {
            case subject, issuer, sha256, expired, cross
            case notBefore = "not_before"
            case notAfter = "not_after"
        }
    }
    struct AuthorityLine: Sendable, Encodable {
        let name: String
        let subject: String
        let revocation: String
        let assurance: String
        let relaxations: [String]
        let identifiers: [String]
        let kinds: [String]
        let master: String
        let issuesLeaves: Bool
        let validFrom: String?
        let validUntil: String?

        enum CodingKeys: String, CodingKey {
            case name, subject, revocation, assurance, relaxations, identifiers, kinds, master
            case issuesLeaves = "issues_leaves"
            case validFrom = "valid_from"
            case validUntil = "valid_until"
        }
    }
    struct RecognitionLine: Sendable, Encodable {
        let name: String
        let root: String
        let ca: String
        let policies: [String]
        /// Today.
        let status: String
    }
    struct ListLine: Sendable, Encodable {
        let file: String
        let issuer: String
        let thisUpdate: String
        let nextUpdate: String?
        let entries: Int

        enum CodingKeys: String, CodingKey {
            case file, issuer, entries
            case thisUpdate = "this_update"
            case nextUpdate = "next_update"
        }
    }

    let list: String
    let digest: String
    /// Nil before anything was applied; `isEdited`: the list was changed by hand since.
    let version: TrustVersion?
    let isEdited: Bool
    let anchors: [CertificateLine]
    let authorities: [CertificateLine]
    let cas: [AuthorityLine]
    let recognitions: [RecognitionLine]
    let revocationLists: [ListLine]
    /// Newest first.
    let versions: [TrustVersion]
    let notices: [String]

    enum CodingKeys: String, CodingKey {
        case list, digest, version, anchors, authorities, cas, recognitions, versions, notices
        case isEdited = "edited"
        case revocationLists = "revocation_lists"
    }
}

extension OperatorTrust {
    package func report() async throws -> TrustReport {
        let (loaded, moment) = (try inForce(), now())
        let versions = try await versions()
        let digest = TrustSnapshot(loaded, in: home).digest
        return TrustReport(
            list: home.listPath, digest: digest, version: versions.first, isEdited: versions.first.map { $0.digest != digest } ?? false,
            anchors: loaded.list.anchors.map { loaded.line($0, at: moment) },
            authorities: loaded.list.authorities.map { loaded.line($0, at: moment) }, cas: loaded.authorityLines,
            recognitions: zip(loaded.file.recognitions ?? [], loaded.list.recognitions).map { written, meant in
                TrustReport.RecognitionLine(
                    name: meant.name, root: meant.root.subject.description, ca: meant.issuer.name.description, policies: written.policies,
                    status: meant.status(at: moment).rawValue)
            },
            revocationLists: loaded.listLines, versions: versions, notices: loaded.notices.map(\.description))
    }
}

extension LoadedTrustList {
    fileprivate func line(_ certificate: Certificate, at moment: Date) -> TrustReport.CertificateLine {
        let key = AuthorityKey(subjectOf: certificate)
        let others = (list.anchors + list.authorities).filter { $0 != certificate && AuthorityKey(subjectOf: $0) == key }
        return TrustReport.CertificateLine(
            subject: certificate.subject.description, issuer: certificate.issuer.description, sha256: certificate.fingerprint.description,
            notBefore: certificate.notBefore.rfc3339, notAfter: certificate.notAfter.rfc3339, expired: moment > certificate.notAfter,
            cross: !certificate.isSelfIssued && !others.isEmpty)
    }

    fileprivate var authorityLines: [TrustReport.AuthorityLine] {
        let files = Dictionary(named.filter { $0.use == .ca }.map { ($0.name, $0.certificates) }) { first, _ in first }
        return (file.cas ?? []).map { ca in
            TrustReport.AuthorityLine(
                name: ca.entry.name, subject: files[ca.certificate]?.first?.subject.description ?? "", revocation: ca.revocation.rawValue,
                assurance: ca.entry.assurance, relaxations: ca.relaxations,
                identifiers: ca.entry.mayAssert.identifiers.map(\.rawValue).sorted(),
                kinds: ca.entry.mayAssert.kinds.map(\.rawValue).sorted(), master: ca.entry.master.opening.rawValue,
                issuesLeaves: ca.issuesLeaves, validFrom: ca.validFrom, validUntil: ca.validUntil)
        }
    }

    fileprivate var listLines: [TrustReport.ListLine] {
        named.compactMap { named in
            named.revocationList.map {
                TrustReport.ListLine(
                    file: named.name, issuer: $0.issuer.description, thisUpdate: $0.thisUpdate.rfc3339, nextUpdate: $0.nextUpdate?.rfc3339,
                    entries: $0.count)
            }
        }
    }
}

extension TrustReport {
    /// For people.
    package var text: String {
        let head = ["\(list)", "  \(state)", "  digest \(digest)"]
        let lists = revocationLists.map { "  \($0.issuer)  \($0.entries) entries, until \($0.nextUpdate ?? "it does not say")  \($0.file)" }
        return
            (head + section("anchors", anchors.map(\.text)) + section("CA certificates", authorities.map(\.text))
            + section("CAs", cas.map(\.text)) + section("recognitions", recognitions.map(\.text)) + section("revocation lists", lists)
            + section("versions", versions.map { "  \($0.text)" }) + notices.map { "note: \($0)" }).joined(separator: "\n")
    }

    private var state: String {
        guard let version else { return "no version yet: nothing was applied with `hallpass trust apply`" }
        return isEdited ? "edited by hand after version \(version.number)" : version.text
    }

    private func section(_ title: String, _ lines: [String]) -> [String] { lines.isEmpty ? [] : ["\(title):"] + lines }
}

extension TrustVersion {
    fileprivate var text: String {
        let what =
            switch kind {
            case .applied: "applied"
            case .rolledBack: "version \(restored ?? 0) again"
            case .edited: "by hand"
            }
        return "version \(number), \(made.rfc3339), \(what), \(actor)\(note.map { ": \($0)" } ?? "")"
    }
}

extension TrustReport.CertificateLine {
    fileprivate var text: String {
        "  \(subject)\n    from \(issuer)\(cross ? " (cross-certificate)" : "")\n    until \(notAfter)\(expired ? " EXPIRED" : "")\n    sha256 \(sha256)"
    }
}

extension TrustReport.AuthorityLine {
    fileprivate var text: String {
        let period = [validFrom.map { "from \($0)" }, validUntil.map { "until \($0)" }].compactMap(\.self).joined(separator: " ")
        let asserts =
            issuesLeaves && !kinds.isEmpty ? "\(identifiers.joined(separator: ", ")) as \(kinds.joined(separator: ", "))" : "nothing"
        let relaxed = relaxations.isEmpty ? "" : "\n    relaxed: \(relaxations.joined(separator: ", "))"
        return "  \(name): \(subject)\(period.isEmpty ? "" : "\n    counts \(period)")\n    revocation \(revocation), \(assurance), "
            + "master \(master)\n    asserts \(asserts)\(relaxed)"
    }
}

extension TrustReport.RecognitionLine {
    fileprivate var text: String {
        "  \(name): \(status) today\n    root \(root)\n    CA \(ca)\n    policies \(policies.joined(separator: ", "))"
    }
}
