/// The tests' tree: units four deep, 120 people in a town, groups nested and in a cycle, and names with characters that mean something
/// in filters and DNs.
enum SampleTree {
    static let townDN = "ou=Shipai,ou=tianhe,ou=guangzhou,ou=guangdong,dc=example"
    static let strangeUID = "chen)(uid=*,ou=x"
    static let strangeDN = "uid=chen)(uid\\3D*\\2Cou\\3Dx,ou=guangdong,dc=example"
    static let crowd = 120

    static let ldif = [root, units, people, groups].joined(separator: "\n")

    static let root = """
        dn: dc=example
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: Example

        dn: cn=reader,dc=example
        objectClass: organizationalRole
        objectClass: simpleSecurityObject
        cn: reader
        userPassword: reader's password

        """

    private static let units = """
        dn: ou=guangdong,dc=example
        objectClass: organizationalUnit
        ou: guangdong
        description: 广东省

        dn: ou=guangzhou,ou=guangdong,dc=example
        objectClass: organizationalUnit
        ou: guangzhou

        dn: ou=tianhe,ou=guangzhou,ou=guangdong,dc=example
        objectClass: organizationalUnit
        ou: tianhe

        dn: \(townDN)
        objectClass: organizationalUnit
        ou: Shipai

        """

    private static let people =
        (0..<crowd).map { person(uid: "clerk\($0)", dn: "uid=clerk\($0),\(townDN)") }.joined()
        + person(uid: strangeUID, dn: strangeDN) + person(uid: "direct", dn: "uid=direct,dc=example")

    static func person(uid: String, dn: String, password: String = "secret") -> String {
        """
        dn: \(dn)
        objectClass: inetOrgPerson
        uid: \(uid)
        cn: 办事员
        sn: 员
        mail: \(uid.count < 10 ? uid : "x")@example.org
        userPassword: \(password)


        """
    }

    /// `inner` is in `outer`; `ring-a` and `ring-b` are in each other. `outer` lists `direct` in another spelling.
    private static let groups = """
        dn: cn=inner,dc=example
        objectClass: groupOfNames
        cn: inner
        member: uid=clerk0,\(townDN)

        dn: cn=outer,dc=example
        objectClass: groupOfNames
        cn: outer
        member: cn=inner,dc=example
        member: UID = Direct , DC=Example

        dn: cn=ring-a,dc=example
        objectClass: groupOfNames
        cn: ring-a
        member: cn=ring-b,dc=example

        dn: cn=ring-b,dc=example
        objectClass: groupOfNames
        cn: ring-b
        member: cn=ring-a,dc=example
        member: uid=clerk1,\(townDN)
        """

    /// An entry that sends searches elsewhere (RFC 3296).
    static let referral = """
        dn: ou=elsewhere,dc=example
        objectClass: referral
        objectClass: extensibleObject
        ou: elsewhere
        ref: ldap://127.0.0.1:9/ou=elsewhere,dc=example

        """
}
