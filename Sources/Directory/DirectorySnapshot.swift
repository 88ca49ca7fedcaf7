import Foundation

/// A complete picture of the directory's people, groups and units, as plain values.
package struct DirectorySnapshot: Sendable, Equatable {
    package struct Unit: Sendable, Equatable {
        package let dn: String
        /// Path from the province down, e.g. "guangdong/guangzhou/tianhe/shipai".
        package let path: String
        /// The first `description`, else the `ou` of the DN.
        package let name: String
        package init(dn: String, path: String, name: String) {
            self.dn = dn
            self.path = path
            self.name = name
        }
    }
    package struct Person: Sendable, Equatable {
        /// entryUUID (RFC 4530): survives renames.
        package let id: String
        package let dn: String
        package let uid: String
        package let name: String
        package let mail: String?
        /// The path of the nearest unit above the person; empty when there is none.
        package let unitPath: String
        /// DNs of every group this person is in, nested ones included (derived from `member`), sorted.
        package let groups: [String]
        package init(id: String, dn: String, uid: String, name: String, mail: String?, unitPath: String, groups: [String]) {
            self.id = id
            self.dn = dn
            self.uid = uid
            self.name = name
            self.mail = mail
            self.unitPath = unitPath
            self.groups = groups
        }
    }
    package let units: [Unit]
    package let people: [Person]
    package init(units: [Unit], people: [Person]) {
        self.units = units
        self.people = people
    }
}
