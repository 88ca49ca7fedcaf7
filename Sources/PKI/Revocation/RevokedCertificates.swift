import Foundation
import SwiftASN1

/// revokedCertificates of a TBSCertList (RFC 5280 §5.1.2.6), read entry by entry into an index.
struct RevokedCertificates {
    private(set) var index = RevocationIndex()
    /// The names that entries are of: first the CRL issuer's, then those of certificateIssuer extensions, each with all its names.
    private(set) var issuers: [[DistinguishedName]]
    private(set) var hasCertificateIssuers = false
    private(set) var hasUncriticalCertificateIssuer = false
    /// The list is there and has nothing in it, though it should be left out then (§5.1.2.6).
    private(set) var isEmpty = false
    private(set) var isTimeWronglyGeneralized = false
    private(set) var unknownEntryExtension: ObjectIdentifier?
    /// certificateIssuer values seen, so that a name is kept once.
    private var known: [ArraySlice<UInt8>: RevocationIndex.Issuer] = [:]
    private var current: RevocationIndex.Issuer = 0

    /// Of a list by `issuer` without entries.
    init(issuer: DistinguishedName) { issuers = [[issuer]] }

    /// Reads the content of revokedCertificates.
    mutating func read(_ list: DERCursor, version: Int) throws(Malformed) {
        isEmpty = list.isAtEnd
        index.reserve(try Self.count(list))
        var list = list
        while !list.isAtEnd {
            try read(entry: list.inside(try list.next(DERCursor.Tag.sequence, "revoked certificate")), version: version)
        }
        index.finish()
        known = [:]
    }

    /// How many entries there are, so that the index is allocated once.
    private static func count(_ list: DERCursor) throws(Malformed) -> Int {
        var (list, count) = (list, 0)
        while !list.isAtEnd {
            _ = try list.next(DERCursor.Tag.sequence, "revoked certificate")
            count += 1
        }
        return count
    }

    /// SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL }
    private mutating func read(entry: DERCursor, version: Int) throws(Malformed) {
        var entry = entry
        let serial = try Self.integer(entry.bytes[try entry.next(DERCursor.Tag.integer, "userCertificate")])
        let isGeneralized = entry.tag == DERCursor.Tag.generalizedTime
        let time = try entry.next(isGeneralized ? DERCursor.Tag.generalizedTime : DERCursor.Tag.utcTime, "revocationDate")
        let date = try CertificateTime(entry.bytes[time], isGeneralized: isGeneralized)
        if date.isWronglyGeneralized { isTimeWronglyGeneralized = true }
        var reason: UInt8?
        if !entry.isAtEnd {
            guard version == 2 else { throw Malformed("entry extensions in version 1") }
            reason = try readExtensions(entry.inside(try entry.next(DERCursor.Tag.sequence, "crlEntryExtensions")))
            try entry.finish("revoked certificate")
        }
        try index.append(serial: serial, issuer: current, date: date.date, reason: reason)
    }

    /// An INTEGER in the fewest octets (X.690 §8.3.2).
    private static func integer(_ content: ArraySlice<UInt8>) throws(Malformed) -> ArraySlice<UInt8> {
        guard let first = content.first else { throw Malformed("userCertificate: an INTEGER without octets") }
        if content.count > 1, first == 0 || first == 0xFF, content[content.startIndex + 1] & 0x80 == first & 0x80 {
            throw Malformed("userCertificate: an INTEGER in more octets than needed")
        }
        return content
    }

