/// permitted_subtrees and excluded_subtrees (RFC 5280 §6.1.2 (b), (c)).
///
/// The intersection of what several CAs permit is kept as the list of what each permits: a name must lie within one subtree of every one.
/// So it is exact for every form, and nothing has to be intersected.
struct NameScope: Sendable, Hashable {
    /// What one CA permits of one form.
    private struct Permission: Sendable, Hashable {
        let form: GeneralName.Form
        let subtrees: [NameSubtree]

        /// Does this permit nothing that `other` does not?
        func isWithin(_ other: Permission) -> Bool {
            form == other.form && subtrees.allSatisfy { own in other.subtrees.contains { $0.contains(own) } }
        }
    }

    private var permitted: [Permission] = []
    private var excluded: [NameSubtree] = []

    static let everything = NameScope()
    var isEverything: Bool { permitted.isEmpty && excluded.isEmpty }

    /// Comparisons of one certificate's names with one state's subtrees: Go's and rustls-webpki's limit.
    static let comparisonsMaximum = 250_000

    /// Subtrees of one state: a path that brings more is `too_complex`.
    static let subtreesMaximum = 4096

    /// §6.1.4 (g).
    mutating func narrow(by constraints: NameConstraints, of certificate: Certificate) throws(Refusal) {
        for (form, subtrees) in Dictionary(grouping: constraints.permitted, by: \.form).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let new = Permission(form: form, subtrees: subtrees)
            guard !permitted.contains(where: { $0.isWithin(new) }) else { continue }
            permitted.removeAll { new.isWithin($0) }
            permitted.append(new)
        }
        for subtree in constraints.excluded where !excluded.contains(where: { $0.contains(subtree) }) {
            excluded.removeAll { subtree.contains($0) }
            excluded.append(subtree)
        }
        guard count <= Self.subtreesMaximum else {
            throw Refusal(.tooComplex, "\(count) name constraints on one path", certificate: certificate.fingerprint)
        }
    }

    private var count: Int { permitted.reduce(excluded.count) { $0 + $1.subtrees.count } }

    /// Everything that `other` lets pass passes here.
    func isAtLeast(_ other: NameScope) -> Bool {
        if isEverything { return true }
        return permitted.allSatisfy { own in other.permitted.contains { $0.isWithin(own) } }
            && excluded.allSatisfy { own in other.excluded.contains { $0.contains(own) } }
    }

    /// §6.1.3 (b), (c): every name of the certificate.
    func check(_ certificate: Certificate) throws(Refusal) {
        guard !isEverything else { return }
        let names = certificate.constrainedNames
        guard names.count * count <= Self.comparisonsMaximum else {
            throw Refusal(.tooComplex, "\(names.count) names under \(count) name constraints", certificate: certificate.fingerprint)
        }
        for name in names { try check(name, of: certificate) }
    }

    private func check(_ name: GeneralName, of certificate: Certificate) throws(Refusal) {
        let constraining = permitted.filter { $0.form == name.form }
        let forbidding = excluded.filter { $0.form == name.form }
        guard !constraining.isEmpty || !forbidding.isEmpty else { return }
        let subtrees = constraining.flatMap(\.subtrees) + forbidding
        guard name != .unsupported(name.form), !subtrees.contains(.unsupported(name.form)) else {
            throw Refusal(
                .extensionNotSupported, "a name constraint on \(name.form.rawValue) that is not supported (§4.2.1.10)",
                certificate: certificate.fingerprint)
        }
        let isPermitted = constraining.allSatisfy { $0.subtrees.contains { $0.permits(name) } }
        guard isPermitted, !forbidding.contains(where: { $0.excludes(name) }) else {
            throw Refusal(
                .nameNotPermitted, "\(name.form.rawValue) \(name.shown) is \(isPermitted ? "excluded" : "not permitted") (§6.1.3 (b), (c))",
                certificate: certificate.fingerprint)
        }
    }
}

