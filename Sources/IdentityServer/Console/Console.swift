import Foundation
import Hummingbird
import PKI
import Registry

/// The pages and API of people who are logged in: the workbench, a master's certificates and grants, an administrator's registry.
///
/// Pages are plain forms that work without script; `/api/v1` does the same in JSON for the same session. Rights are checked twice:
/// here for what may be seen, in Registry (inside the transaction) for what may be done.
package enum Console {
    package static func addRoutes(to router: Router<WebContext>, services: Services) {
        let actions = ConsoleActions(services: services)
        WorkbenchPage(services: services).addRoutes(to: router)
        CertificatePages(services: services, actions: actions).addRoutes(to: router)
        LegalPersonPages(services: services, actions: actions).addRoutes(to: router)
        AccountPages(services: services, actions: actions).addRoutes(to: router)
        ConsoleAPI(services: services, actions: actions).addRoutes(to: router.group("/api/v1"))
    }
}

extension Services {
    /// The session of a master (of its own legal person); else 403 `not_master`.
    func requireMaster(of request: Request) async throws -> (session: Session, uscc: String) {
        let session = try await requireSession(of: request)
        guard session.account.certificateKind == .master, let legalPerson = session.account.legalPerson else {
            throw Problem(.forbidden, "not_master", "\(session.account.id) is not a master")
        }
        return (session, legalPerson.uscc)
    }

    /// The session of an administrator; else 403 `not_administrator`.
    func requireAdministrator(of request: Request) async throws -> Session {
        let session = try await requireSession(of: request)
        guard session.account.isAdministrator else {
            throw Problem(.forbidden, "not_administrator", "\(session.account.id) is not an administrator")
        }
        return session
    }

    /// May this session look at this legal person? Its own master, or an administrator; else 403.
    func requireSight(ofLegalPerson uscc: String, by session: Session) throws {
        let ownMaster = session.account.certificateKind == .master && session.account.legalPerson?.uscc == uscc
        guard ownMaster || session.account.isAdministrator else {
            throw Problem(.forbidden, "not_administrator", "\(session.account.id) may not see this legal person")
        }
    }
}
