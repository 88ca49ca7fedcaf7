import CLDAP

/// An LDAP URL (RFC 4516) that names one attribute of one entry: `ldap://host/dn?attribute`, with the scope `base` and no other filter
/// than the default one.
package struct AttributeURL: Sendable, Equatable {
    package let host: String
    package let port: Int
    /// ldaps: TLS before anything else.
    package let isTLS: Bool
    let entry: String
    let attribute: String

    /// Nil for every other URL: another scheme, no host, a subtree, several attributes, a filter, a critical extension.
    package init?(_ text: String) {
        var parsed: UnsafeMutablePointer<LDAPURLDesc>?
        guard text.utf8.count <= Self.maximumLength, !text.utf8.contains(0), ldap_url_parse(text, &parsed) == LDAP_URL_SUCCESS, let parsed
        else { return nil }
        defer { ldap_free_urldesc(parsed) }
        let parts = parsed.pointee
        guard parts.lud_next == nil, parts.lud_scope == LDAP_SCOPE_BASE, parts.lud_crit_exts == 0,
            let scheme = Self.text(parts.lud_scheme), let host = Self.text(parts.lud_host), !host.isEmpty,
            let entry = Self.text(parts.lud_dn), !entry.isEmpty,
            Self.text(parts.lud_filter).map({ $0.lowercased() == "(objectclass=*)" || $0.isEmpty }) ?? true,
            let attributes = parts.lud_attrs, let attribute = Self.text(attributes[0]), attributes[1] == nil, !attribute.isEmpty
        else { return nil }
        switch scheme.lowercased() {
        case "ldap": isTLS = false
        case "ldaps": isTLS = true
        default: return nil
        }
        self.host = host
        port = Int(parts.lud_port)
        self.entry = entry
        self.attribute = attribute
    }

    /// Longer than any distribution point seen.
    private static let maximumLength = 2048

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

    /// Where to connect, for libldap.
    var server: String { "\(isTLS ? "ldaps" : "ldap")://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
