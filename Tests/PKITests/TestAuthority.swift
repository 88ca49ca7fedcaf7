import Foundation

@testable import PKI

/// A root and an intermediate that issues leaves, made through the code under test.
struct TestAuthority {
    let root: IssuingAuthority
    let issuing: IssuingAuthority
    /// One for each kind of key: making RSA keys takes longer than all that is tested with them.
    private static let shared = KeyPair.Kind.allCases.map { kind in (kind, Result { try TestAuthority(making: kind) }) }
    private static let holders = KeyPair.Kind.allCases.map { kind in (kind, Result { try KeyPair.generate(kind) }) }
    struct NoSuchKind: Error {}
    /// A key for leaves of that kind.
    static func holderKey(_ kind: KeyPair.Kind) throws -> KeyPair {
        guard let holder = holders.first(where: { $0.0 == kind }) else { throw NoSuchKind() }
        return try holder.1.get()
    }

    init(_ kind: KeyPair.Kind) throws {
        guard let made = Self.shared.first(where: { $0.0 == kind }) else { throw NoSuchKind() }
        self = try made.1.get()
    }

    static let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
    static let day = 86_400.0

    private init(making kind: KeyPair.Kind) throws {
        let rootKey = try KeyPair.generate(kind)
        root = try IssuingAuthority.selfSigned(
            subject: NameTemplate([.init(oid: "2.5.4.6", value: "CN"), .init(oid: "2.5.4.3", value: "测试根 \(kind.rawValue)")]), key: rootKey,
            serial: SerialNumber.random(), notBefore: Self.now - 10 * Self.day, notAfter: Self.now + 3650 * Self.day,
            extensions: [.certificateAuthority(pathLength: 1), .keyUsage([.keyCertSign, .cRLSign])])
        let key = try KeyPair.generate(kind)
        let certificate = try root.issue(
            CertificateTemplate(
                serial: SerialNumber.random(),
                subject: try NameTemplate([.init(oid: "2.5.4.6", value: "CN"), .init(oid: "2.5.4.3", value: "测试签发 \(kind.rawValue)")])
                    .encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: Self.now - 9 * Self.day, notAfter: Self.now + 3000 * Self.day,
                extensions: [.certificateAuthority(pathLength: 0), .keyUsage([.keyCertSign, .cRLSign])]))
        issuing = IssuingAuthority(certificate: certificate, key: key)
    }

    func leaf(_ key: KeyPair, name: String = "持有人", extensions: [CertificateExtension] = []) throws -> Certificate {
        try issuing.issue(
            CertificateTemplate(
                serial: SerialNumber.random(), subject: try NameTemplate([.init(oid: "2.5.4.3", value: name)]).encoded(),
                publicKeyInfo: key.publicKeyInfo, notBefore: Self.now - Self.day, notAfter: Self.now + 365 * Self.day,
                extensions: [.keyUsage([.digitalSignature]), try .extendedKeyUsage([.clientAuth])] + extensions))
    }
}
