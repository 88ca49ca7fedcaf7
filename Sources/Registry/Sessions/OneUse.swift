import Foundation
import PKI

/// Values good for one use: codes, challenges, tickets, hand-offs.
extension Registry {
    /// 256 random bits, kept as SHA-256, gone after `lifetime`. `kind` keeps purposes apart; `payload` is the caller's JSON.
    package func putOneUse(_ kind: String, payload: String, lifetime: Duration) async throws -> String {
        let value = newBearer()
        let moment = now()
        try await storage.write { [self] transaction in
            try transaction.execute("DELETE FROM one_use_values WHERE expires <= ?", [.time(moment)])
            try transaction.execute(
                "INSERT INTO one_use_values (kind, value_hash, payload, expires) VALUES (?, ?, ?, ?)",
                [.text(kind), hash(ofBearer: value), .text(payload), .time(moment.addingTimeInterval(lifetime.timeInterval))])
        }
        return value
    }

    /// The payload, to exactly one caller; nil when unknown, used or late. Taking and removing are one statement.
    package func takeOneUse(_ kind: String, _ value: String) async throws -> String? {
        let moment = now()
        return try await storage.write { [self] transaction in
            let row = try transaction.row(
                "DELETE FROM one_use_values WHERE kind = ? AND value_hash = ? RETURNING payload, expires",
                [.text(kind), hash(ofBearer: value)])
            guard let row, row.time("expires") > moment else { return nil }
            return row.text("payload")
        }
    }
}
