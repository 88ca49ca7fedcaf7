import Foundation

/// A complete picture of the directory's people, groups and units, as plain values (owner: directory).
package struct DirectorySnapshot: Sendable, Equatable {
    package struct Unit: Sendable, Equatable {
        package let dn: String
        /// Path from the province down, e.g. "guangdong/guangzhou/tianhe/shipai".
        package let path: String
        package let name: String
        package init(dn: String, path: String, name: String) {
            self.dn = dn
            self.path = path
            self.name = name
        }
    }
    package struct Person: Sendable, Equatable {
        /// entryUUID: survives renames.
        package let id: String
        package let dn: String
        package let uid: String
        package let name: String
        package let mail: String?
        package let unitPath: String
        /// DNs of every group this person is in, nested ones included (derived from `member`).
        package let groups: [String]
        package init(id: String, dn: String, uid: String, name: String, mail: String?, unitPath: String, groups: [String]) {
            self.id = id
            self.dn = dn
            self.uid = uid
            self.name = name
            self.mail = mail
            self.unitPath = unitPath
            self.groups = groups
        }
    }
    package let units: [Unit]
    package let people: [Person]
    package init(units: [Unit], people: [Person]) {
        self.units = units
        self.people = people
    }
}

/// Where the directory is and how to bind.
package struct DirectorySettings: Sendable {
    package var url: String
    package var base: String
    package var bindDN: String
    package var password: String
    /// PEM file of the CA that signed the directory's TLS certificate; nil: the system's.
    package var tlsAuthorityFile: String?
    /// `ldaps://`, or StartTLS on `ldap://`: passwords never cross in the clear unless this is set false explicitly (tests).
    package var requireTLS = true
    package var timeout: Duration = .seconds(10)
    package var pageSize = 500
    package init(url: String, base: String, bindDN: String, password: String) {
        self.url = url
        self.base = base
        self.bindDN = bindDN
        self.password = password
    }
}

package enum DirectoryError: Error, Sendable {
    /// Not reachable, TLS refused, timed out.
    case unavailable(String)
    /// The server ended the search early or skipped entries (size limit, time limit, referral): not to be taken as absence.
    case incomplete(String)
    case credentialsInvalid
}

/// Reads a directory by libldap on its own threads: no call blocks an event loop or the cooperative pool.
package final class DirectoryClient: Sendable {
    package init(_ settings: DirectorySettings) { fatalError("stub") }
    /// Everything below the base, paged (RFC 2696). Throws rather than return part of it.
    package func snapshot() async throws(DirectoryError) -> DirectorySnapshot { fatalError("stub") }
    /// A simple bind (RFC 4513 §5.1.3) over TLS as `dn`. An empty password is refused before anything is sent (§5.1.2).
    package func authenticate(dn: String, password: String) async throws(DirectoryError) { fatalError("stub") }
}
