import Directory
import Foundation

/// A member of staff as the last sync left them.
struct KnownPerson {
    let accountID: String
    let entryID: String
    let uid: String
    let dn: String
    let name: String
    let mail: String?
    let unitPath: String
    let isGone: Bool
    let roles: Set<String>

    init(row: SQLRow, roles: Set<String>) {
        accountID = row.text("account_id")
        entryID = row.text("entry_id")
        uid = row.text("uid")
        dn = row.text("dn")
        name = row.text("name")
        mail = row.optionalText("mail")
        unitPath = row.text("unit_path")
        isGone = row.optionalTime("gone") != nil
        self.roles = roles
    }

    func matches(_ person: DirectorySnapshot.Person, roles: Set<String>) -> Bool {
        !isGone && uid == person.uid && dn == person.dn && name == person.name && mail == person.mail && unitPath == person.unitPath
            && self.roles == roles
    }
}

extension DirectorySnapshot.Person {
    /// uid, uid_folded, dn, mail, unit_path.
    var columns: [SQLValue] { [.text(uid), .text(uid.foldedUserName), .text(dn), .optional(mail), .text(unitPath)] }
}

extension [DirectorySnapshot.Person] {
    /// By entry id, without those whom nobody could tell apart. A user name that two entries claim stays with whoever had it before, and is
    /// nobody's when neither had: whoever may write one branch of the directory must not take over another's name.
    func admissible(besides known: [String: KnownPerson]) -> [String: DirectorySnapshot.Person] {
        var byUserName = [String: [DirectorySnapshot.Person]]()
        for person in self where !person.id.isEmpty && !person.uid.foldedUserName.isEmpty {
            byUserName[person.uid.foldedUserName, default: []].append(person)
        }
        var result = [String: DirectorySnapshot.Person]()
        for (name, claimants) in byUserName {
            let holders = claimants.filter { known[$0.id].map { !$0.isGone && $0.uid.foldedUserName == name } ?? false }
            guard let person = claimants.count == 1 ? claimants[0] : holders.first else { continue }
            result[person.id] = person
        }
        return result
    }
}

/// Groups to roles. DNs are compared without regard to case and to spaces around separators.
struct RoleMapping {
    private let roles: [String: String]

    init(_ mapping: [String: String]) {
        roles = Dictionary(mapping.map { ($0.key.foldedDistinguishedName, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func roles(of person: DirectorySnapshot.Person) -> Set<String> {
        Set(person.groups.compactMap { roles[$0.foldedDistinguishedName] })
    }
}

extension String {
    fileprivate var foldedDistinguishedName: String {
        split(separator: ",", omittingEmptySubsequences: false)
            .map { part in part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "=") }
            .joined(separator: ",").lowercased()
    }
}
