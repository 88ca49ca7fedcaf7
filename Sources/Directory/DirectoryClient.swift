import Foundation

/// Reads a directory by libldap on its own threads: no call blocks an event loop or the cooperative pool.
package final class DirectoryClient: Sendable {
    private let settings: DirectorySettings
    private let reading = WorkerThreads(name: "directory sync", count: 1, waiting: 4)
    private let authenticating = WorkerThreads(name: "directory login", count: 4, waiting: 64)

    package init(_ settings: DirectorySettings) { self.settings = settings }

    /// Everything below the base, paged (RFC 2696). Throws rather than return part of it.
    package func snapshot() async throws(DirectoryError) -> DirectorySnapshot {
        try await reading.run { [settings] () throws(DirectoryError) in try Self.read(settings) }
    }

    /// A simple bind (RFC 4513 §5.1.3) over TLS as `dn`. An empty password is refused before anything is sent (§5.1.2).
    ///
    /// `dn` comes from the last sync, never from what somebody typed. Throws `credentialsInvalid` when the directory refuses the
    /// password, `unavailable` for anything else that is not a success.
    package func authenticate(dn: String, password: String) async throws(DirectoryError) {
        guard !password.isEmpty, !dn.isEmpty else { throw .credentialsInvalid }
        try await authenticating.run { [settings] () throws(DirectoryError) in
            try LDAPConnection(settings).bind(dn: dn, password: password)
        }
    }

    private static func read(_ settings: DirectorySettings) throws(DirectoryError) -> DirectorySnapshot {
        let deadline = ContinuousClock.now + settings.snapshotTimeout
        let connection = try LDAPConnection(settings)
        try bindService(connection, settings)
        var builder = SnapshotBuilder()
        var cookie: [UInt8] = []
        repeat {
            let page = try connection.page(
                base: settings.base, filter: SnapshotBuilder.filter, attributes: SnapshotBuilder.attributes,
                size: settings.pageSize, after: cookie)
            for entry in page.entries { builder.add(entry) }
            cookie = page.cookie
            guard builder.count <= settings.maximumEntries else { throw .incomplete("more than \(settings.maximumEntries) entries") }
            // A server that hands out cookies without entries would keep us here until the deadline.
            guard cookie.isEmpty || ContinuousClock.now < deadline else { throw .incomplete("not read in \(settings.snapshotTimeout)") }
        } while !cookie.isEmpty
        return try builder.snapshot()
    }

    /// A refused service account is the operator's trouble, not a wrong password of somebody logging in.
    private static func bindService(_ connection: LDAPConnection, _ settings: DirectorySettings) throws(DirectoryError) {
        do throws(DirectoryError) {
            try connection.bind(dn: settings.bindDN, password: settings.password)
        } catch .credentialsInvalid {
            throw .unavailable("the directory refuses the service account's name or password")
        }
    }
}
