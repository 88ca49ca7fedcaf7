import Foundation
import PKI
import Registry
import Yams

/// `hallpass trust diff`: what a draft changes, by meaning: the order of entries and comments are nothing.
package struct TrustDifference: Sendable, Encodable {
    struct Item: Sendable, Encodable, Equatable {
        let change: Change
        /// `anchor`, `authority`, `ca`, `recognition`, `revocation_list`, `user_signer_id`.
        let what: String
        let name: String
        var sha256: String?
        /// Of a changed entry: its keys.
        var keys: [Key] = []
    }
    enum Change: String, Sendable, Encodable { case added, removed, changed }
    struct Key: Sendable, Encodable, Equatable {
        let key: String
        let old: String?
        let new: String?
    }

    package private(set) var isEmpty = true
    private(set) var items: [Item] = [] { didSet { isEmpty = items.isEmpty } }
    /// Open sessions and certificates of people that have a path now and would have none; nil when there is no database.
    package var lostSessions: Int?
    package var lostCertificates: Int?

    private enum CodingKeys: String, CodingKey {
        case items = "changes"
        case lostSessions = "lost_sessions"
        case lostCertificates = "lost_certificates"
    }

    init(from old: LoadedTrustList, to new: LoadedTrustList) throws {
        compare(old.list.anchors, new.list.anchors, as: "anchor")
        compare(old.list.authorities, new.list.authorities, as: "authority")
        try compareEntries(try old.entries(), try new.entries(), as: "ca")
        try compareEntries(try old.recognitionEntries(), try new.recognitionEntries(), as: "recognition")
        compareNames(old.file.revocationLists ?? [], new.file.revocationLists ?? [])
        if old.list.userSignerID != new.list.userSignerID {
            let key = Key(key: "user_signer_id", old: old.file.userSignerID, new: new.file.userSignerID)
            items.append(Item(change: .changed, what: "user_signer_id", name: "user_signer_id", keys: [key]))
        }
        if old.list.floor != new.list.floor {
            let key = Key(key: "algorithm_floor", old: old.list.floor.description, new: new.list.floor.description)
            items.append(Item(change: .changed, what: "algorithm_floor", name: "algorithm_floor", keys: [key]))
        }
    }

    private mutating func compare(_ old: [Certificate], _ new: [Certificate], as what: String) {
        func item(_ change: Change, _ certificate: Certificate) -> Item {
            Item(change: change, what: what, name: certificate.subject.description, sha256: certificate.fingerprint.description)
        }
        items += old.filter { !new.contains($0) }.map { item(.removed, $0) }
        items += new.filter { !old.contains($0) }.map { item(.added, $0) }
    }

    private mutating func compareEntries(_ old: [TrustListEntry], _ new: [TrustListEntry], as what: String) throws {
        let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        items += old.filter { after[$0.id] == nil }.map { Item(change: .removed, what: what, name: $0.name) }
        for entry in new {
            guard let earlier = before[entry.id] else {
                items.append(Item(change: .added, what: what, name: entry.name))
                continue
            }
            let names = Set(earlier.keys.keys).union(entry.keys.keys).sorted()
            let keys = names.map { Key(key: $0, old: earlier.keys[$0], new: entry.keys[$0]) }.filter { $0.old != $0.new }
            if !keys.isEmpty { items.append(Item(change: .changed, what: what, name: entry.name, keys: keys)) }
        }
    }

    private mutating func compareNames(_ old: [String], _ new: [String]) {
        items += old.filter { !new.contains($0) }.map { Item(change: .removed, what: "revocation_list", name: $0) }
        items += new.filter { !old.contains($0) }.map { Item(change: .added, what: "revocation_list", name: $0) }
    }

    /// For people.
    package var text: String {
        guard !isEmpty else { return "the draft changes nothing" }
        let lines = items.flatMap { item in
            ["\(item.change.rawValue) \(item.what): \(item.name)"] + [item.sha256].compactMap(\.self).map { "  sha256 \($0)" }
                + item.keys.map { "  \($0.key): \($0.old ?? "none") → \($0.new ?? "none")" }
        }
        let lost = lostSessions.map { sessions in
            "would lose their path: \(sessions) open sessions, \(lostCertificates ?? 0) known certificates"
        }
        return (lines + [lost].compactMap(\.self)).joined(separator: "\n")
    }
}