    /// SEQUENCE SIZE (1..MAX) OF Extension (§5.3), none twice; gives the reason.
    private mutating func readExtensions(_ list: DERCursor) throws(Malformed) -> UInt8? {
        var list = list
        guard !list.isAtEnd else { throw Malformed("crlEntryExtensions: empty") }
        var reason: UInt8?
        var seen = [ArraySlice<UInt8>]()
        while !list.isAtEnd {
            let one = try EntryExtension(list.inside(try list.next(DERCursor.Tag.sequence, "Extension")))
            guard !seen.contains(one.id), seen.count < 64 else { throw Malformed("an entry extension twice, or more than 64") }
            // Most entries have one extension: nothing to compare with, nothing to keep.
            if !list.isAtEnd || !seen.isEmpty { seen.append(one.id) }
            switch one.kind {
            case .reason: reason = try one.reason()
            case .issuer: try readIssuer(one)
            case .invalidityDate: break
            case .unknown(let id): if one.isCritical { unknownEntryExtension = id }
            }
        }
        return reason
    }

    /// §5.3.3: of whom this entry is and those that follow.
    private mutating func readIssuer(_ one: EntryExtension) throws(Malformed) {
        hasCertificateIssuers = true
        if !one.isCritical { hasUncriticalCertificateIssuer = true }
        let value = one.bytes[one.value]
        if let index = known[value] {
            current = index
            return
        }
        guard let index = RevocationIndex.Issuer(exactly: issuers.count) else { throw Malformed("more than 65535 certificateIssuers") }
        issuers.append(try one.issuers())
        known[value] = index
        current = index
    }
}

/// One of crlEntryExtensions (§5.3).
private struct EntryExtension {
    enum Kind { case reason, invalidityDate, issuer, unknown(ObjectIdentifier) }
    let bytes: [UInt8]
    let id: ArraySlice<UInt8>
    let kind: Kind
    let isCritical: Bool
    let value: Range<Int>
    private let whole: DERCursor

    /// SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    init(_ whole: DERCursor) throws(Malformed) {
        self.whole = whole
        bytes = whole.bytes
        var parts = whole
        id = bytes[try parts.next(DERCursor.Tag.objectIdentifier, "extnID")]
        kind = try Self.kind(id)
        isCritical = parts.tag == DERCursor.Tag.boolean
        if isCritical {
            let critical = bytes[try parts.next(DERCursor.Tag.boolean, "critical")]
            guard critical.count == 1, critical.first == 0xFF else { throw Malformed("an entry extension's critical is not DER") }
        }
        value = try parts.next(DERCursor.Tag.octetString, "extnValue")
        try parts.finish("Extension")
    }

    private static func kind(_ id: ArraySlice<UInt8>) throws(Malformed) -> Kind {
        // id-ce (2.5.29) is 55 1D; compared here so that no entry allocates an identifier.
        if id.count == 3, id[id.startIndex] == 0x55, id[id.startIndex + 1] == 0x1D {
            switch id[id.startIndex + 2] {
            case 21: return .reason
            case 24: return .invalidityDate
            case 29: return .issuer
            default: break
            }
        }
        guard let id = ObjectIdentifier(content: id) else { throw Malformed("extnID: not an OBJECT IDENTIFIER") }
        return .unknown(id)
    }

    /// CRLReason ::= ENUMERATED { 0 to 6, 8 to 10 } (§5.3.1)
    func reason() throws(Malformed) -> UInt8 {
        var parts = whole.inside(value)
        let content = try parts.next(DERCursor.Tag.enumerated, "reasonCode")
        try parts.finish("reasonCode")
        guard content.count == 1, let code = bytes[content].first, code <= 10, code != 7 else { throw Malformed("not a CRLReason") }
        return code
    }

    /// GeneralNames, of which the directoryNames count; §5.3.3 asks for one at least.
    func issuers() throws(Malformed) -> [DistinguishedName] {
        guard value.count <= Self.maximumNames else { throw Malformed("certificateIssuer: \(value.count) bytes") }
        let node = try ASN1Node.parse(Array(bytes[value])[...], "certificateIssuer")
        let names = try GeneralName.list(node, .sequence, "certificateIssuer")
            .compactMap { if case .directory(let name) = $0 { name } else { nil } }
        guard !names.isEmpty else { throw Malformed("certificateIssuer: no directoryName (RFC 5280 §5.3.3)") }
        return names
    }

    private static let maximumNames = 16 * 1024
}