extension Certificate {
    /// The subject, every subjectAltName, and the subject's e-mail addresses where there is no subjectAltName (§4.2.1.10).
    fileprivate var constrainedNames: [GeneralName] {
        let subjects: [GeneralName] = subject.isEmpty ? [] : [.directory(subject)]
        guard extensions.hasSubjectAlternativeName else {
            return subjects + subject.values(ObjectIdentifier.emailAddress.description).map { .email($0) }
        }
        return subjects + extensions.alternativeNames
    }
}

extension GeneralName {
    /// For an operator's eyes; an address in hexadecimal.
    fileprivate var shown: String {
        switch self {
        case .email(let text), .dns(let text), .uri(let text): String(text.prefix(80).filter { !$0.isNewline })
        case .directory(let name): name.description
        case .address(let octets): octets.hex
        case .unsupported: ""
        }
    }
}

extension NameSubtree {
    /// Is the name within this subtree? What cannot be read as a name of its form is within none.
    fileprivate func permits(_ name: GeneralName) -> Bool { position(of: name, unreadable: false, wildcardMayBe: false) }

    /// Is the name, or one that a wildcard stands for, within this subtree? What cannot be read is excluded: nobody can tell that it is not.
    fileprivate func excludes(_ name: GeneralName) -> Bool { position(of: name, unreadable: true, wildcardMayBe: true) }

    private func position(of name: GeneralName, unreadable: Bool, wildcardMayBe: Bool) -> Bool {
        switch (self, name) {
        case (.directory(let base), .directory(let name)): return unreadable ? name.isLooselyWithin(base) : name.isWithin(base)
        case (.dns(let base), .dns(let name)):
            let name = name.lowercased()
            guard HostName.isPlainOrWildcard(name) else { return unreadable }
            if base.isEmpty || name == base || name.hasSuffix("." + base) { return true }
            guard wildcardMayBe, name.hasPrefix("*.") else { return false }
            // *.example.com stands for host.example.com too, where that is the base.
            return base.hasSuffix(name.dropFirst()) && !base.dropLast(name.count - 1).contains(".")
        case (.mailbox, .email(let text)), (.mailHost, .email(let text)), (.mailDomain, .email(let text)):
            guard let mailbox = HostName.mailbox(text) else { return unreadable }
            return holds(mailbox)
        case (.uriHost(let base), .uri(let text)): return HostName.host(ofURI: text).map { $0 == base } ?? unreadable
        case (.uriDomain(let base), .uri(let text)): return HostName.host(ofURI: text).map { $0.hasSuffix(base) } ?? unreadable
        case (.address(let base, let mask), .address(let octets)):
            return octets.count == mask.count && zip(octets, mask).map { $0 & $1 } == base
        default: return unreadable
        }
    }

    private func holds(_ mailbox: (local: String, host: String)) -> Bool {
        switch self {
        case .mailbox(let local, let host): local == mailbox.local && host == mailbox.host
        case .mailHost(let host): host == mailbox.host
        case .mailDomain(let domain): mailbox.host.hasSuffix(domain)
        default: false
        }
    }

    /// Does every name within `other` lie within this one? False where it is not plainly so: then both are kept.
    fileprivate func contains(_ other: NameSubtree) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.directory(let base), .directory(let inner)): return inner.isWithin(base)
        case (.dns(let base), .dns(let inner)): return base.isEmpty || inner.hasSuffix("." + base)
        case (.mailHost(let host), .mailbox(_, let inner)): return inner == host
        case (.mailDomain(let domain), .mailbox(_, let inner)), (.mailDomain(let domain), .mailHost(let inner)),
            (.mailDomain(let domain), .mailDomain(let inner)), (.uriDomain(let domain), .uriHost(let inner)),
            (.uriDomain(let domain), .uriDomain(let inner)):
            return inner.hasSuffix(domain)
        case (.address(let base, let mask), .address(let inner, let innerMask)):
            return mask.count == innerMask.count && zip(mask, innerMask).allSatisfy { $0 & $1 == $0 }
                && zip(inner, mask).map { $0 & $1 } == base
        default: return false
        }
    }
}
