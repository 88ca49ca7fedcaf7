import Foundation
import Registry

extension AuditReport {
    /// For `hallpass audit verify`: one line when whole, else what and where.
    package var text: String {
        let extent = "\(events) events, \(heads) signed heads, signed up to event \(signedUpTo)"
        guard !isWhole else { return "whole: \(extent)" }
        let places = findings.map { "event \($0.seq): \($0.code.rawValue): \($0.why)" }
        return (["not whole: \(extent)"] + places).joined(separator: "\n")
    }
}

extension AuditEntry {
    /// One line for people.
    package var text: String {
        let extra = details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return
            ([String(seq), time.formatted(.iso8601), kind, "by \(actor)"]
            + [target.map { "on \($0)" }, address.map { "from \($0)" }].compactMap(\.self) + extra)
            .joined(separator: "  ")
    }
}

extension OperatorRegistry {
    /// What to print when the log is whole; else throws what is wrong and where.
    package func verifiedAudit() async throws -> String {
        let report = try await registry.verifyAudit()
        guard report.isWhole else { throw OperatorFailure(report.text) }
        return report.text
    }

    package func auditLines(limit: Int, json: Bool) async throws -> [String] {
        try await registry.auditEvents(limit: limit).map { json ? try JSONText.of($0) : $0.text }
    }
}
