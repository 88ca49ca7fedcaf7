import Foundation

/// Which addresses of a window are acceptable. They are stored and later compared as exact strings (RFC 9700 §2.1, RFC 3986 §6.2.1),
/// so whatever a browser would rewrite before sending is refused here.
struct WindowURIRule {
    let settings: RegistrySettings
    private static let lengthLimit = 2000

    func check(_ uri: String) throws(RuleViolation) { _ = try components(of: uri) }

    /// A guarded site: scheme, host and port alone.
    func checkOrigin(_ url: String) throws(RuleViolation) {
        let parts = try components(of: url)
        guard parts.path.isEmpty, parts.query == nil else {
            throw wrong(url, "must be an origin without a path, as in https://site.example:8446")
        }
        // Compared with the origin that a browser tells, which leaves the usual port out (RFC 6454 §6.2).
        guard parts.port != (parts.scheme == "https" ? 443 : 80) else { throw wrong(url, "names the usual port; leave it out") }
        guard parts.host != settings.publicHost else {
            throw wrong(url, "is on the host of this service itself: its cookies would reach the site; give the site another host name")
        }
    }

    private func components(of uri: String) throws(RuleViolation) -> URLComponents {
        guard uri.utf8.count <= Self.lengthLimit else { throw wrong(uri, "is longer than \(Self.lengthLimit) bytes") }
        // RFC 3986 §2: what is not listed there is percent-encoded; a browser rewrites a backslash to a slash.
        guard uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Array("\"<>\\^`{|}*".utf8).contains($0) }) else {
            throw wrong(uri, "has a character that a URI may not have, or a wildcard; percent-encode it and name each address in full")
        }
        guard let parts = URLComponents(string: uri, encodingInvalidCharacters: false), let scheme = parts.scheme, let host = parts.host,
            !host.isEmpty, uri.hasPrefix("\(scheme)://")
        else { throw wrong(uri, "is not an absolute URI such as https://window.example/callback") }
        try checkScheme(scheme, host: host, of: uri)
        // RFC 6749 §3.1.2: no fragment.
        guard !uri.contains("#") else { throw wrong(uri, "has a fragment; leave out '#' and what follows") }
        guard parts.user == nil, parts.password == nil, !(authority(of: uri).contains("@")) else {
            throw wrong(uri, "has a user name before the host; leave it out")
        }
        try checkHost(host, port: parts.port, of: uri)
        guard !parts.path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw wrong(uri, "has '.' or '..' as a path segment; write the path as it is requested")
        }
        return parts
    }

    private func checkScheme(_ scheme: String, host: String, of uri: String) throws(RuleViolation) {
        switch scheme {
        case "https": return
        case "http" where isLoopback(host):
            guard settings.allowsLoopbackHTTP else {
                throw wrong(uri, "is plain http: use https, or allow http on loopback hosts in the configuration")
            }
        case "http": throw wrong(uri, "is plain http, which is never allowed beyond the loopback host: use https")
        default: throw wrong(uri, "must begin with https:// (in small letters)")
        }
    }

    private func checkHost(_ host: String, port: Int?, of uri: String) throws(RuleViolation) {
        let authority = authority(of: uri)
        guard authority == authority.lowercased(), !authority.contains("%"), !host.hasSuffix(".") else {
            throw wrong(uri, "must have its host in small letters, not percent-encoded, without a dot at the end")
        }
        guard !authority.hasSuffix(":"), port.map({ (1...65535).contains($0) }) ?? true else { throw wrong(uri, "has no usable port") }
    }

    /// Between `//` and the next `/`, `?` or `#`.
    private func authority(of uri: String) -> Substring {
        guard let start = uri.range(of: "://")?.upperBound else { return "" }
        return uri[start...].prefix { !"/?#".contains($0) }
    }

    /// RFC 8252 §7.3's literals, and the name reserved by RFC 6761 §6.3.
    private func isLoopback(_ host: String) -> Bool { ["127.0.0.1", "[::1]", "::1", "localhost"].contains(host) }

    private func wrong(_ uri: String, _ what: String) -> RuleViolation {
        RuleViolation("window_malformed", "\(printable(uri)) \(what)")
    }
}
