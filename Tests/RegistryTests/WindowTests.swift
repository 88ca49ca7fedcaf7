import Foundation
import PKI
import Testing

@testable import Registry

@Suite("Windows")
struct WindowTests {
    private let actor = Actor.commandLine("operator")

    /// What the rules say, which `addWindow` asks before it touches the database.
    private func refusal(_ window: Window, _ adjust: (inout RegistrySettings) -> Void = { _ in }) -> RuleViolation? {
        var settings = RegistrySettings()
        adjust(&settings)
        do {
            try WindowRules(settings: settings).check(window)
            return nil
        } catch {
            return error
        }
    }

    @Test("a refused window leaves neither a row nor an event")
    func refusedLeavesNothing() async throws {
        let fixture = try RegistryFixture()
        let violation = await #expect(throws: RuleViolation.self) { _ = try await fixture.registry.addWindow(.oidc("TAX"), actor: actor) }
        #expect(violation?.code == "window_malformed")
        #expect(try await fixture.count("windows") == 0)
        #expect(try await fixture.count("audit_events") == 0)
    }

    @Test("a window is kept exactly as it was given")
    func roundTrip() async throws {
        let fixture = try RegistryFixture()
        var window = Window.oidc()
        window.redirectURIs = ["https://tax.example/callback?a=1&b=%20", "https://tax.example/Callback"]
        window.postLogoutRedirectURIs = ["https://tax.example/"]
        window.roles = ["clerk", "审批员"]
        _ = try await fixture.registry.addWindow(window, actor: actor)
        #expect(try await fixture.registry.window("tax") == window)
        #expect(try await fixture.registry.windows() == [window])
        #expect(try await fixture.auditKinds() == ["window.added"])
        #expect(try await fixture.registry.auditEvents(limit: 1).first?.actor == "cli:operator")
    }

    @Test("a secret of 256 bits is told once and matches; nothing else does")
    func secret() async throws {
        let fixture = try RegistryFixture()
        let secret = try #require(try await fixture.registry.addWindow(.oidc(), actor: actor))
        #expect(secret.count == 43)
        #expect(try await fixture.registry.secretMatches(secret, window: "tax"))
        for wrong in ["", String(secret.dropLast()), secret + "A", "tax"] {
            #expect(try await !fixture.registry.secretMatches(wrong, window: "tax"))
        }
        #expect(try await !fixture.registry.secretMatches(secret, window: "other"))
        let stored = try await fixture.registry.storage.read { try $0.row("SELECT secret_hash FROM windows")?.blob("secret_hash") }
        #expect(stored == Digest.sha256(Array(secret.utf8)))
    }

