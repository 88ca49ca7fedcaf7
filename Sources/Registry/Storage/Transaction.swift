import GRDB

/// Statements inside one transaction. The only place, with `Storage` and `SQLValue`, that knows the database library's types.
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

    /// The first row, also of a changing statement with `RETURNING`.
    package func row(_ sql: String, _ arguments: [SQLValue] = []) throws -> SQLRow? {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchOne(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map(SQLRow.init)
    }

    /// Each row of a result too large to hold at once.
    package func forEachRow(_ sql: String, _ arguments: [SQLValue] = [], _ body: (SQLRow) throws -> Void) throws {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
        while let row = try cursor.next() { try body(SQLRow(row: row)) }
    }
}