/// One entry of a list as a flat table of what it says.
struct TrustListEntry {
    /// What makes two entries the same one.
    let id: String
    let name: String
    let keys: [String: String]
}

extension LoadedTrustList {
    /// By the CA's name and key, whichever file tells them.
    fileprivate func entries() throws -> [TrustListEntry] {
        let files = Dictionary(named.filter { $0.use == .ca }.map { ($0.name, $0.certificates) }) { first, _ in first }
        return try (file.cas ?? []).compactMap { ca in
            guard let certificate = files[ca.certificate]?.first else { return nil }
            let key = AuthorityKey(subjectOf: certificate)
            var keys = try Self.flat(ca)
            keys["certificate"] = nil
            return TrustListEntry(id: "\(key.name) \(key.keyDigest)", name: "\(ca.entry.name) (\(certificate.subject))", keys: keys)
        }
    }

    fileprivate func recognitionEntries() throws -> [TrustListEntry] {
        try zip(file.recognitions ?? [], list.recognitions).map { entry, meant in
            var keys = try Self.flat(entry)
            keys["root"] = meant.root.fingerprint.description
            keys["ca"] = "\(meant.issuer.name) \(Fingerprint(bytes: meant.issuer.keyDigest))"
            return TrustListEntry(id: entry.name, name: entry.name, keys: keys)
        }
    }

    /// Dotted paths to scalars; lists of scalars are one value, sorted: sets are encoded in any order, and in no list of names it matters.
    private static func flat(_ value: some Encodable) throws -> [String: String] {
        guard let node = try Yams.compose(yaml: YAMLEncoder().encode(value)) else { return [:] }
        var keys: [String: String] = [:]
        func visit(_ node: Node, _ path: String) {
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping { visit(value, path.isEmpty ? key.string ?? "" : "\(path).\(key.string ?? "")") }
            case .sequence(let items) where items.allSatisfy { $0.scalar != nil }:
                keys[path] = "[\(items.map { $0.string ?? "" }.sorted().joined(separator: ", "))]"
            case .sequence(let items): for (index, item) in items.enumerated() { visit(item, "\(path)[\(index)]") }
            default: keys[path] = node.string ?? ""
            }
        }
        visit(node, "")
        return keys
    }
}

extension OperatorTrust {
    package func difference(draft path: String?) async throws -> TrustDifference {
        let (moment, current) = (now(), try inForce())
        let draft = try draft(path).load(inForce: current, now: moment)
        var difference = try TrustDifference(from: current, to: draft)
        guard let registry = operators?.registry else { return difference }
        let loss = TrustLoss(
            old: try await graph(of: current.list, at: moment), new: try await graph(of: draft.list, at: moment), moment: moment)
        let sessions = try await registry.pathsOfOpenSessions().filter { !$0.path.isEmpty }
        var lost = 0
        for session in sessions {
            let certificates = try await registry.keptCertificates(session.path)
            if certificates.first?.fingerprint == session.path.first, loss.isLost(certificates) { lost += 1 }
        }
        difference.lostSessions = lost
        difference.lostCertificates = try await registry.knownLeaves().filter { loss.isLost([$0]) }.count
        return difference
    }
}

/// Who is accepted by one graph and refused by another.
private struct TrustLoss {
    let old: TrustGraph
    let new: TrustGraph
    let moment: Date

    /// Leaf first, then what may help to find its path.
    func isLost(_ certificates: [Certificate]) -> Bool { accepts(old, certificates) && !accepts(new, certificates) }

    private func accepts(_ graph: TrustGraph, _ certificates: [Certificate]) -> Bool {
        (try? graph.validate(certificates[0], intermediates: Array(certificates.dropFirst()), purpose: .client, at: moment)) != nil
    }
}
