import Foundation
import PKI

/// What `hallpass audit verify` found.
package struct AuditReport: Sendable, Equatable {
    /// One place where the log is not what was written. `code` is stable.
    package struct Finding: Sendable, Equatable {
        package enum Code: String, Sendable {
            /// Fields do not fit the row's hash.
            case altered
            /// The row does not follow the one before it.
            case chainBroken = "chain_broken"
            /// A sequence number is not there.
            case missing
            /// A row before the first.
            case inserted
            /// The chain's hash is not the one that was signed: rewritten from some event on.
            case signedOtherwise = "signed_otherwise"
            /// A head's signature is wrong.
            case signatureWrong = "signature_wrong"
            /// A head does not follow the one before it.
            case headMissing = "head_missing"
            /// The head file and the database do not hold the same heads.
            case headsDiffer = "heads_differ"
            /// Events that should long be under a signed head are not.
            case unsigned
        }
        /// The event, or the event that the head at fault signs.
        package let seq: Int64
        package let code: Code
        package let why: String
    }
    package var events: Int64 = 0
    package var heads = 0
    /// The newest event under a signed head; 0 for none.
    package var signedUpTo: Int64 = 0
    /// The first of them, in order of `seq`; empty: the log is whole.
    package var findings: [Finding] = []
    package var isWhole: Bool { findings.isEmpty }

    static let findingLimit = 100
    mutating func add(_ seq: Int64, _ code: Finding.Code, _ why: String) {
        if findings.count < Self.findingLimit { findings.append(Finding(seq: seq, code: code, why: why)) }
    }
}

extension Registry {
    /// Reads the whole log: each row against its hash, each against the one before, the signed heads of database and file against each
    /// other and against the rows.
    package func verifyAudit() async throws -> AuditReport {
        // In a write transaction nobody signs, so file and table are of one moment.
        let (heads, file) = try await storage.write { [self] transaction in
            (try transaction.rows("SELECT * FROM audit_heads ORDER BY seq").map(AuditHead.init(row:)), try auditSigner.headsInFile())
        }
        return try await storage.read { [self] transaction in
            var report = AuditReport()
            let signed = check(heads, against: file, into: &report)
            var walk = AuditWalk(heads: signed, report: report)
            try transaction.forEachRow("SELECT * FROM audit_events ORDER BY seq") { walk.visit(AuditRecord(row: $0)) }
            report = walk.finish()
            report.findings.sort { $0.seq < $1.seq }
            return report
        }
    }

    /// Returns every properly signed head of either place, by seq: what one of them lost still counts.
    private func check(_ heads: [AuditHead], against file: [AuditHead?], into report: inout AuditReport) -> [AuditHead] {
        report.heads = heads.count
        let known = Dictionary(heads.map { ($0.seq, $0) }) { first, _ in first }
        var inFile: [Int64: AuditHead] = [:]
        for (index, head) in file.enumerated() {
            guard let head else {
                report.add(0, .headsDiffer, "line \(index + 1) of the head file cannot be read")
                continue
            }
            if inFile[head.seq] != nil { report.add(head.seq, .headsDiffer, "the head file holds the head of this event twice") }
            inFile[head.seq] = head
            if known[head.seq] == nil {
                report.add(head.seq, .headsDiffer, "the head file signs this event, the database has no such head")
            }
        }
        for head in heads where inFile[head.seq] != head {
            report.add(
                head.seq, .headsDiffer,
                inFile[head.seq] == nil
                    ? "the database signs this event, the head file has no such head" : "database and head file hold different heads")
        }
        checkLinks(heads, into: &report)
        let all = Set(heads.map(\.seq)).union(inFile.keys).sorted().flatMap { seq in
            known[seq] == inFile[seq] ? [known[seq]] : [known[seq], inFile[seq]]
        }
        return all.compactMap(\.self).filter { head in
            let valid = isSigned(head)
            if !valid { report.add(head.seq, .signatureWrong, "the signature of the head of this event is not of the audit key") }
            return valid
        }
    }

    private func checkLinks(_ heads: [AuditHead], into report: inout AuditReport) {
        var previous = AuditRecord.beginning
        for head in heads {
            if head.previous != previous {
                report.add(
                    head.seq, .headMissing, "the head of this event does not follow the head before it: one was changed or taken out")
            }
            previous = head.link
        }
    }

    private func isSigned(_ head: AuditHead) -> Bool { auditSigner.isSigned(head) }
}

/// The walk over the rows, one after the other.
struct AuditWalk {
    /// The newest events may wait this long (by their own times) for a signature.
    static let unsignedTolerance: Int64 = 5 * 60 * 1000

    private let heads: [AuditHead]
    private var nextHead = 0
    private var report: AuditReport
    private var expected: Int64 = 1
    private var previous = AuditRecord.beginning
    private var firstUnsigned: AuditRecord?
    private var last: AuditRecord?

    init(heads: [AuditHead], report: AuditReport) {
        self.heads = heads
        self.report = report
        self.report.signedUpTo = heads.last?.seq ?? 0
    }

    mutating func visit(_ record: AuditRecord) {
        report.events += 1
        if record.seq < expected {
            report.add(record.seq, .inserted, "this event stands before the first one")
        } else if record.seq > expected {
            report.add(expected, .missing, missing(expected, record.seq - 1))
        }
        if record.previous != previous { report.add(record.seq, .chainBroken, "this event does not follow the one before it") }
        if record.computedHash != record.hash { report.add(record.seq, .altered, "the fields of this event do not fit its hash") }
        compareWithHeads(record)
        if record.seq > report.signedUpTo, firstUnsigned == nil { firstUnsigned = record }
        last = record
        previous = record.hash
        expected = max(expected, record.seq + 1)
    }

    mutating func finish() -> AuditReport {
        if report.signedUpTo >= expected {
            report.add(expected, .missing, missing(expected, report.signedUpTo) + ", a signed head says they were there")
        }
        if let firstUnsigned, let last, last.time - firstUnsigned.time > Self.unsignedTolerance {
            report.add(firstUnsigned.seq, .unsigned, "from this event on no head is signed: heads were taken out, or nothing signed them")
        }
        return report
    }

    private mutating func compareWithHeads(_ record: AuditRecord) {
        while nextHead < heads.count, heads[nextHead].seq < record.seq { nextHead += 1 }
        while nextHead < heads.count, heads[nextHead].seq == record.seq {
            if heads[nextHead].hash != record.hash {
                report.add(
                    record.seq, .signedOtherwise, "a signed head names another hash for this event: the log was rewritten up to here")
            }
            nextHead += 1
        }
    }

    private func missing(_ first: Int64, _ last: Int64) -> String {
        first == last ? "event \(first) is missing" : "events \(first) to \(last) are missing"
    }
}
