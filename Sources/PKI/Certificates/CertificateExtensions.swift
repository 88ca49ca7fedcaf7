import SwiftASN1

/// One extension: Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
struct Extension: Sendable {
    let id: ObjectIdentifier
    let isCritical: Bool
    /// What the OCTET STRING holds.
    let value: ArraySlice<UInt8>

    /// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, none twice (RFC 5280 §4.2).
    static func list(_ node: ASN1Node) throws(Malformed) -> [Extension] {
        var members = try DERSequence(node, .sequence, "Extensions")
        guard !members.isAtEnd else { throw Malformed("Extensions: empty") }
        var list = [Extension]()
        list.reserveCapacity(10)
        while !members.isAtEnd {
            let one = try Extension(try members.next())
            guard list.count < 64 else { throw Malformed("Extensions: more than 64") }
            guard !list.contains(where: { $0.id == one.id }) else { throw Malformed("extension \(one.id) twice") }
            list.append(one)
        }
        return list
    }

    private init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "Extension")
        id = try parts.next().objectIdentifier("extnID")
        if let critical = parts.next(if: .boolean) {
            isCritical = try critical.boolean("critical")
            guard isCritical else { throw Malformed("extension \(id): a DEFAULT is written out") }
        } else {
            isCritical = false
        }
        value = try parts.next().octets("extnValue")
        try parts.finish()
    }
}

/// The extensions that path validation reads (RFC 5280 §4.2), decoded once when the certificate is parsed.
struct CertificateExtensions: Sendable {
    /// cA and pathLenConstraint (§4.2.1.9).
    struct BasicConstraints: Sendable {
        let isAuthority: Bool
        let pathLength: Int?
    }
    /// §4.2.1.1; a key identifier may be missing although the extension is there.
    struct AuthorityKeyIdentifier: Sendable {
        let keyIdentifier: ArraySlice<UInt8>?
    }

    /// §4.2.1.5.
    struct PolicyMapping: Sendable, Hashable {
        let issuerDomain: ObjectIdentifier
        let subjectDomain: ObjectIdentifier
    }
    /// §4.2.1.11.
    struct PolicyConstraints: Sendable {
        let requireExplicitPolicy: Int?
        let inhibitPolicyMapping: Int?
    }

    private(set) var all: [Extension] = []
    private(set) var basicConstraints: BasicConstraints?
    private(set) var keyUsage: KeyUsage?
    private(set) var keyPurposes: [ObjectIdentifier]?
    private(set) var subjectKeyIdentifier: ArraySlice<UInt8>?
    private(set) var authorityKeyIdentifier: AuthorityKeyIdentifier?
    private(set) var policies: [ObjectIdentifier] = []
    private(set) var policyMappings: [PolicyMapping] = []
    private(set) var policyConstraints: PolicyConstraints?
    /// SkipCerts of §4.2.1.14.
    private(set) var inhibitAnyPolicy: Int?
    private(set) var nameConstraints: NameConstraints?
    /// §4.2.1.6; empty if absent.
    private(set) var alternativeNames: [GeneralName] = []
    private(set) var hasSubjectAlternativeName = false
    /// §4.2.1.13; empty if absent.
    private(set) var distributionPoints: [DistributionPoint] = []

    init() {}

    init(_ list: [Extension]) throws(Malformed) {
        all = list
        for one in list { try decode(one) }
    }

    func first(_ id: ObjectIdentifier) -> Extension? { all.first { $0.id == id } }
    func isCritical(_ id: ObjectIdentifier) -> Bool { first(id)?.isCritical ?? false }

    private mutating func decode(_ one: Extension) throws(Malformed) {
        switch one.id {
        case .basicConstraints: basicConstraints = try BasicConstraints(one.value)
        case .keyUsage: keyUsage = KeyUsage(rawValue: try ASN1Node.parse(one.value, "keyUsage").namedBits("keyUsage"))
        case .extendedKeyUsage: keyPurposes = try Self.objectIdentifiers(one.value)
        case .subjectKeyIdentifier:
            subjectKeyIdentifier = try ASN1Node.parse(one.value, "subjectKeyIdentifier").octets("subjectKeyIdentifier")
        case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier(one.value)
        case .certificatePolicies: policies = try Self.policies(one.value)
        case .policyMappings: policyMappings = try Self.mappings(one.value)
        case .policyConstraints: policyConstraints = try PolicyConstraints(one.value)
        case .inhibitAnyPolicy: inhibitAnyPolicy = try ASN1Node.parse(one.value, "inhibitAnyPolicy").count("inhibitAnyPolicy")
        case .subjectAlternativeName:
            alternativeNames = try GeneralName.list(try ASN1Node.parse(one.value, "subjectAltName"), .sequence, "subjectAltName")
            hasSubjectAlternativeName = true
        case .nameConstraints: nameConstraints = try NameConstraints(one.value)
        case .distributionPoints: distributionPoints = try DistributionPoint.list(one.value)
        case .authorityInformationAccess: try Self.checkAccess(one.value)
        default: break
        }
    }

    /// SEQUENCE SIZE (1..MAX) OF KeyPurposeId
    private static func objectIdentifiers(_ value: ArraySlice<UInt8>) throws(Malformed) -> [ObjectIdentifier] {
        var members = try DERSequence(try ASN1Node.parse(value, "extKeyUsage"), .sequence, "extKeyUsage")
        var list = [ObjectIdentifier]()
        repeat { list.append(try members.next().objectIdentifier("KeyPurposeId")) } while !members.isAtEnd
        return list
    }

