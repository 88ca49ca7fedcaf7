import Foundation
import PKI

/// Responders' last answers, kept over restarts so that the first login after one does not wait.
extension Registry {
    package struct OCSPAnswer: Sendable, Equatable {
        package let fingerprint: Fingerprint
        package let response: [UInt8]
        package let fetched: Date
        package init(fingerprint: Fingerprint, response: [UInt8], fetched: Date) {
            self.fingerprint = fingerprint
            self.response = response
            self.fetched = fetched
        }
    }
    /// Older ones than so many are not worth a restart's time.
    private static let maximumAnswers = 100_000

    /// `until`: after that it is of no use to anybody, grace included.
    package func keep(_ answer: OCSPAnswer, isGood: Bool, until: Date) async throws {
        let moment = now()
        try await storage.write { transaction in
            try transaction.execute(
                "DELETE FROM ocsp_answers WHERE fingerprint = ? OR kept_until <= ?",
                [.text(answer.fingerprint.description), .time(moment)])
            try transaction.execute(
                "INSERT INTO ocsp_answers (fingerprint, response, good, fetched, kept_until) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(answer.fingerprint.description), .blob(answer.response), .flag(isGood), .time(answer.fetched), .time(until),
                ])
        }
    }

    /// Those that are still of use, the newest first.
    package func ocspAnswers() async throws -> [OCSPAnswer] {
        let moment = now()
        return try await storage.read { transaction in
            try transaction.rows(
                "SELECT fingerprint, response, fetched FROM ocsp_answers WHERE kept_until > ? ORDER BY fetched DESC LIMIT ?",
                [.time(moment), .integer(Int64(Self.maximumAnswers))]
            ).compactMap { row in
                Fingerprint(hex: row.text("fingerprint")).map {
                    OCSPAnswer(fingerprint: $0, response: row.blob("response"), fetched: row.time("fetched"))
                }
            }
        }
    }
}
