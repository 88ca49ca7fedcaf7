import Foundation
import PKI

/// root → upper → lower → leaf, lower also straight from root, and a list of each CA; names and keys are always the same.
struct FuzzMesh: Sendable {
    struct Made {
        let list: TrustList
        let leaf: Certificate
    }

    static let now = Date(timeIntervalSince1970: 1_780_000_000)
    private static let year = 31_536_000.0
    /// Keys are made once for each process: what the verdict is does not depend on them.
    static let shared = Result { try FuzzMesh() }

    private let root: IssuingAuthority
    private let upperKey: KeyPair
    private let lowerKey: KeyPair
    private let leafKey: KeyPair
    /// A root and what it issued.
    var plain: Result<(issuer: Certificate, certificate: Certificate), any Error> {
        Result { (root.certificate, try certificate("leaf", 6, leafKey, by: root, [])) }
    }

    private init() throws {
        root = try IssuingAuthority.selfSigned(
            subject: Self.name("root"), key: try KeyPair.generate(.p256), serial: [1], notBefore: Self.now - Self.year,
            notAfter: Self.now + Self.year, extensions: [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])])
        (upperKey, lowerKey, leafKey) = (try .generate(.p256), try .generate(.p256), try .generate(.p256))
    }

    private static func name(_ name: String) -> NameTemplate { NameTemplate([.init(oid: "2.5.4.3", value: name)]) }

    /// Throws where the input asks for what `IssuingAuthority` does not make.
    func made(from input: inout FuzzInput) throws -> Made {
        let upper = IssuingAuthority(certificate: try authority("upper", 2, upperKey, by: root, &input), key: upperKey)
        let lower = IssuingAuthority(certificate: try authority("lower", 3, lowerKey, by: upper, &input), key: lowerKey)
        let straight = try authority("lower", 4, lowerKey, by: root, &input)
        let leaf = try certificate("leaf", 5, leafKey, by: lower, input.extensions())
        var lists = [CertificateList]()
        for issuer in [root, upper, lower] {
            if let list = try? CertificateList(bytes: FuzzList.der(by: issuer, &input)) { lists.append(list) }
        }
        let authorities = [upper.certificate, lower.certificate, straight]
        return Made(list: TrustList(anchors: [root.certificate], authorities: authorities, revocationLists: lists), leaf: leaf)
    }

    private func authority(_ name: String, _ serial: UInt8, _ key: KeyPair, by issuer: IssuingAuthority, _ input: inout FuzzInput) throws
        -> Certificate
    {
        var extensions = input.extensions()
        let usual: [CertificateExtension] = [.certificateAuthority(pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])]
        for one in usual where !extensions.contains(where: { $0.oid == one.oid }) { extensions.append(one) }
        return try certificate(name, serial, key, by: issuer, extensions)
    }

    private func certificate(
        _ name: String, _ serial: UInt8, _ key: KeyPair, by issuer: IssuingAuthority, _ extensions: [CertificateExtension]
    ) throws -> Certificate {
        let template = CertificateTemplate(
            serial: [serial], subject: try Self.name(name).encoded(), publicKeyInfo: key.publicKeyInfo, notBefore: Self.now - Self.year,
            notAfter: Self.now + Self.year / 2, extensions: extensions)
        return try issuer.issue(template)
    }
}

/// A CRL written by hand, so that its extensions and those of its entries are the input's.
enum FuzzList {
    static func der(by issuer: IssuingAuthority, _ input: inout FuzzInput) throws -> [UInt8] {
        var entries = [[UInt8]]()
        for _ in 0..<(input.byte() & 3) {
            let serial = input.byte() & 7
            let extensions = input.extensions().map(encoded)
            entries.append(
                value(0x30, [value(0x02, [[serial]]), time("260101000000Z")] + (extensions.isEmpty ? [] : [value(0x30, extensions)])))
        }
        let number = CertificateExtension(oid: "2.5.29.20", value: [0x02, 0x01, 0x01])
        let extensions = [number] + input.extensions().filter { $0.oid != number.oid }
        let signed = value(
            0x30,
            [
                value(0x02, [[1]]), algorithm, issuer.certificate.subject.der, time("260101000000Z"), time("270101000000Z"),
                entries.isEmpty ? [] : value(0x30, entries), value(0xA0, [value(0x30, extensions.map(encoded))]),
            ])
        return value(0x30, [signed, algorithm, value(0x03, [[0], try issuer.key.sign(signed)])])
    }

    /// ecdsa-with-SHA256.
    private static let algorithm: [UInt8] = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]

    private static func time(_ text: String) -> [UInt8] { value(0x17, [Array(text.utf8)]) }

    private static func encoded(_ one: CertificateExtension) -> [UInt8] {
        let arcs = one.oid.split(separator: ".").compactMap { UInt8($0) }
        let type = value(0x06, [[arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2)])
        return value(0x30, [type, one.critical ? [0x01, 0x01, 0xFF] : [], value(0x04, [one.value])])
    }

    /// Tag, length (X.690 §8.1.3), contents.
    private static func value(_ tag: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
        let content = Array(parts.joined())
        let length: [UInt8]
        switch content.count {
        case ..<0x80: length = [UInt8(content.count)]
        case ..<0x100: length = [0x81, UInt8(content.count)]
        default: length = [0x82, UInt8(truncatingIfNeeded: content.count >> 8), UInt8(truncatingIfNeeded: content.count)]
        }
        return [tag] + length + content
    }
}