    /// SEQUENCE SIZE (1..MAX) OF PolicyInformation { policyIdentifier, policyQualifiers OPTIONAL }, none twice (§4.2.1.4).
    private static func policies(_ value: ArraySlice<UInt8>) throws(Malformed) -> [ObjectIdentifier] {
        var members = try DERSequence(try ASN1Node.parse(value, "certificatePolicies"), .sequence, "certificatePolicies")
        var list = [ObjectIdentifier]()
        var seen = Set<ObjectIdentifier>()
        repeat {
            var information = try DERSequence(try members.next(), .sequence, "PolicyInformation")
            let policy = try information.next().objectIdentifier("policyIdentifier")
            _ = information.next(if: .sequence)
            try information.finish()
            guard seen.insert(policy).inserted else { throw Malformed("policy \(policy) twice") }
            list.append(policy)
        } while !members.isAtEnd
        return list
    }

    /// SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy } (§4.2.1.5).
    private static func mappings(_ value: ArraySlice<UInt8>) throws(Malformed) -> [PolicyMapping] {
        var members = try DERSequence(try ASN1Node.parse(value, "policyMappings"), .sequence, "policyMappings")
        var list = [PolicyMapping]()
        repeat {
            var pair = try DERSequence(try members.next(), .sequence, "policy mapping")
            let issuerDomain = try pair.next().objectIdentifier("issuerDomainPolicy")
            list.append(PolicyMapping(issuerDomain: issuerDomain, subjectDomain: try pair.next().objectIdentifier("subjectDomainPolicy")))
            try pair.finish()
        } while !members.isAtEnd
        return list
    }

    /// SEQUENCE SIZE (1..MAX) OF AccessDescription { accessMethod, accessLocation } (§4.2.2.1).
    private static func checkAccess(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var members = try DERSequence(try ASN1Node.parse(value, "authorityInfoAccess"), .sequence, "authorityInfoAccess")
        repeat {
            var description = try DERSequence(try members.next(), .sequence, "AccessDescription")
            _ = try description.next().objectIdentifier("accessMethod")
            _ = try description.next()
            try description.finish()
        } while !members.isAtEnd
    }
}

extension CertificateExtensions.BasicConstraints {
    /// SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(value, "basicConstraints"), .sequence, "basicConstraints")
        if let authority = parts.next(if: .boolean) {
            isAuthority = try authority.boolean("cA")
            guard isAuthority else { throw Malformed("basicConstraints: a DEFAULT is written out") }
        } else {
            isAuthority = false
        }
        pathLength = try parts.next(if: .integer)?.count("pathLenConstraint")
        try parts.finish()
    }
}

extension CertificateExtensions.PolicyConstraints {
    /// SEQUENCE { [0] requireExplicitPolicy, [1] inhibitPolicyMapping }, not both absent.
    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(value, "policyConstraints"), .sequence, "policyConstraints")
        requireExplicitPolicy = try parts.next(if: .context(0))?.count("requireExplicitPolicy", as: .context(0))
        inhibitPolicyMapping = try parts.next(if: .context(1))?.count("inhibitPolicyMapping", as: .context(1))
        try parts.finish()
        guard requireExplicitPolicy != nil || inhibitPolicyMapping != nil else { throw Malformed("policyConstraints: empty") }
    }
}

extension CertificateExtensions.AuthorityKeyIdentifier {
    /// SEQUENCE { [0] keyIdentifier, [1] authorityCertIssuer, [2] authorityCertSerialNumber }, the latter two together or not at all.
    init(_ value: ArraySlice<UInt8>) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(value, "authorityKeyIdentifier"), .sequence, "authorityKeyIdentifier")
        keyIdentifier = try parts.next(if: .context(0))?.primitive(.context(0), "keyIdentifier")
        let issuer = parts.next(if: .context(1))
        let serial = parts.next(if: .context(2))
        try parts.finish()
        guard (issuer == nil) == (serial == nil) else { throw Malformed("authorityKeyIdentifier: an issuer without serial or the reverse") }
    }
}

/// keyUsage (RFC 5280 §4.2.1.3), bit 0 first.
package struct KeyUsage: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let digitalSignature = Self(rawValue: 1 << 0)
    package static let contentCommitment = Self(rawValue: 1 << 1)
    package static let keyEncipherment = Self(rawValue: 1 << 2)
    package static let dataEncipherment = Self(rawValue: 1 << 3)
    package static let keyAgreement = Self(rawValue: 1 << 4)
    package static let keyCertSign = Self(rawValue: 1 << 5)
    package static let cRLSign = Self(rawValue: 1 << 6)
    package static let encipherOnly = Self(rawValue: 1 << 7)
    package static let decipherOnly = Self(rawValue: 1 << 8)

    /// The names of RFC 5280's module.
    package static let named: [(name: String, usage: KeyUsage)] = [
        ("digitalSignature", .digitalSignature), ("contentCommitment", .contentCommitment), ("keyEncipherment", .keyEncipherment),
        ("dataEncipherment", .dataEncipherment), ("keyAgreement", .keyAgreement), ("keyCertSign", .keyCertSign), ("cRLSign", .cRLSign),
        ("encipherOnly", .encipherOnly), ("decipherOnly", .decipherOnly),
    ]
    package var names: [String] { Self.named.filter { contains($0.usage) }.map(\.name) }
}
