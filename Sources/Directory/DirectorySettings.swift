import Foundation

/// Where the directory is and how to bind.
package struct DirectorySettings: Sendable {
    /// One `ldaps://host:port` or `ldap://host:port`. By address, its certificate needs an IP SAN.
    package var url: String
    package var base: String
    package var bindDN: String
    package var password: String
    /// PEM file of the CA that signed the directory's TLS certificate; nil: the system's.
    package var tlsAuthorityFile: String?
    /// `ldaps://`, or StartTLS on `ldap://`: passwords never cross in the clear unless this is set false explicitly (tests).
    package var requireTLS = true
    /// For connecting, and for each answer.
    package var timeout: Duration = .seconds(10)
    /// For a whole snapshot: a server that answers slowly page after page ends here.
    package var snapshotTimeout: Duration = .seconds(300)
    package var pageSize = 500
    /// A snapshot with more entries is `incomplete`.
    package var maximumEntries = 500_000
    /// A single LDAP message (one entry, all of a group's members) larger than this ends the connection.
    package var maximumMessageBytes = 16 * 1024 * 1024

    package init(url: String, base: String, bindDN: String, password: String) {
        self.url = url
        self.base = base
        self.bindDN = bindDN
        self.password = password
    }
}

package enum DirectoryError: Error, Sendable, Equatable {
    /// Not reachable, TLS refused, timed out, or the service account is not let in.
    case unavailable(String)
    /// The server ended the search early or skipped entries (size limit, time limit, referral): not to be taken as absence.
    case incomplete(String)
    case credentialsInvalid
}
