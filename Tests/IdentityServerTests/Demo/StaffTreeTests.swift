import Directory
import Foundation
import PKI
import Testing

@testable import IdentityServer

@Suite("The demo's directory")
struct StaffTreeTests {
    @Test("every unit's parent exists, and everybody's unit")
    func units() {
        let paths = Set(StaffTree.units.map(\.path))
        for unit in StaffTree.units where unit.path.contains("/") {
            #expect(paths.contains(unit.path.split(separator: "/").dropLast().joined(separator: "/")))
        }
        #expect(StaffTree.members.allSatisfy { paths.contains($0.unit) })
        #expect(paths.map { $0.split(separator: "/").count }.max() == 4)
    }

    @Test("groups name people and groups that exist, one of them nested")
    func groups() {
        let people = Set(StaffTree.members.map(\.uid))
        let names = Set(StaffTree.groups.map(\.name))
        #expect(people.count == StaffTree.members.count)
        #expect(StaffTree.groups.allSatisfy { people.isSuperset(of: $0.members) && names.isSuperset(of: $0.nested) })
        #expect(StaffTree.groups.contains { !$0.nested.isEmpty })
        #expect(StaffTree.groups.first { $0.role == "administrator" }?.members == [StaffTree.administrator])
    }

    @Test("no password stands in the LDIF, and none of its lines is unsafe")
    func hashes() {
        let secrets = Self.secrets
        let ldif = Self.ldif(secrets)
        #expect(secrets.values.allSatisfy { !ldif.contains($0) })
        #expect(ldif.utf8.allSatisfy { $0 < 0x80 })
    }

    /// A random password each for reader, manager and everybody.
    private static var secrets: [String: String] {
        Dictionary(uniqueKeysWithValues: (StaffTree.members.map(\.uid) + ["reader", "manager"]).map { ($0, SecureRandom.system(12).hex) })
    }

    private static func ldif(_ secrets: [String: String]) -> String {
        StaffTreeLDIF(
            passwords: secrets, readerPassword: secrets["reader"] ?? "", managerPassword: secrets["manager"] ?? "",
            random: SecureRandom.system
        ).text
    }
}
