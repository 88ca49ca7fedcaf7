import Foundation
import PKI
import Registry

/// `hallpass trust add`: what is put into a draft.
package struct TrustAddition: Sendable {
    /// The command line's own word for PKI's.
    package enum Revocation: String, Sendable, CaseIterable { case hard, soft, off }

    package var chain: String
    package var name: String
    /// Trust begins at the chain's root from now on.
    package var isAnchor = false
    /// A shipped identity profile or a file; nil: the CA asserts nobody until the draft is edited.
    package var profile: String?
    package var revocationLists: [String] = []
    package var revocation = Revocation.hard
    package var assurance: String?
    package init(chain: String, name: String) {
        self.chain = chain
        self.name = name
    }
}

extension OperatorTrust {
    /// Adds to the draft, made from the list in force when there is none; says what it did.
    package func add(_ addition: TrustAddition, draft path: String?) async throws -> String {
        let chain = try TrustChain(path: addition.chain)
        if addition.isAnchor, chain.root == nil {
            throw OperatorFailure("\(addition.chain) holds no self-signed certificate to be an anchor")
        }
        let draft = draft(path)
        var said: [String] = []
        let current = try inForce()
        try await discardIfStale(draft, current)
        if !draft.exists {
            try draft.make(from: current, in: home, base: try await base(of: current))
            said.append("made the draft \(draft.list) from the list in force")
        }
        let loaded = try draft.load(inForce: current, now: now())
        let editor = TrustDraftEditor(draft: draft, loaded: loaded, addition: addition, chain: chain)
        said += try editor.run()
        let after = try draft.load(inForce: current, now: now())
        said += after.notices.map { "note: \($0)" }
        return (said + ["edit \(draft.list), then `hallpass trust try` and `hallpass trust apply`"]).joined(separator: "\n")
    }
}

extension OperatorTrust {
    /// A draft of a list that is not in force any more: thrown away when nobody edited it, as after an apply and a rollback; else refused.
    private func discardIfStale(_ draft: TrustDraft, _ current: LoadedTrustList) async throws {
        guard draft.exists, let base = draft.base, base.digest != TrustSnapshot(current, in: home).digest else { return }
        let content = try? LoadedTrustList.load(path: draft.list)
        guard content.map({ TrustSnapshot($0, in: TrustFolder(listPath: draft.list)).digest }) == base.digest else {
            throw OperatorFailure(
                "\(draft.folder) was made from another list than the one in force; remove it, or name another folder with --draft")
        }
        try FileManager.default.removeItem(atPath: draft.folder)
    }
}

/// The certificates of one chain, told apart.
struct TrustChain {
    let certificates: [Certificate]
    /// The one that issues leaves: no other of the chain was issued by it.
    let issuer: Certificate
    let root: Certificate?

    init(path: String) throws {
        let certificates = try TrustSource.certificates(path)
        self.certificates = certificates
        if let leaf = certificates.first(where: { !$0.isAuthority }) {
            throw OperatorFailure("\(path): \(leaf.subject) is no CA certificate; give the chain from the issuing CA up")
        }
        let last = certificates.filter { one in
            !certificates.contains { $0 != one && $0.issuer == one.subject && $0.subject != one.subject }
        }
        guard last.count == 1 else {
            throw OperatorFailure("\(path) holds \(last.count) CAs that issued none of the others; give one chain at a time")
        }
        issuer = last[0]
        let roots = certificates.filter(\.isSelfIssued)
        guard roots.count < 2 else {
            throw OperatorFailure("\(path) holds \(roots.count) self-signed certificates; give one chain at a time")
        }
        root = roots.first
    }
}

/// Writes an addition into a draft.
private struct TrustDraftEditor {
    let draft: TrustDraft
    let loaded: LoadedTrustList
    let addition: TrustAddition
    let chain: TrustChain

    func run() throws -> [String] {
        guard loaded.list.rules[AuthorityKey(subjectOf: chain.issuer)] == nil else {
            throw OperatorFailure("the draft has an entry for \(chain.issuer.subject) already; edit it there")
        }
        let profile = try addition.profile.map { try IdentityProfileFile.find($0) }
        let lists = try addition.revocationLists.map { (path: $0, list: try TrustSource.revocationList($0)) }
        var text = TrustListText(loaded.text, file: draft.list)
        var said: [String] = []
        for certificate in chain.certificates { said += try add(certificate, to: &text) }
        for (path, list) in lists { said.append(try add(path, list, to: &text)) }
        try text.append(lines: entry(profile), to: "cas")
        try DurableFile.replace(draft.list, with: Array(text.text.utf8), .privately)
        said.append("added \(addition.name): \(chain.issuer.subject)")
        if let profile {
            said.append(
                "its identity rules are those of \(profile.title) (\(profile.confidence.rawValue)): check them against real certificates")
        } else {
            said.append("it asserts nobody yet: write `may_assert` and `identity` into its entry, or name a --profile")
        }
        return said
    }

    private func add(_ certificate: Certificate, to text: inout TrustListText) throws -> [String] {
        let isRoot = certificate == chain.root
        if isRoot, !addition.isAnchor {
            return [
                "left out the root \(certificate.subject): without --anchor trust must lead to this chain over a cross-certificate"
            ]
        }
        let listed = isRoot ? loaded.list.anchors : loaded.list.anchors + loaded.list.authorities
        guard !listed.contains(certificate) else { return ["\(certificate.subject) is listed already"] }
        let name = fileName(of: certificate)
        _ = try DurableFile.create("\(draft.folder)/\(name)", with: Array(certificate.pem.utf8), .privately)
        try text.append(name, to: isRoot ? "anchors" : "authorities")
        return ["added the \(isRoot ? "anchor" : "CA certificate") \(certificate.subject)\n  sha256 \(certificate.fingerprint)"]
    }

    private func add(_ path: String, _ list: CertificateList, to text: inout TrustListText) throws -> String {
        let name = "crls/\(slug(list.issuer.commonName))-\(Fingerprint(of: list.issuer.der).description.prefix(8)).crl"
        guard try DurableFile.create("\(draft.folder)/\(name)", with: list.der, .privately) else {
            throw OperatorFailure("\(path): the draft has a list of \(list.issuer) already (\(name)); put the newer one in its place")
        }
        try text.append(name, to: "revocation_lists")
        return "added the revocation list of \(list.issuer), good until \(list.nextUpdate?.rfc3339 ?? "an unknown time")"
    }

    /// The certificate's own, so that no two ever share one.
    private func fileName(of certificate: Certificate) -> String {
        "cas/\(slug(certificate.subject.commonName))-\(certificate.fingerprint.description.prefix(8)).pem"
    }

    private func slug(_ name: String?) -> String {
        let words = (name ?? "").lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = words.joined(separator: "-").prefix(40)
        return slug.isEmpty ? "ca" : String(slug)
    }

    private func entry(_ profile: IdentityProfileFile?) -> [String] {
        var lines = [
            "certificate: \(TrustListText.quoted(issuerFile))", "name: \(TrustListText.quoted(addition.name))", "issues_leaves: true",
            "revocation: \(addition.revocation.rawValue)",
        ]
        if addition.revocation == .soft { lines.append("soft: {grace: 24h}") }
        if let assurance = addition.assurance { lines.append("assurance: \(TrustListText.quoted(assurance))") }
        return lines + (profile?.lines ?? ["master: {opening: approval}"])
    }

    /// As the draft names it already, or as it was added.
    private var issuerFile: String {
        let listed = loaded.named.first { $0.use != .revocationList && $0.certificates == [chain.issuer] }
        return listed?.name ?? fileName(of: chain.issuer)
    }
}
