// swift-format-ignore-file: AlwaysUseLowerCamelCase
// JSON members keep the names of the contract.

import Directory
import Foundation
import HTTPTypes
import Hummingbird
import PKI
import Registry

/// Asks the directory whether a password is right: `DirectoryClient.authenticate`, handed in.
package typealias DirectoryBind = @Sendable (_ dn: String, _ password: String) async throws(DirectoryError) -> Void

/// Login of staff and administrators with their directory password (contract, "Login without a browser" 3).
package enum PasswordLogin {
    private struct Credentials: Decodable {
        let username: String
        let password: String
        let return_to: String?
    }

    static func addRoutes(to router: Router<WebContext>, services: Services) {
        router.post("/login/password") { request, context in
            let credentials = try await read(request, services)
            let path = try NextStep.returnPath(credentials.return_to)
            return try await returning(to: path) {
                let login = try await login(credentials, context, services)
                return try await NextStep.enter(login, to: path, request, context, services)
            }
        }
    }

    private static func read(_ request: Request, _ services: Services) async throws -> Credentials {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            try services.crossSite.verifyOriginIfSent(request)
            return try await request.json(Credentials.self)
        }
        try services.crossSite.verifyOrigin(request)
        let form = try await request.form()
        return Credentials(username: form["username"] ?? "", password: form["password"] ?? "", return_to: form["return_to"])
    }

    private static func login(_ credentials: Credentials, _ context: WebContext, _ services: Services) async throws -> Login {
        let account = "account:\(credentials.username.lowercased().prefix(256))"
        do {
            try count(account, context, services)
            try await verify(credentials, services)
        } catch let refusal as Refusal {
            try await services.recordRefusal(refusal, .password, context)
            throw refusal
        } catch let problem as Problem {
            if let code = RefusalCode(rawValue: problem.code) {
                try await services.recordRefusal(Refusal(code, problem.why), .password, context)
            }
            throw problem
        }
        services.throttle.reset(account)
        return try await services.registry.identify(staff: credentials.username, address: context.address)
    }

    private static func count(_ account: String, _ context: WebContext, _ services: Services) throws {
        let limits = services.configuration.throttling
        try services.throttle.count("address:\(context.address)", limit: limits.attemptsPerAddress, period: limits.period)
        try services.throttle.count(account, limit: limits.attemptsPerAccount, period: limits.period)
    }

    /// An empty password is refused before any bind: a directory takes such a bind as anonymous and says yes (RFC 4513 §5.1.2).
    private static func verify(_ credentials: Credentials, _ services: Services) async throws {
        guard !credentials.password.isEmpty, !credentials.username.isEmpty, credentials.username.utf8.count <= 256,
            credentials.password.utf8.count <= 1024, !credentials.password.utf8.contains(0)
        else { throw Refusal(.credentialsInvalid, "user name or password is empty or too long") }
        guard let bind = services.bind, let base = services.configuration.directory?.settings.base else {
            throw Problem(.serviceUnavailable, "directory_unavailable", "no directory is configured")
        }
        let known = try await services.registry.distinguishedName(ofStaff: credentials.username)
        do {
            // A name that nobody has is asked for as well, so that the time taken does not tell.
            try await bind(known ?? "cn=unknown,\(base)", credentials.password)
        } catch .credentialsInvalid {
            throw Refusal(.credentialsInvalid, "the directory refused the password")
        } catch {
            throw Problem(.serviceUnavailable, "directory_unavailable", "the directory does not answer: \(error)")
        }
        guard known != nil else { throw Refusal(.credentialsInvalid, "nobody has this user name") }
    }
}
