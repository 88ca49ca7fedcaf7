import CLDAP
import Foundation

/// Reads single values that others publish in their directories (revocation lists), anonymously, on threads of its own.
package final class AttributeReader: Sendable {
    private let threads: WorkerThreads

    /// `count`: how many reads may be under way.
    package init(count: Int = 4) { threads = WorkerThreads(name: "directory lists", count: count, waiting: 256) }

    /// The one value of the URL's attribute.
    ///
    /// `permits` is told the octets (4 or 16) of each address that was connected to, before anything is sent there: one that it does not
    /// permit is left. Throws `unavailable` when nothing answers in time, `incomplete` for an entry without exactly one value, a value
    /// longer than `limit`, a referral.
    package func read(
        _ url: AttributeURL, limit: Int, timeout: Duration, permits: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws(DirectoryError) -> [UInt8] {
        try await threads.run { () throws(DirectoryError) in
            var settings = DirectorySettings(url: url.server, base: url.entry, bindDN: "", password: "")
            // A list is signed by itself: TLS is used where the URL asks for it.
            settings.requireTLS = false
            settings.timeout = timeout
            // The value with its entry's name and attribute around it.
            settings.maximumMessageBytes = limit + 16_384
            let value = try LDAPConnection(settings, permits: permits).value(of: url.attribute, entry: url.entry)
            guard value.count <= limit else { throw .incomplete("the value has \(value.count) bytes, more than \(limit)") }
            return value
        }
    }
}

extension LDAPConnection {
    /// A search of one entry (RFC 4511 §4.5.1, baseObject) for one attribute that must have exactly one value.
    fileprivate func value(of attribute: String, entry: String) throws(DirectoryError) -> [UInt8] {
        let result = try search(entry: entry, attribute: attribute)
        defer { ldap_msgfree(result) }
        guard let message = ldap_first_entry(handle, result) else { throw .incomplete("the entry is not shown") }
        guard ldap_next_entry(handle, message) == nil, ldap_first_reference(handle, result) == nil else {
            throw .incomplete("more than the one entry was answered")
        }
        guard let values = ldap_get_values_len(handle, message, attribute) else { throw .incomplete("the entry has no \(attribute)") }
        defer { ldap_value_free_len(values) }
        let count = ldap_count_values_len(values)
        guard count == 1, let value = values[0] else { throw .incomplete("the entry has \(count) values of \(attribute), not one") }
        return [UInt8](UnsafeRawBufferPointer(start: value.pointee.bv_val, count: Int(value.pointee.bv_len)))
    }
}
