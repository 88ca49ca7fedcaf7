/// Host names, mailboxes and URIs as far as name constraints read them (RFC 5280 §4.2.1.10): what is not plainly one of these has no host.
enum HostName {
    /// Letters, digits, hyphens and underscores in labels of 1 to 63 (RFC 1034 §3.1; underscores occur), at most 253 characters.
    static func isPlain(_ name: String) -> Bool { isPlain(name.utf8[...]) }

    /// `*` as the whole first label is a wildcard (RFC 6125 §6.4.3).
    static func isPlainOrWildcard(_ name: String) -> Bool {
        name.hasPrefix("*.") ? isPlain(name.utf8.dropFirst(2)) : isPlain(name)
    }

    private static func isPlain(_ name: Substring.UTF8View) -> Bool {
        guard (1...253).contains(name.count) else { return false }
        return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.allSatisfy(isLabelCharacter)
        }
    }

    private static func isLabelCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Nothing but digits in the last label: an IPv4 address, not a host name.
    private static func isAddress(_ host: String) -> Bool {
        host.split(separator: ".").last?.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ?? false
    }

    /// Local part as written, host in lower case; nil for what is not one mailbox (RFC 2821 §4.1.2). A quoted local part is taken as a whole.
    static func mailbox(_ text: String) -> (local: String, host: String)? {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let (local, host) = (text[..<at], text[text.index(after: at)...].lowercased())
        let isQuoted = local.count >= 2 && local.hasPrefix("\"") && local.hasSuffix("\"")
        guard !local.isEmpty, isQuoted || !local.contains(where: { "@\" ,;:<>()[]\\".contains($0) }), isPlain(host) else { return nil }
        return (String(local), host)
    }

    /// The host of a URI's authority in lower case (RFC 3986 §3.2.2); nil without authority, or where the host is an address or empty.
    static func host(ofURI text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), isScheme(text[..<colon]) else { return nil }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        let afterUser = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let host = afterUser.prefix { $0 != ":" }
        let port = afterUser.dropFirst(host.count).dropFirst()
        guard port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        let name = host.lowercased()
        return isPlain(name) && !isAddress(name) ? name : nil
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5A).contains(first & 0xDF) else { return false }
        return text.utf8.allSatisfy { isLabelCharacter($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".") }
    }
}
