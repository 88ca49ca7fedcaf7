import Foundation
import GRDB
import Glibc

/// The embedded database: WAL, foreign keys on, `synchronous = FULL` so that what was acknowledged is on disk.
///
/// Another process (`hallpass window …`) may write the same file while the server runs. Nothing is cached above SQLite, so each
/// read sees what was last committed, whoever committed it.
package final class Storage: Sendable {
    private let pool: DatabasePool

    /// Opens (making it, mode 0600) and migrates the database at `path`. Throws `StorageFailure` with what to do.
    package init(path: String) throws {
        try Self.makePrivate(path)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        pool = try DatabasePool(path: path, configuration: configuration)
        // Not in `prepareDatabase`: the pool sets NORMAL after it. Only the writer's connection commits.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        var migrator = DatabaseMigrator()
        for migration in Schema.migrations {
            migrator.registerMigration(migration.name) { database in
                for statement in migration.statements { try database.execute(sql: statement) }
            }
        }
        try migrator.migrate(pool)
    }

    /// A snapshot read, off the event loops. Whatever leaves the closure is a plain value.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await pool.read { try body(Transaction(database: $0)) }
    }

    /// One write transaction, begun as a writer (no other process can write until it ends): rolled back when `body` throws, on
    /// disk when this returns.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await pool.write { try body(Transaction(database: $0)) }
    }

    /// Closes every connection; further use throws. SQLite then folds the write-ahead log into the file.
    package func close() throws { try pool.close() }

    /// The file is made before SQLite sees it, because SQLite gives `-wal` and `-shm` the mode of the database file.
    private static func makePrivate(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StorageFailure(
                "cannot open the database \(path): \(String(cString: strerror(errno))); check that its folder exists and is ours")
        }
        Glibc.close(descriptor)
        for file in [path, path + "-wal", path + "-shm"] {
            var status = stat()
            guard lstat(file, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            guard chmod(file, 0o600) == 0 else {
                throw StorageFailure("\(file) can be read by others and its mode cannot be changed; set it to 0600 as its owner")
            }
        }
    }
}

/// The database file cannot be used; the text is for the operator.
package struct StorageFailure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
