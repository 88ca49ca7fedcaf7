import Foundation
import Registry

/// The registry of a configuration, opened by an operator's command beside the server, which may be running or not.
package struct OperatorRegistry: Sendable {
    let registry: Registry
    /// `cli:` and the name of the OS user who runs the command.
    let actor: Actor
    let configuration: ServerConfiguration

    /// `creating`: a database that is not there yet is made, as the server would. Otherwise there must be one: a mistaken path must not
    /// look like an empty registry. Throws `OperatorFailure` and whatever configuration, storage and audit key throw.
    package init(configurationPath: String, creating: Bool) throws {
        configuration = try ServerConfiguration.load(path: configurationPath)
        guard creating || FileManager.default.fileExists(atPath: configuration.databasePath) else {
            throw OperatorFailure("there is no database \(configuration.databasePath) yet; has the server run with this configuration?")
        }
        let signer =
            if creating {
                try AuditSigner(keyFile: configuration.auditKeyPath, headFile: configuration.auditHeadPath)
            } else {
                try AuditSigner(existingKeyFile: configuration.auditKeyPath, headFile: configuration.auditHeadPath)
            }
        registry = Registry(
            storage: try Storage(path: configuration.databasePath), settings: configuration.registry, authorities: AuthorityBook(),
            auditSigner: signer)
        actor = .commandLine(Self.userName)
    }

    /// What to print when a command is refused.
    package static func reason(_ error: any Error) -> String {
        (error as? RuleViolation).map { "\($0.code): \($0.why)" } ?? "\(error)"
    }

    /// Signs what the command left in the audit log: the server may not be running to do it.
    func change<Value>(_ body: (Registry, Actor) async throws -> Value) async throws -> Value {
        let value = try await body(registry, actor)
        try await registry.finish()
        return value
    }

    /// Of the real user id: the environment's names are the caller's to choose.
    private static var userName: String {
        guard let entry = getpwuid(getuid()) else { return String(getuid()) }
        return String(cString: entry.pointee.pw_name)
    }
}

/// An operator's command was refused; the text says why and what to do.
package struct OperatorFailure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
