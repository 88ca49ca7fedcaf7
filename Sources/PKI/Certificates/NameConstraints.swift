import SwiftASN1

/// nameConstraints of a CA certificate (RFC 5280 §4.2.1.10):
///
///     NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }
///     GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0, maximum [1] BaseDistance OPTIONAL }
struct NameConstraints: Sendable {
    let permitted: [NameSubtree]
    let excluded: [NameSubtree]

    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(value, "nameConstraints"), .sequence, "nameConstraints")
        permitted = try Self.subtrees(parts.next(if: .context(0)), .context(0))
        excluded = try Self.subtrees(parts.next(if: .context(1)), .context(1))
        try parts.finish()
        guard !permitted.isEmpty || !excluded.isEmpty else { throw Malformed("nameConstraints: empty (§4.2.1.10)") }
    }

    private static func subtrees(_ node: ASN1Node?, _ identifier: ASN1Identifier) throws(Malformed) -> [NameSubtree] {
        guard let node else { return [] }
        var members = try DERSequence(node, identifier, "GeneralSubtrees")
        var list = [NameSubtree]()
        repeat {
            guard list.count < maximumCount else { throw Malformed("more than \(maximumCount) subtrees") }
            list.append(try subtree(try members.next()))
        } while !members.isAtEnd
        return list
    }

    /// The largest lists seen in public CAs have some hundreds of names.
    static let maximumCount = 4096

    private static func subtree(_ node: ASN1Node) throws(Malformed) -> NameSubtree {
        var parts = try DERSequence(node, .sequence, "GeneralSubtree")
        let base = try GeneralName(try parts.next(), addressLengths: [8, 32])
        let minimum = try parts.next(if: .context(0))?.count("minimum", as: .context(0))
        let maximum = try parts.next(if: .context(1))?.count("maximum", as: .context(1))
        try parts.finish()
        // Within the profile the minimum is zero and there is no maximum; others are not processed: names of this form are then refused.
        guard minimum ?? 0 == 0, maximum == nil else { return .unsupported(base.form) }
        return NameSubtree(base)
    }
}

/// All names below a base (RFC 5280 §4.2.1.10), ready to be compared with.
enum NameSubtree: Sendable, Hashable {
    case directory(DistinguishedName)
    /// Lower case; empty: every name.
    case dns(String)
    /// One mailbox, its host in lower case.
    case mailbox(local: String, host: String)
    /// Every mailbox on this host (exactly).
    case mailHost(String)
    /// Every mailbox on the hosts below this domain: `.example.com`.
    case mailDomain(String)
    /// URIs with this host (exactly).
    case uriHost(String)
    /// URIs whose host is below this domain: `.example.com`.
    case uriDomain(String)
    /// As many octets of address as of mask; host bits are zero.
    case address([UInt8], mask: [UInt8])
    /// A base that cannot be compared with: no name of this form may pass.
    case unsupported(GeneralName.Form)

    init(_ base: GeneralName) {
        switch base {
        case .directory(let name): self = .directory(name)
        case .dns(let name): self = Self.dnsSubtree(name.lowercased())
        case .email(let text): self = Self.mailSubtree(text)
        case .uri(let text): self = Self.uriSubtree(text.lowercased())
        case .address(let octets): self = Self.addressSubtree(octets)
        case .unsupported(let form): self = .unsupported(form)
        }
    }

    /// A DNS base has no leading period (§4.2.1.10 gives it a meaning for URIs and mail alone).
    private static func dnsSubtree(_ name: String) -> NameSubtree {
        name.isEmpty || HostName.isPlain(name) ? .dns(name) : .unsupported(.dNSName)
    }

    private static func mailSubtree(_ text: String) -> NameSubtree {
        if let mailbox = HostName.mailbox(text) { return .mailbox(local: mailbox.local, host: mailbox.host) }
        let host = text.lowercased()
        if HostName.isPlain(host) { return .mailHost(host) }
        return host.hasPrefix(".") && HostName.isPlain(String(host.dropFirst())) ? .mailDomain(host) : .unsupported(.rfc822Name)
    }

    private static func uriSubtree(_ host: String) -> NameSubtree {
        if HostName.isPlain(host) { return .uriHost(host) }
        return host.hasPrefix(".") && HostName.isPlain(String(host.dropFirst()))
            ? .uriDomain(host) : .unsupported(.uniformResourceIdentifier)
    }

    /// The mask in the style of RFC 4632: ones, then zeros.
    private static func addressSubtree(_ octets: [UInt8]) -> NameSubtree {
        let mask = Array(octets.suffix(octets.count / 2))
        guard isContiguous(mask) else { return .unsupported(.iPAddress) }
        return .address(zip(octets, mask).map { $0 & $1 }, mask: mask)
    }

    private static func isContiguous(_ mask: [UInt8]) -> Bool {
        let rest = mask.drop { $0 == 0xFF }
        guard let first = rest.first else { return true }
        // Ones, then zeros: the complement plus one has no bit in common with it.
        return ~first & (~first &+ 1) == 0 && rest.dropFirst().allSatisfy { $0 == 0 }
    }

    var form: GeneralName.Form {
        switch self {
        case .directory: .directoryName
        case .dns: .dNSName
        case .mailbox, .mailHost, .mailDomain: .rfc822Name
        case .uriHost, .uriDomain: .uniformResourceIdentifier
        case .address: .iPAddress
        case .unsupported(let form): form
        }
    }
}
