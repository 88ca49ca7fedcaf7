import Foundation
import SwiftASN1

/// A parsed X.509 CRL (RFC 5280 §5). No signature has been checked.
package final class CertificateList: Sendable {
    package let der: [UInt8]
    package let issuer: DistinguishedName
    package let thisUpdate: Date
    package let nextUpdate: Date?

    /// What is said of one serial number.
    package struct Entry: Sendable {
        package let revoked: Date
        /// CRLReason (§5.3.1); nil if not told.
        package let reason: Int?
    }

    let version: Int
    let signature: SignedBytes
    let extensions: [Extension]
    /// An extension of an entry that is critical and not understood: the list tells nothing then (§5.3).
    let unknownEntryExtension: ObjectIdentifier?
    let hasDuplicateSerial: Bool
    let isTimeWronglyGeneralized: Bool
    let authorityKeyIdentifier: ArraySlice<UInt8>?
    let entries: [ArraySlice<UInt8>: Entry]

    /// 64 MiB: national CAs publish lists of some tens of megabytes.
    static let maximumLength = 64 * 1024 * 1024

    /// DER, or PEM text ("X509 CRL"). Throws `certificate_malformed`.
    package init(bytes: [UInt8]) throws(Refusal) {
        do throws(Malformed) {
            der = try Self.der(bytes)
            let fields = try ListFields(der)
            issuer = fields.issuer
            thisUpdate = fields.thisUpdate.date
            nextUpdate = fields.nextUpdate?.date
            isTimeWronglyGeneralized = fields.thisUpdate.isWronglyGeneralized || fields.nextUpdate?.isWronglyGeneralized ?? false
            version = fields.version
            signature = fields.signature
            extensions = fields.extensions
            entries = fields.entries
            hasDuplicateSerial = fields.hasDuplicateSerial
            unknownEntryExtension = fields.unknownEntryExtension
            authorityKeyIdentifier = try fields.extensions.first { $0.id == .authorityKeyIdentifier }
                .flatMap { one throws(Malformed) in try CertificateExtensions.AuthorityKeyIdentifier(one.value).keyIdentifier }
        } catch {
            throw Refusal(.certificateMalformed, "CRL: \(error.reason)")
        }
    }

    /// The entry of this serial number (content octets of the INTEGER); nil if it is not listed.
    package func entry(for serial: [UInt8]) -> Entry? { entries[serial[...]] }
    package var count: Int { entries.count }

    private static func der(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        guard bytes.count <= maximumLength else { throw Malformed("\(bytes.count) bytes") }
        guard bytes.first != 0x30 else { return bytes }
        guard let blocks = PEM.blocks("X509 CRL", in: String(decoding: bytes, as: UTF8.self)), blocks.count == 1 else {
            throw Malformed("neither DER nor exactly one X509 CRL block")
        }
        return blocks[0]
    }
}

/// CertificateList and TBSCertList, read in order (RFC 5280 §5.1).
private struct ListFields {
    let version: Int
    let issuer: DistinguishedName
    let thisUpdate: CertificateTime
    let nextUpdate: CertificateTime?
    private(set) var entries: [ArraySlice<UInt8>: CertificateList.Entry] = [:]
    private(set) var hasDuplicateSerial = false
    private(set) var unknownEntryExtension: ObjectIdentifier?
    let extensions: [Extension]
    let signature: SignedBytes

    init(_ der: [UInt8]) throws(Malformed) {
        var list = try DERSequence(try ASN1Node.parse(der[...], "CertificateList"), .sequence, "CertificateList")
        let tbs = try list.next()
        var fields = try DERSequence(tbs, .sequence, "TBSCertList")
        version = try Self.version(fields.next(if: .integer))
        let algorithm = try fields.next()
        issuer = try DistinguishedName(node: try fields.next())
        thisUpdate = try CertificateTime(try fields.next())
        nextUpdate = try (fields.next(if: .utcTime) ?? fields.next(if: .generalizedTime)).map { node throws(Malformed) in
            try CertificateTime(node)
        }
        let revoked = fields.next(if: .sequence)
        let wrapped = fields.next(if: .context(0))
        try fields.finish()
        guard wrapped == nil || version == 2 else { throw Malformed("extensions in version 1") }
        extensions =
            try wrapped.map { node throws(Malformed) in
                var wrapper = try DERSequence(node, .context(0), "crlExtensions")
                let list = try Extension.list(try wrapper.next())
                try wrapper.finish()
                return list
            } ?? []
        signature = try SignedBytes(tbs: tbs, inner: algorithm, outer: try list.next(), value: try list.next())
        try list.finish()
        if let revoked { try read(revoked: revoked) }
    }

    private static func version(_ node: ASN1Node?) throws(Malformed) -> Int {
        guard let node else { return 1 }
        guard try node.count("version") == 1 else { throw Malformed("version") }
        return 2
    }

    /// revokedCertificates SEQUENCE OF SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL }
    private mutating func read(revoked node: ASN1Node) throws(Malformed) {
        var members = try DERSequence(node, .sequence, "revokedCertificates")
        while !members.isAtEnd {
            var parts = try DERSequence(try members.next(), .sequence, "revoked certificate")
            let serial = try parts.next().integer("userCertificate")
            let date = try CertificateTime(try parts.next()).date
            var reason: Int?
            if let extensions = parts.next(if: .sequence) { reason = try readReason(extensions) }
            try parts.finish()
            let entry = CertificateList.Entry(revoked: date, reason: reason)
            if entries.updateValue(entry, forKey: serial) != nil { hasDuplicateSerial = true }
        }
    }

    private mutating func readReason(_ node: ASN1Node) throws(Malformed) -> Int? {
        guard version == 2 else { throw Malformed("entry extensions in version 1") }
        var reason: Int?
        for one in try Extension.list(node) {
            switch one.id {
            case .reasonCode:
                let value = try ASN1Node.parse(one.value, "reasonCode").count("reasonCode", as: .enumerated)
                guard value <= 10, value != 7 else { throw Malformed("CRLReason \(value)") }
                reason = value
            case .invalidityDate: break
            default: if one.isCritical { unknownEntryExtension = one.id }
            }
        }
        return reason
    }
}
