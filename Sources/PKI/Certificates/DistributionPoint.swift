import SwiftASN1

/// The reasons a CRL covers (RFC 5280 §4.2.1.13), by the bits of ReasonFlags. Bit 0 is not used.
struct RevocationReasons: OptionSet, Sendable, Hashable {
    let rawValue: UInt16
    /// unused(0) aside, keyCompromise(1) … aACompromise(8).
    static let all = RevocationReasons(rawValue: 0b1_1111_1110)

    init(rawValue: UInt16) { self.rawValue = rawValue & 0b1_1111_1110 }

    init(_ node: ASN1Node, as identifier: ASN1Identifier) throws(Malformed) {
        self.init(rawValue: try node.namedBits("ReasonFlags", as: identifier))
    }
}

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
enum DistributionPointName: Sendable {
    case full([GeneralName])
    /// DER of the RDN as a SET.
    case relative([UInt8])

    /// `node` is the wrapping `[0]`, EXPLICIT as always around a CHOICE.
    init(_ node: ASN1Node) throws(Malformed) {
        var wrapper = try DERSequence(node, .context(0), "distributionPoint")
        let name = try wrapper.next()
        try wrapper.finish()
        if name.identifier == .context(0) {
            self = .full(try GeneralName.list(name, .context(0), "fullName"))
        } else {
            _ = try DERSequence(name, .context(1), "nameRelativeToCRLIssuer").isAtEnd
            self = .relative([0x31] + name.encodedBytes.dropFirst())
        }
    }

    /// Every name it stands for; a relative one is completed by the name of the CRL's issuer (§4.2.1.13, §5.2.5).
    func names(issuer: DistinguishedName) -> [GeneralName] {
        switch self {
        case .full(let names): names
        case .relative(let rdn): issuer.appending(rdn: rdn).map { [.directory($0)] } ?? []
        }
    }
}

/// One DistributionPoint of cRLDistributionPoints or freshestCRL (RFC 5280 §4.2.1.13):
///
///     SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
struct DistributionPoint: Sendable {
    let name: DistributionPointName?
    /// Nil: all.
    let reasons: RevocationReasons?
    /// Empty: the certificate's own issuer.
    let issuers: [GeneralName]

    init(name: DistributionPointName?, reasons: RevocationReasons?, issuers: [GeneralName]) {
        self.name = name
        self.reasons = reasons
        self.issuers = issuers
    }

    private init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "DistributionPoint")
        name = try parts.next(if: .context(0)).map { node throws(Malformed) in try DistributionPointName(node) }
        reasons = try parts.next(if: .context(1)).map { node throws(Malformed) in try RevocationReasons(node, as: .context(1)) }
        issuers =
            try parts.next(if: .context(2)).map { node throws(Malformed) in try GeneralName.list(node, .context(2), "cRLIssuer") } ?? []
        try parts.finish()
        guard name != nil || !issuers.isEmpty else { throw Malformed("DistributionPoint: neither a name nor a cRLIssuer (§4.2.1.13)") }
    }

    /// SEQUENCE SIZE (1..MAX) OF DistributionPoint
    static func list(_ value: ArraySlice<UInt8>) throws(Malformed) -> [DistributionPoint] {
        var members = try DERSequence(try ASN1Node.parse(value, "cRLDistributionPoints"), .sequence, "cRLDistributionPoints")
        var list = [DistributionPoint]()
        repeat {
            guard list.count < maximumCount else { throw Malformed("more than \(maximumCount) distribution points") }
            list.append(try DistributionPoint(try members.next()))
        } while !members.isAtEnd
        return list
    }

    /// Real certificates have up to a handful; each is looked up among the lists.
    static let maximumCount = 64
}
