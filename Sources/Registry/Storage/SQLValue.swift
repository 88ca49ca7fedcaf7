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
    package static func optional(_ bytes: [UInt8]?) -> SQLValue { bytes.map { .blob($0) } ?? .null }
    package static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
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
    /// Reads what `SQLValue.lines` wrote.
    package func lines(_ column: String) -> [String] { text(column).split(separator: "\n").map(String.init) }
}

extension SQLValue {
    /// A list of texts without line breaks (URIs, role names), one a line.
    package static func lines(_ list: [String]) -> SQLValue { .text(list.joined(separator: "\n")) }
}
