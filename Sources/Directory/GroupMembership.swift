/// Who is in which group, nested groups resolved upwards from `member`; `memberOf` is not used (servers maintain it unevenly, and a
/// change to it is not told to those who follow the directory).
struct GroupMembership {
    /// For a member (person or group): the groups that list it.
    private var listing: [EntryName: [EntryName]] = [:]
    /// DNs as the directory spells them.
    private var spelled: [EntryName: String] = [:]

    /// `groups`: entries with `member` values.
    init(_ groups: [LDAPEntry]) {
        for group in groups {
            guard let name = EntryName(group.dn) else { continue }
            spelled[name] = group.dn
            for member in group.all("member") {
                if let member = EntryName(member) { listing[member, default: []].append(name) }
            }
        }
    }

    /// DNs of all groups that `member` is in, directly or through others, sorted. Groups that contain each other are each met once.
    func groups(of member: EntryName) -> [String] {
        var found: Set<EntryName> = []
        var open = listing[member] ?? []
        while let group = open.popLast() {
            if found.insert(group).inserted { open += listing[group] ?? [] }
        }
        return found.compactMap { spelled[$0] }.sorted()
    }
}