    @Test("a window without a secret matches none, not even an empty one")
    func noSecret() async throws {
        let fixture = try RegistryFixture()
        #expect(try await fixture.registry.addWindow(.oidc(authMethod: .none), actor: actor) == nil)
        #expect(try await !fixture.registry.secretMatches("", window: "tax"))
        let violation = await #expect(throws: RuleViolation.self) {
            _ = try await fixture.registry.rotateSecret(ofWindow: "tax", actor: actor)
        }
        #expect(violation?.code == "wrong_state")
    }

    @Test("a rotated secret replaces the old one at once")
    func rotation() async throws {
        let fixture = try RegistryFixture()
        let old = try #require(try await fixture.registry.addWindow(.oidc(), actor: actor))
        let new = try await fixture.registry.rotateSecret(ofWindow: "tax", actor: actor)
        #expect(try await !fixture.registry.secretMatches(old, window: "tax"))
        #expect(try await fixture.registry.secretMatches(new, window: "tax"))
    }

    @Test("a suspended window's secret is refused until it is resumed")
    func suspension() async throws {
        let fixture = try RegistryFixture()
        let secret = try #require(try await fixture.registry.addWindow(.oidc(), actor: actor))
        try await fixture.registry.setState(.suspended, ofWindow: "tax", actor: actor)
        #expect(try await !fixture.registry.secretMatches(secret, window: "tax"))
        try await fixture.registry.setState(.active, ofWindow: "tax", actor: actor)
        #expect(try await fixture.registry.secretMatches(secret, window: "tax"))
        #expect(try await fixture.auditKinds() == ["window.added", "window.suspended", "window.resumed"])
    }

    @Test("a second window of the same id is refused and the first stays as it was")
    func duplicate() async throws {
        let fixture = try RegistryFixture()
        let secret = try #require(try await fixture.registry.addWindow(.oidc(), actor: actor))
        let second = Window.oidc(redirectURIs: ["https://evil.example/callback"])
        let violation = await #expect(throws: RuleViolation.self) {
            _ = try await fixture.registry.addWindow(second, actor: actor)
        }
        #expect(violation?.code == "window_exists")
        #expect(try await fixture.registry.window("tax") == .oidc())
        #expect(try await fixture.registry.secretMatches(secret, window: "tax"))
        #expect(try await fixture.count("audit_events") == 1)
    }

    @Test("what is done to a window that is not there is refused")
    func unknown() async throws {
        let fixture = try RegistryFixture()
        let registry = fixture.registry
        let actor = self.actor
        let actions: [@Sendable () async throws -> Void] = [
            { try await registry.setState(.suspended, ofWindow: "none", actor: actor) },
            { try await registry.removeWindow("none", actor: actor) },
            { _ = try await registry.rotateSecret(ofWindow: "none", actor: actor) },
        ]
        for action in actions {
            let violation = await #expect(throws: RuleViolation.self) { try await action() }
            #expect(violation?.code == "unknown_window")
        }
        #expect(try await registry.window("none") == nil)
    }

    @Test(
        "an id that is not plain is refused",
        arguments: ["", "Tax", "tax window", "-tax", ".tax", "税务", "tax/1", "tax\n", "tax'", String(repeating: "a", count: 65)])
    func ids(id: String) {
        #expect(refusal(.oidc(id))?.code == "window_malformed")
    }

    @Test("a name must be visible and short", arguments: ["", "  ", "a\u{0}b", "a\nb", "a\u{202E}b", String(repeating: "税", count: 101)])
    func names(name: String) {
        var window = Window.oidc()
        window.name = name
        #expect(refusal(window)?.code == "window_malformed")
    }

    @Test(
        "an address that could mean another one, or is not https, is refused",
        arguments: [
            "", "callback", "//tax.example/callback", "https:/tax.example", "https://", "https:///callback", "ftp://tax.example/",
            "javascript:alert(1)", "data:text/html,x", "HTTPS://tax.example/", "https://Tax.example/", "http://tax.example/callback",
            "http://127.0.0.1:9000/callback", "http://localhost/callback", "http://127.0.0.1.evil.example/", "https://tax.example/#x",
            "https://tax.example/callback#", "https://user@tax.example/", "https://user:pw@tax.example/", "https://@tax.example/",
            "https://tax.example\\@evil.example/", "https://*.tax.example/", "https://tax.example/*", "https://tax.example/a b",
            "https://tax.example/a\nb", "https://tax.example/\u{7A0E}", "https://tax.example:99999/", "https://tax.example:/",
            "https://tax.example/a/../b", "https://tax.example/./b", "https://tax%2eexample/", "https://tax.example./",
            "https://tax.example/%zz", "https://tax.example/<script>", "https://tax.example/" + String(repeating: "a", count: 2000),
        ])
    func addresses(uri: String) {
        var window = Window.oidc()
        window.redirectURIs = [uri]
        #expect(refusal(window)?.code == "window_malformed", "redirect URI")
        window = .oidc()
        window.postLogoutRedirectURIs = [uri]
        #expect(refusal(window)?.code == "window_malformed", "post-logout redirect URI")
        window = Window(id: "site", name: "site", protocol: .forwardAuth, authMethod: .none)
        window.serviceURLs = [uri]
        #expect(refusal(window)?.code == "window_malformed", "service URL")
    }

    @Test(
        "plain http is accepted on loopback hosts, and there alone, where the configuration allows it",
        arguments: [
            ("http://127.0.0.1:9000/callback", true), ("http://localhost:9000/callback", true), ("http://[::1]:9000/callback", true),
            ("http://127.0.0.2:9000/callback", false), ("http://tax.example/", false), ("http://localhost.evil.example/", false),
        ])
    func loopback(uri: String, accepted: Bool) {
        var window = Window.oidc()
        window.redirectURIs = [uri]
        #expect((refusal(window) { $0.allowsLoopbackHTTP = true } == nil) == accepted)
    }

    @Test(
        "a guarded site is an origin, and not on our own host",
        arguments: [
            ("https://site.example", true), ("https://site.example:8446", true), ("https://site.example/", false),
            ("https://site.example/path", false), ("https://site.example?x", false), ("https://site.example:443", false),
            ("https://pass.example:8446", false),
        ])
    func guardedSites(url: String, accepted: Bool) {
        var window = Window(id: "site", name: "site", protocol: .forwardAuth, authMethod: .none)
        window.serviceURLs = [url]
        #expect((refusal(window) { $0.publicHost = "pass.example" } == nil) == accepted)
    }

    private static let contradictory: [(String, @Sendable (inout Window) -> Void)] = [
        ("no grant", { $0.grants = [] }),
        ("unknown grant", { $0.grants = ["authorization_code", "password"] }),
        ("code without redirect URI", { $0.redirectURIs = [] }),
        (
            "refresh without code",
            {
                $0.grants = ["refresh_token"]; $0.redirectURIs = []
            }
        ),
        (
            "client credentials of a public client",
            {
                $0.authMethod = .none; $0.grants.append("client_credentials")
            }
        ),
        ("redirect URI without code", { $0.grants = ["client_credentials"] }),
        ("service URL", { $0.serviceURLs = ["https://tax.example"] }),
        ("key set without use", { $0.jwks = "{}" }),
        ("another client id", { $0.clientID = "other" }),
        ("given twice", { $0.redirectURIs += $0.redirectURIs }),
        ("too many", { $0.redirectURIs = (0...20).map { "https://tax.example/\($0)" } }),
        ("role with a space", { $0.roles = ["a b"] }),
        ("role with a line break", { $0.roles = ["a\nb"] }),
        ("forward-auth with redirect URIs", { $0.protocol = .forwardAuth }),
        ("forward-auth without site", { $0 = Window(id: "site", name: "site", protocol: .forwardAuth, authMethod: .none) }),
        (
            "forward-auth with a secret",
            {
                $0 = Window(id: "site", name: "site", protocol: .forwardAuth, authMethod: .basic)
                $0.serviceURLs = ["https://site.example"]
            }
        ),
    ]

    @Test("a window that contradicts itself is refused", arguments: 0..<16)
    func contradictions(index: Int) {
        var window = Window.oidc()
        Self.contradictory[index].1(&window)
        #expect(refusal(window)?.code == "window_malformed", "\(Self.contradictory[index].0)")
    }

    @Test("what is not built yet is refused as such, not registered")
    func notSupported() {
        #expect(refusal(.oidc(authMethod: .privateKeyJWT))?.code == "not_supported")
        #expect(refusal(.oidc(authMethod: .tls))?.code == "not_supported")
        var service = Window(id: "cas", name: "cas", protocol: .cas, authMethod: .none)
        service.serviceURLs = ["https://cas.example/app"]
        #expect(refusal(service)?.code == "not_supported")
    }
}
