import PKI

/// The register of legal persons: imported, never typed in.
extension Registry {
    /// In bytes; about half a million lines.
    package static let importMaximum = 32 * 1024 * 1024

    /// `uscc,name` lines (header row `uscc,name`); a bad line refuses the whole file with its number (`request_malformed`). Names are
    /// updated, standings never touched, nothing is removed. Returns (added, updated).
    package func importLegalPersons(csv: String, actor: Actor) async throws -> (added: Int, updated: Int) {
        let lines = try Self.legalPersonLines(csv)
        return try await storage.write { [self] transaction in
            var counts = (added: 0, updated: 0)
            for (uscc, name) in lines {
                if try transaction.row("SELECT 1 AS known FROM legal_persons WHERE uscc = ?", [.text(uscc)]) == nil {
                    try transaction.execute(
                        "INSERT INTO legal_persons (uscc, name, standing, added) VALUES (?, ?, 'active', ?)",
                        [.text(uscc), .text(name), .time(now())])
                    counts.added += 1
                } else {
                    counts.updated += try transaction.execute(
                        "UPDATE legal_persons SET name = ? WHERE uscc = ? AND name <> ?", [.text(name), .text(uscc), .text(name)])
                }
            }
            try record(
                AuditEvent(
                    "legal_persons.imported", actor: actor,
                    details: ["lines": String(lines.count), "added": String(counts.added), "updated": String(counts.updated)]),
                in: transaction)
            return counts
        }
    }

    private static func legalPersonLines(_ csv: String) throws(RuleViolation) -> [(uscc: String, name: String)] {
        func malformed(_ line: Int, _ why: String) -> RuleViolation { RuleViolation("request_malformed", "line \(line): \(why)") }
        guard csv.utf8.count <= importMaximum else { throw RuleViolation("request_malformed", "the file is larger than 32 MiB") }
        var records: [CommaSeparatedValues.Record]
        do throws(CommaSeparatedValues.Fault) {
            records = try CommaSeparatedValues.records(of: csv)
        } catch {
            throw malformed(error.line, error.why)
        }
        guard records.first?.fields == ["uscc", "name"] else { throw malformed(1, "the first line must be: uscc,name") }
        records.removeFirst()
        var seen = Set<String>()
        var lines = [(uscc: String, name: String)]()
        for record in records {
            guard record.fields.count == 2 else { throw malformed(record.line, "it must have two fields, uscc and name") }
            let code: UnifiedSocialCreditCode
            do throws(IdentifierFault) {
                code = try UnifiedSocialCreditCode(record.fields[0])
            } catch {
                throw malformed(record.line, "the USCC is not one: \(error.rawValue)")
            }
            guard record.fields[1].isDisplayable(upTo: 200) else {
                throw malformed(record.line, "a name has 1 to 200 characters, none of them a control character")
            }
            guard seen.insert(code.text).inserted else { throw malformed(record.line, "this USCC stands in the file before") }
            lines.append((code.text, record.fields[1]))
        }
        return lines
    }

    /// By the beginning of the USCC or a part of the name.
    package func legalPersons(matching text: String?, limit: Int, offset: Int) async throws -> [LegalPerson] {
        let pattern = SQLValue.text(text.map(\.containsPattern) ?? "%")
        return try await storage.read { transaction in
            try transaction.rows(
                "SELECT * FROM legal_persons WHERE uscc LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' ORDER BY uscc LIMIT ? OFFSET ?",
                [pattern, pattern] + .page(limit: limit, offset: offset)
            ).map(LegalPerson.init(row:))
        }
    }

    package func legalPerson(uscc: String) async throws -> LegalPerson? {
        try await storage.read { [self] in try legalPerson(uscc: uscc, in: $0) }
    }
}
