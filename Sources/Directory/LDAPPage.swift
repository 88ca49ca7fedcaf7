import CLDAP

/// One entry's DN and the attributes that were asked for, names lower-cased.
struct LDAPEntry {
    let dn: String
    let values: [String: [String]]

    func first(_ attribute: String) -> String? { values[attribute]?.first }
    func all(_ attribute: String) -> [String] { values[attribute] ?? [] }

    init(dn: String, values: [String: [String]]) {
        self.dn = dn
        self.values = values
    }

    fileprivate init(handle: OpaquePointer, message: OpaquePointer) throws(DirectoryError) {
        guard let dn = ldap_get_dn(handle, message) else { throw .incomplete("an entry without a readable name") }
        defer { ldap_memfree(dn) }
        self.dn = String(cString: dn)
        var values: [String: [String]] = [:]
        var position: OpaquePointer?
        var next = ldap_first_attribute(handle, message, &position)
        defer { ber_free(position, 0) }
        while let name = next {
            let attribute = String(cString: name).lowercased()
            values[attribute] = Self.values(of: name, handle: handle, message: message)
            ldap_memfree(name)
            // Some servers send large attributes in ranges ("member;range=0-1499"): part of them is not all of them.
            guard !attribute.contains(";range=") else { throw .incomplete("the server sent only a range of \(attribute)") }
            next = ldap_next_attribute(handle, message, position)
        }
        self.values = values
    }

    private static func values(of attribute: UnsafeMutablePointer<CChar>, handle: OpaquePointer, message: OpaquePointer) -> [String] {
        guard let array = ldap_get_values_len(handle, message, attribute) else { return [] }
        defer { ldap_value_free_len(array) }
        return (0..<Int(ldap_count_values_len(array))).compactMap { array[$0].map { String(octets: $0.pointee) } }
    }
}

/// The entries of one page and the cookie of the next (empty: this was the last).
struct LDAPPage {
    var entries: [LDAPEntry] = []
    var cookie: [UInt8] = []

    /// `result`: all messages of a search that ended with success. A referral in it means that entries are missing.
    init(handle: OpaquePointer, result: OpaquePointer) throws(DirectoryError) {
        var paged = false
        var next = ldap_first_message(handle, result)
        while let message = next {
            switch ldap_msgtype(message) {
            case Int32(LDAP_RES_SEARCH_ENTRY): entries.append(try LDAPEntry(handle: handle, message: message))
            case Int32(LDAP_RES_SEARCH_RESULT):
                cookie = try Self.cookie(handle: handle, message: message)
                paged = true
            default: throw .incomplete("the server referred to another one")
            }
            next = ldap_next_message(handle, message)
        }
        guard paged else { throw .incomplete("the search ended without a result") }
    }

    /// Reads the response control of RFC 2696 §2. A server that leaves it out did not page.
    private static func cookie(handle: OpaquePointer, message: OpaquePointer) throws(DirectoryError) -> [UInt8] {
        var code: Int32 = 0
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let parsed = ldap_parse_result(handle, message, &code, nil, nil, nil, &controls, 0)
        defer { ldap_controls_free(controls) }
        guard parsed == LDAP_SUCCESS, code == LDAP_SUCCESS else { throw .incomplete("the search ended with result \(code)") }
        guard let control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nil) else {
            throw .incomplete("the server did not page")
        }
        var estimate: ber_int_t = 0
        var cookie = berval()
        guard ldap_parse_pageresponse_control(handle, control, &estimate, &cookie) == LDAP_SUCCESS else {
            throw .incomplete("the page control is unreadable")
        }
        defer { ber_memfree(cookie.bv_val) }
        return [UInt8](UnsafeRawBufferPointer(start: cookie.bv_val, count: Int(cookie.bv_len)))
    }
}
