import Foundation
import PKI

/// Writes the tree as LDIF (RFC 2849) for slapadd; passwords as salted hashes.
struct StaffTreeLDIF {
    /// By uid.
    let passwords: [String: String]
    let readerPassword: String
    let managerPassword: String
    let random: RandomSource

    var text: String {
        let top = [
            entry(StaffTree.base, ["objectClass": ["dcObject", "organization"], "dc": ["demo"], "o": ["政务服务大厅演示目录"]]),
            service(StaffTree.reader, readerPassword), service(StaffTree.manager, managerPassword),
            entry("cn=groups,\(StaffTree.base)", ["objectClass": ["organizationalRole"], "cn": ["groups"]]),
        ]
        return (top + StaffTree.units.map(unit) + StaffTree.members.map(member) + StaffTree.groups.map(group)).joined(separator: "\n")
    }

    private func service(_ dn: String, _ password: String) -> String {
        entry(
            dn,
            [
                "objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": [Self.ownValue(dn)],
                "userPassword": [hashed(password)],
            ])
    }

    private func unit(_ unit: StaffTree.Unit) -> String {
        entry(unit.dn, ["objectClass": ["organizationalUnit"], "ou": [Self.ownValue(unit.dn)], "description": [unit.name]])
    }

    private func member(_ member: StaffTree.Member) -> String {
        entry(
            member.dn,
            [
                "objectClass": ["inetOrgPerson"], "uid": [member.uid], "cn": [member.name], "sn": [String(member.name.prefix(1))],
                "mail": ["\(member.uid)@demo.example"], "userPassword": [hashed(passwords[member.uid] ?? "")],
            ])
    }

    private func group(_ group: StaffTree.Group) -> String {
        let people = StaffTree.members.filter { group.members.contains($0.uid) }.map(\.dn)
        let groups = StaffTree.groups.filter { group.nested.contains($0.name) }.map(\.dn)
        return entry(
            group.dn,
            ["objectClass": ["groupOfNames"], "cn": [group.name], "description": [group.description], "member": people + groups])
    }

    /// The scheme of slapd's pw-sha2 module: SHA-256 over password and salt, salt appended. Random passwords need no slower one.
    private func hashed(_ password: String) -> String { Self.hashed(password, salt: random(16)) }

    static func hashed(_ password: String, salt: [UInt8]) -> String {
        "{SSHA256}" + Data(Digest.sha256(Array(password.utf8) + salt) + salt).base64EncodedString()
    }

    private func entry(_ dn: String, _ attributes: [String: [String]]) -> String {
        let lines = attributes.sorted { $0.key < $1.key }.flatMap { name, values in values.map { Self.line(name, $0) } }
        return ([Self.line("dn", dn)] + lines).joined(separator: "\n") + "\n"
    }

    /// Base64 for whatever is not a SAFE-STRING (RFC 2849).
    private static func line(_ name: String, _ value: String) -> String {
        let plain = value.allSatisfy { $0.isASCII && !$0.isNewline } && ![" ", ":", "<"].contains(value.first)
        return plain ? "\(name): \(value)" : "\(name):: \(Data(value.utf8).base64EncodedString())"
    }

    private static func ownValue(_ dn: String) -> String { String(dn.prefix { $0 != "," }.drop { $0 != "=" }.dropFirst()) }
}
