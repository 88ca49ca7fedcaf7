import Directory
import Foundation
import PKI

/// Makes the registry's staff what the directory says, in one transaction.
extension Registry {
    /// Applies a complete directory snapshot: units, staff, roles (groups through `mapping`: group DN → role). Removed people and roles
    /// are out at once, sessions included. Halts (audited, nothing applied) when more than `syncLossLimit` of the staff would go.
    ///
    /// The limit is a share, strictly: of nine people, one is more than 10 %. An operator of a small staff sets a larger limit.
    package func apply(_ snapshot: DirectorySnapshot, mapping: [String: String], actor: Actor) async throws -> SyncOutcome {
        let roles = RoleMapping(mapping)
        return try await storage.write { [self] transaction in
            let known = try knownStaff(in: transaction)
            let people = snapshot.people.admissible(besides: known)
            let leaving = known.values.filter { !$0.isGone && people[$0.entryID] == nil }
            let present = known.values.count { !$0.isGone }
            var outcome = SyncOutcome()
            guard Double(leaving.count) <= settings.syncLossLimit * Double(present) else {
                outcome.halted = "too_many_removals"
                try note(
                    "too_many_removals", details: ["would_remove": String(leaving.count), "of": String(present)], actor: actor,
                    in: transaction)
                return outcome
            }
            for person in leaving { try remove(person, actor: actor, in: transaction) }
            outcome.removed = leaving.count
            try applyUnits(snapshot.units, in: transaction)
            try applyPeople(people, known: known, roles: roles, actor: actor, outcome: &outcome, in: transaction)
            try noteApplied(outcome, refused: snapshot.people.count - people.count, actor: actor, in: transaction)
            return outcome
        }
    }

    /// An incomplete search: audited, nothing deleted.
    package func syncFailed(_ why: String, actor: Actor) async throws {
        try await storage.write { [self] in try note("incomplete", details: ["why": String(why.prefix(512))], actor: actor, in: $0) }
    }

    private func knownStaff(in transaction: Transaction) throws -> [String: KnownPerson] {
        var roles = [String: Set<String>]()
        try transaction.forEachRow("SELECT account_id, role FROM staff_roles") {
            roles[$0.text("account_id"), default: []].insert($0.text("role"))
        }
        var known = [String: KnownPerson]()
        try transaction.forEachRow("SELECT s.*, a.name FROM staff s JOIN accounts a ON a.id = s.account_id") { row in
            known[row.text("entry_id")] = KnownPerson(row: row, roles: roles[row.text("account_id")] ?? [])
        }
        return known
    }

    private func remove(_ person: KnownPerson, actor: Actor, in transaction: Transaction) throws {
        try transaction.execute("UPDATE staff SET gone = ? WHERE account_id = ?", [.time(now()), .text(person.accountID)])
        try transaction.execute("DELETE FROM staff_roles WHERE account_id = ?", [.text(person.accountID)])
        try record(AuditEvent("staff.removed", actor: actor, target: "account:\(person.accountID)"), in: transaction)
        try withdrawGrants(of: person.accountID, reason: "left", actor: actor, in: transaction)
        try endSessions(ofAccount: person.accountID, reason: "staff_removed", actor: actor, in: transaction)
    }

