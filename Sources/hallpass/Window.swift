import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass window …`: registers windows and changes them, whether the server is running or not.
struct WindowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "window", abstract: "Register windows (department systems) and change them.",
        subcommands: [Add.self, List.self, Show.self, Suspend.self, Resume.self, RotateSecret.self, Remove.self])
}

/// What every command on the registry needs.
struct ConfigurationOption: ParsableArguments {
    @Option(help: ArgumentHelp("The server's configuration file.", valueName: "file"))
    var config: String

    /// Of a database that is there.
    var registry: OperatorRegistry {
        get throws { try OperatorRegistry(configurationPath: config, creating: false) }
    }
}

/// Which window: `--id ID`, as it was added, or the id alone.
struct WindowOption: ParsableArguments {
    @Option(name: .customLong("id"), help: "The window's id.")
    var named: String?
    @Argument(help: "The window's id, instead of --id.")
    var alone: String?

    var id: String { named ?? alone ?? "" }

    func validate() throws {
        guard (named == nil) != (alone == nil) else { throw ValidationError("Give the window's id, once.") }
    }
}

/// Prints the reason on standard error, one line first, and ends with status 1.
func refusing(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let exit as ExitCode {
        throw exit
    } catch {
        FileHandle.standardError.write(Data((OperatorRegistry.reason(error) + "\n").utf8))
        throw ExitCode(1)
    }
}

extension WindowCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register a window and print its client id and, once, its secret.")

        @OptionGroup var options: ConfigurationOption
        @Option(help: "The window's id, which is its client id: a-z, 0-9, '-', '_', '.'.")
        var id: String
        @Option(help: "The name that people see.")
        var name: String
        @Option(name: .customLong("protocol"), help: "oidc, cas or forward-auth.")
        var wire: WindowRegistration.Wire
        @Option(help: ArgumentHelp("Where authorization answers may go, compared exactly.", valueName: "uri"))
        var redirectURI: [String] = []
        @Option(help: ArgumentHelp("Where a logout may lead back to.", valueName: "uri"))
        var postLogoutRedirectURI: [String] = []
        @Option(help: ArgumentHelp("OpenID Connect Back-Channel Logout.", valueName: "uri"))
        var backchannelLogoutURI: String?
        @Option(help: ArgumentHelp("OpenID Connect Front-Channel Logout.", valueName: "uri"))
        var frontchannelLogoutURI: String?
        @Option(help: ArgumentHelp("A CAS service, or the origin of a site guarded by forward-auth.", valueName: "url"))
        var serviceURL: [String] = []
        @Option(help: "client_secret_basic (the default for oidc), client_secret_post, private_key_jwt, tls_client_auth or none.")
        var authMethod: WindowRegistration.AuthMethod?
        @Option(help: ArgumentHelp("The JWK Set for private_key_jwt.", valueName: "file"))
        var jwks: String?
        @Option(help: "authorization_code (the default for oidc), refresh_token or client_credentials.")
        var grant: [String] = []
        @Option(help: "Who may enter: everyone, or those to whom it is granted.")
        var entry: WindowRegistration.Entry = WindowRegistration.usualEntry
        @Option(help: "A role whose staff may enter.")
        var role: [String] = []
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let added = try await OperatorRegistry(configurationPath: options.config, creating: true).add(registration)
                print(json ? try JSONText.of(added) : added.text)
            }
        }

        func validate() throws {
            for name in grant where !["authorization_code", "refresh_token", "client_credentials"].contains(name) {
                throw ValidationError("--grant \(name): it is authorization_code, refresh_token or client_credentials.")
            }
        }

        private var registration: WindowRegistration {
            var registration = WindowRegistration(id: id, name: name, wire: wire)
            registration.redirectURIs = redirectURI
            registration.postLogoutRedirectURIs = postLogoutRedirectURI
            registration.backchannelLogoutURI = backchannelLogoutURI
            registration.frontchannelLogoutURI = frontchannelLogoutURI
            registration.serviceURLs = serviceURL
            registration.authMethod = authMethod
            registration.keySetPath = jwks
            registration.grants = grant
            registration.entry = entry
            registration.roles = role
            return registration
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all windows.")
        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print a JSON array.")
        var json = false

        func run() async throws {
            try await refusing {
                let windows = try await options.registry.windows()
                guard !json else { return print(try JSONText.of(windows)) }
                for window in windows { print(window.line) }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one window.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var window: WindowOption
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let found = try await options.registry.window(window.id)
                print(json ? try JSONText.of(found) : found.text)
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let nobody in any more, and end the tokens issued to the window.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var window: WindowOption

        func run() async throws {
            try await refusing {
                try await options.registry.suspend(window.id)
                print("suspended: \(window.id)")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let people in again.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var window: WindowOption

        func run() async throws {
            try await refusing {
                try await options.registry.resume(window.id)
                print("resumed: \(window.id)")
            }
        }
    }

    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a new secret, print it once, and refuse the old one from now on.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var window: WindowOption
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            try await refusing {
                let secret = try await options.registry.rotateSecret(of: window.id)
                print(
                    json
                        ? try JSONText.of(["client_id": window.id, "client_secret": secret])
                        : "client_id: \(window.id)\nclient_secret: \(secret)")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a window with its tokens, admissions and grants.")
        @OptionGroup var options: ConfigurationOption
        @OptionGroup var window: WindowOption

        func run() async throws {
            try await refusing {
                try await options.registry.remove(window.id)
                print("removed: \(window.id)")
            }
        }
    }
}

extension WindowRegistration.Wire: ExpressibleByArgument {}
extension WindowRegistration.AuthMethod: ExpressibleByArgument {}
extension WindowRegistration.Entry: ExpressibleByArgument {}
