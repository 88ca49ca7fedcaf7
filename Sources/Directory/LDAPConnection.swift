import CLDAP
import Foundation

/// One connection to the directory, closed when it goes. Every call blocks; it stays on the thread that made it.
final class LDAPConnection {
    let handle: OpaquePointer
    private let timeout: Duration
    private let socketGuard: SocketGuard
    private let callback: ConnectCallback

    /// Connects, and secures the connection as `settings` ask before anything else is sent. `permits`: the octets of an address that
    /// was connected to; those it does not permit are left at once.
    init(_ settings: DirectorySettings, permits: @escaping @Sendable ([UInt8]) -> Bool = { _ in true }) throws(DirectoryError) {
        let scheme = try Self.scheme(of: settings.url)
        var opened: OpaquePointer?
        let code = ldap_initialize(&opened, settings.url)
        guard code == LDAP_SUCCESS, let opened else { throw .unavailable("the directory's URL: \(Self.text(code))") }
        handle = opened
        timeout = settings.timeout
        socketGuard = SocketGuard(permits: permits)
        callback = ConnectCallback(socketGuard)
        try limit(settings)
        guard scheme == .ldaps || settings.requireTLS else { return }
        try check(cldap_set_tls(handle, settings.tlsAuthorityFile), "TLS settings")
        // RFC 4513 §3.1: nothing but StartTLS goes before TLS. For ldaps the handshake comes with the first request.
        if scheme == .ldap { try check(bounded { ldap_start_tls_s(handle, nil, nil) }, "StartTLS") }
    }

    deinit { ldap_unbind_ext_s(handle, nil, nil) }

    /// Throws `credentialsInvalid` when the directory says so (RFC 4511 appendix A: invalidCredentials), `unavailable` for all else.
    ///
    /// An empty DN or password would be an anonymous or "unauthenticated" bind that succeeds without proving anything (RFC 4513
    /// §5.1.1, §5.1.2): neither is sent. A DN with a NUL would be cut there.
    func bind(dn: String, password: String) throws(DirectoryError) {
        guard !password.isEmpty, !dn.isEmpty, !dn.utf8.contains(0) else { throw .credentialsInvalid }
        var password = password
        let code = password.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                bounded { cldap_simple_bind(handle, dn, bytes.baseAddress, bytes.count) }
            }
        }
        if code == LDAP_INVALID_CREDENTIALS { throw .credentialsInvalid }
        try check(code, "bind")
    }

    /// One page of a subtree search (RFC 2696; the control is critical, so a server without it refuses).
    func page(base: String, filter: String, attributes: [String], size: Int, after cookie: [UInt8]) throws(DirectoryError) -> LDAPPage {
        let control = try pageControl(size: size, cookie: cookie)
        defer { ldap_control_free(control) }
        var names = attributes.map { strdup($0) } + [nil]
        defer { for name in names { free(name) } }
        var controls: [UnsafeMutablePointer<LDAPControl>?] = [control, nil]
        var result: OpaquePointer?
        let code = bounded {
            ldap_search_ext_s(handle, base, LDAP_SCOPE_SUBTREE, filter, &names, 0, &controls, nil, nil, LDAP_NO_LIMIT, &result)
        }
        defer { if let result { ldap_msgfree(result) } }
        guard code == LDAP_SUCCESS, let result else { throw Self.searchError(code) }
        return try LDAPPage(handle: handle, result: result)
    }

    /// All messages of a search of `entry` alone; the caller frees them.
    func search(entry: String, attribute: String) throws(DirectoryError) -> OpaquePointer {
        var names = [strdup(attribute), nil]
        defer { for name in names { free(name) } }
        var result: OpaquePointer?
        let code = bounded {
            ldap_search_ext_s(handle, entry, LDAP_SCOPE_BASE, "(objectClass=*)", &names, 0, nil, nil, nil, 1, &result)
        }
        guard code == LDAP_SUCCESS, let result else {
            if let result { ldap_msgfree(result) }
            throw Self.searchError(code)
        }
        return result
    }

    private func bounded(_ call: () -> Int32) -> Int32 { socketGuard.bounded(by: timeout, call) }

    private func limit(_ settings: DirectorySettings) throws(DirectoryError) {
        let timeout = settings.timeout.components
        let milliseconds = Int32(clamping: timeout.seconds * 1000 + timeout.attoseconds / 1_000_000_000_000_000)
        try check(cldap_set_limits(handle, max(1, milliseconds), settings.maximumMessageBytes), "settings")
        try check(callback.install(on: handle), "settings")
    }

    private func pageControl(size: Int, cookie: [UInt8]) throws(DirectoryError) -> UnsafeMutablePointer<LDAPControl> {
        var cookie = cookie
        var control: UnsafeMutablePointer<LDAPControl>?
        let code = cookie.withUnsafeMutableBytes { bytes in
            var value = berval(bv_len: ber_len_t(bytes.count), bv_val: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
            return ldap_create_page_control(handle, ber_int_t(size), &value, 1, &control)
        }
        guard code == LDAP_SUCCESS, let control else { throw .unavailable("page control: \(Self.text(code))") }
        return control
    }

    private func check(_ code: Int32, _ step: String) throws(DirectoryError) {
        guard code == LDAP_SUCCESS else { throw .unavailable("\(step): \(Self.text(code))\(diagnostic)") }
    }

    /// What the TLS library or the server added, e.g. which check of the certificate failed.
    private var diagnostic: String {
        var message: UnsafeMutablePointer<CChar>?
        guard ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &message) == LDAP_OPT_SUCCESS, let message else { return "" }
        defer { ldap_memfree(message) }
        return message.pointee == 0 ? "" : " (\(String(cString: message).prefix(200)))"
    }

    /// Codes of libldap itself (negative), busy and unavailable: the directory was not reached. All others: it ended the search.
    private static func searchError(_ code: Int32) -> DirectoryError {
        let unreached = code < 0 || code == LDAP_BUSY || code == LDAP_UNAVAILABLE
        return unreached ? .unavailable("search: \(text(code))") : .incomplete("search: \(text(code))")
    }

    private static func text(_ code: Int32) -> String { "\(String(cString: ldap_err2string(code))) (\(code))" }

    private enum Scheme { case ldap, ldaps }

    /// Exactly one URL: in a list, a later one could be without TLS.
    private static func scheme(of url: String) throws(DirectoryError) -> Scheme {
        if !url.contains(where: { $0.isWhitespace || $0 == "," }) {
            if url.lowercased().hasPrefix("ldaps://") { return .ldaps }
            if url.lowercased().hasPrefix("ldap://") { return .ldap }
        }
        throw .unavailable("the directory's URL must be one ldap:// or ldaps:// URL")
    }
}
