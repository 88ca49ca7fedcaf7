import Foundation
import Registry

extension OperatorRegistry {
    /// Imports legal persons from a CSV file (`Registry.importLegalPersons`); says what it did.
    package func importLegalPersons(file: String) async throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: file))
        guard bytes.count <= Registry.importMaximum else { throw OperatorFailure("\(file) is larger than \(Registry.importMaximum) bytes") }
        guard let csv = String(validating: bytes, as: UTF8.self) else { throw OperatorFailure("\(file) is not UTF-8 text") }
        let counts = try await change { try await $0.importLegalPersons(csv: csv, actor: $1) }
        return "added \(counts.added), renamed \(counts.updated)"
    }
}
