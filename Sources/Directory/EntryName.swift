import CLDAP

/// A distinguished name (RFC 4514) made comparable: what it names, not how it is spelled.
///
/// Types and values are lower-cased and runs of spaces folded (the caseIgnoreMatch of `dc`, `o`, `ou`, `cn`, `uid`), the parts of a
/// multi-valued RDN sorted.
struct EntryName: Hashable {
    /// Most specific first, each "type=value".
    private let components: ArraySlice<String>

    private init(components: ArraySlice<String>) { self.components = components }

    /// Nil when `text` is not a DN.
    init?(_ text: String) {
        guard let parts = Self.parse(text) else { return nil }
        components = parts.map { $0.map { "\($0.type.lowercased())=\(Self.folded($0.value))" }.sorted().joined(separator: "+") }[...]
    }

    /// The entry above; nil for the root.
    var parent: EntryName? { components.isEmpty ? nil : EntryName(components: components.dropFirst()) }

    /// The value of the first attribute of the name's own RDN, as spelled ("ou=Guangzhou,…" → "Guangzhou").
    static func ownValue(of text: String) -> String? { parse(text)?.first?.first?.value }

    static func == (left: EntryName, right: EntryName) -> Bool { left.components.elementsEqual(right.components) }
    func hash(into hasher: inout Hasher) { for component in components { hasher.combine(component) } }

    private static func folded(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ").lowercased()
    }

    /// The attributes of each RDN, most specific RDN first.
    private static func parse(_ text: String) -> [[(type: String, value: String)]]? {
        var name: LDAPDN?
        guard !text.utf8.contains(0), ldap_str2dn(text, &name, UInt32(LDAP_DN_FORMAT_LDAPV3)) == LDAP_SUCCESS else { return nil }
        guard let name else { return [] }
        defer { ldap_dnfree(name) }
        return pointers(name).map { rdn in
            pointers(rdn).map { (type: String(octets: $0.pointee.la_attr), value: String(octets: $0.pointee.la_value)) }
        }
    }

    /// The elements of a NULL-terminated C array.
    private static func pointers<Element>(_ array: UnsafeMutablePointer<Element?>) -> [Element] {
        var elements: [Element] = []
        while let element = array[elements.count] { elements.append(element) }
        return elements
    }
}

extension String {
    /// The bytes of a `berval` as UTF-8; what is not UTF-8 is replaced, so it never equals a name that is.
    init(octets: berval) {
        let count = octets.bv_val == nil ? 0 : Int(octets.bv_len)
        self.init(decoding: UnsafeRawBufferPointer(start: octets.bv_val, count: count), as: UTF8.self)
    }
}
