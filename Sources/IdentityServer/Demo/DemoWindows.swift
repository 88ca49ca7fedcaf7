import Foundation
import Registry

/// The demo's windows: what is registered for them, and the files that the two programs behind them read.
struct DemoWindows {
    let ports: DemoPorts

    /// Verifies tokens itself (the DemoWindow program); masters that are admitted, who was granted it, and clerks.
    static let business = "business"
    /// A static site that nginx guards by forward-auth; archivists enter by their role.
    static let archive = "archive"
    /// Nothing runs behind it: for trying the protocol with a client of one's own. Everyone who logs in may enter.
    static let enquiry = "enquiry"

    var issuer: String { "https://localhost:\(ports.publicOrigin)" }
    var businessOrigin: String { "https://127.0.0.1:\(ports.openWindow)" }
    var archiveOrigin: String { "https://127.0.0.1:\(ports.guardedWindow)" }

    var all: [Window] {
        var business = Window(
            id: Self.business, name: "企业开办", protocol: .oidc, authMethod: .basic, grants: ["authorization_code", "refresh_token"])
        business.redirectURIs = ["\(businessOrigin)/callback"]
        business.postLogoutRedirectURIs = ["\(businessOrigin)/goodbye"]
        business.roles = ["clerk"]
        var archive = Window(id: Self.archive, name: "档案查询", protocol: .forwardAuth, authMethod: .none)
        archive.serviceURLs = [archiveOrigin]
        archive.roles = ["archivist"]
        var enquiry = Window(
            id: Self.enquiry, name: "办事进度", protocol: .oidc, authMethod: .basic, grants: ["authorization_code", "refresh_token"],
            entry: .everyone)
        enquiry.redirectURIs = ["http://127.0.0.1:\(ports.first + 6)/callback"]
        enquiry.postLogoutRedirectURIs = ["http://127.0.0.1:\(ports.first + 6)/goodbye"]
        return [business, archive, enquiry]
    }

    /// Where a browser enters; nil when nothing runs there.
    func url(of window: Window) -> String? {
        switch window.id {
        case Self.business: "\(businessOrigin)/"
        case Self.archive: "\(archiveOrigin)/"
        default: nil
        }
    }

    /// DemoWindow's configuration file (JSON).
    func businessConfiguration(secret: String, certificate: String, key: String, authority: String) throws -> String {
        let file: [String: Any] = [
            "listen": ["host": "127.0.0.1", "port": ports.openWindow], "tls": ["certificate": certificate, "key": key], "issuer": issuer,
            "client_id": Self.business, "client_secret": secret, "redirect_uri": "\(businessOrigin)/callback",
            "post_logout_redirect_uri": "\(businessOrigin)/goodbye", "tls_ca": authority, "name": "企业开办",
        ]
        let json = try JSONSerialization.data(withJSONObject: file, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: json, as: UTF8.self)
    }
}
