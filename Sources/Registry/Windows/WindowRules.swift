import Foundation
import PKI

/// What a window may be registered with. Every refusal says what is wrong and what to give instead.
struct WindowRules {
    let settings: RegistrySettings

    static let knownGrants = ["authorization_code", "refresh_token", "client_credentials"]
    private static let listLimit = 20

    func check(_ window: Window) throws(RuleViolation) {
        try checkID(window.id)
        try require(window.clientID == window.id, "the client id must equal the window's id")
        try checkName(window.name)
        try checkLists(window)
        switch window.protocol {
        case .oidc: try checkOIDC(window)
        case .forwardAuth: try checkForwardAuth(window)
        case .cas: throw RuleViolation("not_supported", "CAS windows are not supported yet; register the window as oidc or forward-auth")
        }
        try checkURIs(window)
    }

    private func checkID(_ id: String) throws(RuleViolation) {
        let permitted = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        let startsWell = id.utf8.first.map { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: ".") } ?? false
        try require(
            permitted && startsWell && id.utf8.count <= 64,
            "the id must be 1 to 64 of a-z, 0-9, '-', '_', '.', beginning with a letter or digit, as in tax-filing")
    }

    private func checkName(_ name: String) throws(RuleViolation) {
        let visible = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
            default: true
            }
        }
        let blank = name.allSatisfy(\.isWhitespace)
        try require(visible && !blank && name.count <= 100, "the name must be 1 to 100 visible characters")
    }

    private func checkLists(_ window: Window) throws(RuleViolation) {
        let lists = [
            ("redirect URIs", window.redirectURIs), ("post-logout redirect URIs", window.postLogoutRedirectURIs),
            ("back-channel logout URIs", window.backchannelLogoutURIs), ("front-channel logout URIs", window.frontchannelLogoutURIs),
            ("service URLs", window.serviceURLs), ("grants", window.grants), ("roles", window.roles),
        ]
        for (what, list) in lists {
            try require(list.count <= Self.listLimit, "at most \(Self.listLimit) \(what) may be given, not \(list.count)")
            try require(Set(list).count == list.count, "one of the \(what) is given twice")
        }
        for role in window.roles {
            let plain = !role.isEmpty && role.utf8.count <= 64 && role.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
            try require(plain, "a role is 1 to 64 characters without spaces")
        }
    }

    // OpenID Connect Registration 1.0 §2, RFC 7591 §2

    private func checkOIDC(_ window: Window) throws(RuleViolation) {
        try checkAuthMethod(window)
        for grant in window.grants {
            try require(
                Self.knownGrants.contains(grant), "\(printable(grant)) is no grant; there are \(Self.knownGrants.joined(separator: ", "))")
        }
        try require(!window.grants.isEmpty, "an oidc window needs a grant, as in --grant authorization_code")
        let interactive = window.grants.contains("authorization_code")
        try require(!interactive || !window.redirectURIs.isEmpty, "authorization_code needs a redirect URI; give one with --redirect-uri")
        try require(interactive || window.redirectURIs.isEmpty, "a redirect URI serves nothing without the grant authorization_code")
        try require(interactive || !window.grants.contains("refresh_token"), "refresh_token needs authorization_code beside it")
        // RFC 6749 §4.4: only for confidential clients.
        try require(
            window.authMethod != .none || !window.grants.contains("client_credentials"),
            "client_credentials needs an authentication method other than none")
        try require(window.serviceURLs.isEmpty, "service URLs are for cas and forward-auth; an oidc window has redirect URIs")
    }

    private func checkAuthMethod(_ window: Window) throws(RuleViolation) {
        switch window.authMethod {
        case .basic, .post, .none:
            try require(window.jwks == nil, "a key set (--jwks) serves nothing with \(window.authMethod.rawValue)")
        case .privateKeyJWT, .tls:
            throw RuleViolation(
                "not_supported",
                "\(window.authMethod.rawValue) is not supported yet; use client_secret_basic, client_secret_post or none with PKCE")
        }
    }

    private func checkForwardAuth(_ window: Window) throws(RuleViolation) {
        let oidcOnly = window.redirectURIs + window.postLogoutRedirectURIs + window.backchannelLogoutURIs + window.frontchannelLogoutURIs
        try require(oidcOnly.isEmpty, "a forward-auth window has service URLs, no redirect or logout URIs")
        try require(
            window.authMethod == .none && window.jwks == nil && window.grants.isEmpty,
            "a forward-auth window has no client authentication and no grants")
        try require(!window.serviceURLs.isEmpty, "a forward-auth window needs the origin of its site; give it with --service-url")
    }

    private func checkURIs(_ window: Window) throws(RuleViolation) {
        let rule = WindowURIRule(settings: settings)
        let uris =
            window.redirectURIs + window.postLogoutRedirectURIs + window.backchannelLogoutURIs + window.frontchannelLogoutURIs
        for uri in uris { try rule.check(uri) }
        for url in window.serviceURLs { try rule.checkOrigin(url) }
    }

    private func require(_ holds: Bool, _ why: String) throws(RuleViolation) {
        guard holds else { throw RuleViolation("window_malformed", why) }
    }
}

/// For messages: text from outside, cut short and without control characters.
func printable(_ text: String) -> String {
    let kept = text.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(kept))
}
