import Foundation
import PKI
import Registry
import Synchronization

extension OperatorRegistry {
    /// Imports legal persons from a CSV file (`Registry.importLegalPersons`); says what it did.
    package func importLegalPersons(file: String) async throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: file))
        guard bytes.count <= Registry.importMaximum else { throw OperatorFailure("\(file) is larger than \(Registry.importMaximum) bytes") }
        guard let csv = String(validating: bytes, as: UTF8.self) else { throw OperatorFailure("\(file) is not UTF-8 text") }
        let counts = try await change { try await $0.importLegalPersons(csv: csv, actor: $1) }
        return "added \(counts.added), renamed \(counts.updated)"
    }

    /// Lets a member of staff log in with the first certificate of a PEM file too (the others help to find its path); says what it did.
    package func bindCertificate(file: String, toStaff uid: String) async throws -> String {
        let trust = try LoadedTrustList.load(path: configuration.trustListPath)
        registry.authorities.withLock { $0 = trust.book }
        let certificates = try Certificate.list(pem: String(contentsOfFile: file, encoding: .utf8))
        let now = Date()
        let path = try TrustGraph(trust.list, at: now).validate(certificates[0], intermediates: Array(certificates.dropFirst()), at: now)
        let bound = try await change { try await $0.bindCertificate(path, toStaff: uid, actor: $1) }
        return "bound \(bound.fingerprint) to \(uid)"
    }
}
