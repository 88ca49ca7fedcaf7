import Foundation

/// The JSON file given with `--config`. Paths are relative to the working directory.
struct WindowConfiguration: Decodable, Sendable {
    struct Listen: Decodable, Sendable {
        let host: String
        let port: Int
    }

    struct Files: Decodable, Sendable {
        let certificate: String
        let key: String
    }

    let listen: Listen
    /// PEM files: the certificate with its chain, and its key.
    let tls: Files
    /// The identity provider, exactly as its discovery document spells it.
    let issuer: String
    let clientID: String
    let clientSecret: String
    /// Registered with the provider; its origin is the one browsers know this window by. Its path is answered with the callback.
    let redirectURI: String
    /// Registered with the provider; without it `/goodbye` at the origin of `redirect_uri`.
    let postLogoutRedirectURI: String?
    /// PEM of the CA that signed the provider's TLS certificate; without it the system's.
    let tlsCA: String?
    /// What the window is called on its pages.
    let name: String

    private enum CodingKeys: String, CodingKey {
        case listen, tls, issuer, name
        case clientID = "client_id"
        case clientSecret = "client_secret"
        case redirectURI = "redirect_uri"
        case postLogoutRedirectURI = "post_logout_redirect_uri"
        case tlsCA = "tls_ca"
    }

    init(file: String) throws {
        self = try JSONDecoder().decode(WindowConfiguration.self, from: Data(contentsOf: URL(filePath: file)))
        guard let redirect = URL(string: redirectURI), redirect.scheme == "https", redirect.host() != nil, redirect.path().count > 1 else {
            throw ConfigurationError(description: "redirect_uri in \(file) must be an https URL with a path")
        }
    }

    /// Scheme, host and port of `redirect_uri`.
    var origin: String {
        guard let url = URL(string: redirectURI), let host = url.host() else { return "" }
        return "https://\(host)" + (url.port.map { ":\($0)" } ?? "")
    }

    var callbackPath: String { URL(string: redirectURI)?.path() ?? "/callback" }
    var goodbyeURI: String { postLogoutRedirectURI ?? origin + "/goodbye" }
}

struct ConfigurationError: Error, CustomStringConvertible {
    let description: String
}
