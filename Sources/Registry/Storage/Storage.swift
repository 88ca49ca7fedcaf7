import Foundation
import GRDB

/// One value of a row or an argument, in the types that SQLite and PostgreSQL share.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    package static func time(_ date: Date?) -> SQLValue { date.map { .integer($0.milliseconds) } ?? .null }
    package static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    package static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension Date {
    /// Times are stored as whole milliseconds since 1970 (INTEGER).
    package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }
    package init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

/// One row of a result, by column name. A column that is absent or of another type traps in debug: it is our own SQL.
package struct SQLRow {
    let row: Row
    package func text(_ column: String) -> String { row[column] }
    package func optionalText(_ column: String) -> String? { row[column] }
    package func integer(_ column: String) -> Int64 { row[column] }
    package func optionalInteger(_ column: String) -> Int64? { row[column] }
    package func flag(_ column: String) -> Bool { integer(column) != 0 }
    package func blob(_ column: String) -> [UInt8] { [UInt8](row[column] as Data) }
    package func optionalBlob(_ column: String) -> [UInt8]? { (row[column] as Data?).map { [UInt8]($0) } }
    package func time(_ column: String) -> Date { Date(milliseconds: integer(column)) }
    package func optionalTime(_ column: String) -> Date? { optionalInteger(column).map(Date.init(milliseconds:)) }
}

/// Statements inside one transaction. The only place that knows the database's own types.
package struct Transaction {
    let database: Database

    /// Runs one statement; returns how many rows it changed. Arguments fill `?` in order.
    @discardableResult
    package func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return database.changesCount
    }

    package func rows(_ sql: String, _ arguments: [SQLValue] = []) throws -> [SQLRow] {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map(SQLRow.init)
    }

    package func row(_ sql: String, _ arguments: [SQLValue] = []) throws -> SQLRow? {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchOne(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map(SQLRow.init)
    }
}

extension SQLValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}

/// The embedded database: WAL, foreign keys on, `synchronous = FULL` so that what was acknowledged is on disk.
package final class Storage: Sendable {
    private let pool: DatabasePool

    /// Opens (making it, mode 0600) and migrates the database at `path`.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
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

    /// One write transaction: rolled back when `body` throws.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await pool.write { try body(Transaction(database: $0)) }
    }
}