    private func applyUnits(_ units: [DirectorySnapshot.Unit], in transaction: Transaction) throws {
        let wanted = Dictionary(units.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for row in try transaction.rows("SELECT * FROM units") {
            let path = row.text("path")
            if let unit = wanted[path], unit.dn == row.text("dn"), unit.name == row.text("name") { continue }
            try transaction.execute("DELETE FROM units WHERE path = ?", [.text(path)])
        }
        for unit in wanted.values {
            try transaction.execute(
                "INSERT INTO units (path, dn, name) VALUES (?, ?, ?) ON CONFLICT (path) DO NOTHING",
                [.text(unit.path), .text(unit.dn), .text(unit.name)])
        }
    }

    private func applyPeople(
        _ people: [String: DirectorySnapshot.Person], known: [String: KnownPerson], roles: RoleMapping, actor: Actor,
        outcome: inout SyncOutcome, in transaction: Transaction
    ) throws {
        // User names change hands: those about to change are freed first, so that no order of people can clash. (No user name begins with
        // a space.)
        for (id, person) in people {
            guard let old = known[id], !old.isGone, old.uid.foldedUserName != person.uid.foldedUserName else { continue }
            try transaction.execute(
                "UPDATE staff SET uid_folded = ? WHERE account_id = ?", [.text(" \(id)"), .text(old.accountID)])
        }
        for (id, person) in people.sorted(by: { $0.key < $1.key }) {
            let wanted = roles.roles(of: person)
            if let old = known[id] {
                guard !old.matches(person, roles: wanted) else { continue }
                try update(old, to: person, roles: wanted, actor: actor, in: transaction)
                if old.isGone { outcome.added += 1 } else { outcome.changed += 1 }
            } else {
                try add(person, roles: wanted, in: transaction)
                outcome.added += 1
            }
        }
    }

    private func add(_ person: DirectorySnapshot.Person, roles: Set<String>, in transaction: Transaction) throws {
        let id = newBearer(bytes: 16)
        try transaction.execute(
            "INSERT INTO accounts (id, kind, name, standing, created) VALUES (?, 'staff', ?, 'active', ?)",
            [.text(id), .text(person.name), .time(now())])
        try transaction.execute(
            "INSERT INTO staff (account_id, entry_id, uid, uid_folded, dn, mail, unit_path) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [.text(id), .text(person.id)] + person.columns)
        try insertRoles(roles, of: id, in: transaction)
    }

    private func update(
        _ old: KnownPerson, to person: DirectorySnapshot.Person, roles: Set<String>, actor: Actor, in transaction: Transaction
    ) throws {
        try transaction.execute("UPDATE accounts SET name = ? WHERE id = ?", [.text(person.name), .text(old.accountID)])
        try transaction.execute(
            "UPDATE staff SET uid = ?, uid_folded = ?, dn = ?, mail = ?, unit_path = ?, gone = NULL WHERE account_id = ?",
            person.columns + [.text(old.accountID)])
        guard roles != old.roles else { return }
        try transaction.execute("DELETE FROM staff_roles WHERE account_id = ?", [.text(old.accountID)])
        try insertRoles(roles, of: old.accountID, in: transaction)
        try record(
            AuditEvent(
                "staff.roles_changed", actor: actor, target: "account:\(old.accountID)",
                details: ["from": old.roles.sorted().joined(separator: " "), "to": roles.sorted().joined(separator: " ")]),
            in: transaction)
        // A role that is lost takes the open sessions with it: tokens and windows hear of it through them.
        if !old.roles.isSubset(of: roles) {
            try endSessions(ofAccount: old.accountID, reason: "staff_role_lost", actor: actor, in: transaction)
        }
    }

    private func insertRoles(_ roles: Set<String>, of accountID: String, in transaction: Transaction) throws {
        for role in roles {
            try transaction.execute("INSERT INTO staff_roles (account_id, role) VALUES (?, ?)", [.text(accountID), .text(role)])
        }
    }

    private func noteApplied(_ outcome: SyncOutcome, refused: Int, actor: Actor, in transaction: Transaction) throws {
        let changes = outcome.added + outcome.changed + outcome.removed
        try note(
            refused == 0 ? "ok" : "ok, \(refused) refused", always: changes > 0,
            details: [
                "added": String(outcome.added), "changed": String(outcome.changed), "removed": String(outcome.removed),
                "refused": String(refused),
            ], actor: actor, in: transaction)
    }

    /// Syncs come every few seconds: one is audited when it changed something, when its outcome is another than the last one's, and once an
    /// hour while it goes wrong.
    private func note(
        _ outcome: String, always: Bool = false, details: [String: String], actor: Actor, in transaction: Transaction
    ) throws {
        let isGood = outcome.hasPrefix("ok")
        let last = try transaction.row("SELECT outcome, time FROM staff_sync WHERE id = 1")
        let isRepeated = last.map { $0.text("outcome") == outcome && (isGood || now().timeIntervalSince($0.time("time")) < 3600) } ?? false
        guard always || !isRepeated else { return }
        try transaction.execute(
            """
            INSERT INTO staff_sync (id, outcome, time) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, time = excluded.time
            """, [.text(outcome), .time(now())])
        let kind = isGood ? "staff.synced" : outcome == "incomplete" ? "staff.sync_failed" : "staff.sync_halted"
        try record(AuditEvent(kind, actor: actor, details: details), in: transaction)
    }
}
