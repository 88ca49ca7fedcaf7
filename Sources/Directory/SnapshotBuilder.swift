/// From entries to a snapshot: sorts them by object class, places people in units and groups.
struct SnapshotBuilder {
    /// Units, people and groups in one search, so that one pass of the server answers for all.
    static let filter = "(|(objectClass=organizationalUnit)(objectClass=inetOrgPerson)(objectClass=groupOfNames))"
    static let attributes = ["objectClass", "entryUUID", "description", "uid", "cn", "mail", "member"]

    private var units: [LDAPEntry] = []
    private var people: [LDAPEntry] = []
    private var groups: [LDAPEntry] = []
    var count: Int { units.count + people.count + groups.count }

    mutating func add(_ entry: LDAPEntry) {
        let classes = Set(entry.all("objectclass").map { $0.lowercased() })
        if classes.contains("inetorgperson") {
            people.append(entry)
        } else if classes.contains("groupofnames") {
            groups.append(entry)
        } else {
            units.append(entry)
        }
    }

    func snapshot() throws(DirectoryError) -> DirectorySnapshot {
        let tree = try UnitTree(units)
        let membership = GroupMembership(groups)
        var people: [DirectorySnapshot.Person] = []
        for entry in self.people {
            if let person = try Self.person(entry, tree: tree, membership: membership) { people.append(person) }
        }
        return DirectorySnapshot(units: tree.units, people: people)
    }

    /// Nil for an entry without `uid`: nobody can log in as it.
    private static func person(
        _ entry: LDAPEntry, tree: UnitTree, membership: GroupMembership
    ) throws(DirectoryError) -> DirectorySnapshot.Person? {
        guard let uid = entry.first("uid"), !uid.isEmpty else { return nil }
        guard let id = entry.first("entryuuid") else { throw .incomplete("the service account may not read entryUUID") }
        guard let name = EntryName(entry.dn) else { throw .incomplete("an entry's name is not a DN") }
        return DirectorySnapshot.Person(
            id: id, dn: entry.dn, uid: uid, name: entry.first("cn") ?? uid, mail: entry.first("mail"),
            unitPath: tree.path(above: name), groups: membership.groups(of: name))
    }
}

/// The organizational units and the paths that their DNs spell.
struct UnitTree {
    private(set) var units: [DirectorySnapshot.Unit] = []
    private var paths: [EntryName: String] = [:]

    init(_ entries: [LDAPEntry]) throws(DirectoryError) {
        var labels: [EntryName: String] = [:]
        var named: [(name: EntryName, entry: LDAPEntry, label: String)] = []
        for entry in entries {
            guard let name = EntryName(entry.dn), let label = EntryName.ownValue(of: entry.dn) else {
                throw .incomplete("a unit's name is not a DN")
            }
            labels[name] = label
            named.append((name, entry, label))
        }
        for (name, entry, label) in named {
            let path = Self.path(of: name, labels: labels)
            paths[name] = path
            units.append(DirectorySnapshot.Unit(dn: entry.dn, path: path, name: entry.first("description") ?? label))
        }
    }

    /// The path of the nearest unit above this entry; empty when there is none.
    func path(above entry: EntryName) -> String {
        var next = entry.parent
        while let name = next {
            if let path = paths[name] { return path }
            next = name.parent
        }
        return ""
    }

    /// Own label and those of all units above, from the top; entries between that are not units are left out.
    private static func path(of unit: EntryName, labels: [EntryName: String]) -> String {
        var parts: [String] = []
        var next: EntryName? = unit
        while let name = next {
            if let label = labels[name] { parts.append(label) }
            next = name.parent
        }
        return parts.reversed().joined(separator: "/")
    }
}
