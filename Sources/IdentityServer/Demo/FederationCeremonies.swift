import Foundation
import PKI

/// Holds the ceremonies one after another: keys and certificates that exist are kept, others made.
struct FederationCeremonies {
    let folder: FederationFolder
    let now: Date
    let random: RandomSource
    /// CAs so far by id: what later ceremonies and people are signed with.
    private(set) var authorities: [String: IssuingAuthority] = [:]
    /// The certificates between a CA and its root, the CA's own first.
    private(set) var chains: [String: [Certificate]] = [:]

    init(folder: FederationFolder, now: Date, random: @escaping RandomSource) {
        self.folder = folder
        self.now = now
        self.random = random
    }

    mutating func hold(_ ceremony: Ceremony) throws {
        switch ceremony.kind {
        case .root: try root(ceremony)
        case .intermediate: try intermediate(ceremony)
        case .cross: try cross(ceremony)
        case .server: try server(ceremony)
        }
    }

    func authority(_ id: String?, for user: String) throws -> IssuingAuthority {
        guard let id, let authority = authorities[id] else {
            throw FederationFailure("\(user): no CA `\(id ?? "")` was made before it")
        }
        return authority
    }

    private mutating func root(_ ceremony: Ceremony) throws {
        let key = try key(of: ceremony, in: "cas")
        let file = "cas/\(ceremony.id).pem"
        if let kept = try folder.certificate(file) {
            authorities[ceremony.id] = IssuingAuthority(certificate: kept, key: key)
        } else {
            let (notBefore, notAfter) = try ceremony.valid.dates(at: now)
            let made = try IssuingAuthority.selfSigned(
                subject: try subject(of: ceremony), key: key, serial: SerialNumber.random(from: random), notBefore: notBefore,
                notAfter: notAfter, extensions: try ceremony.authorityExtensions())
            try folder.write(made.certificate.pem, to: file)
            authorities[ceremony.id] = made
        }
        chains[ceremony.id] = []
    }

    private mutating func intermediate(_ ceremony: Ceremony) throws {
        let key = try key(of: ceremony, in: "cas")
        let name = try subject(of: ceremony).encoded()
        let certificate = try certify(
            ceremony, name: name, publicKeyInfo: key.publicKeyInfo, extensions: try ceremony.authorityExtensions(),
            file: "cas/\(ceremony.id).pem")
        authorities[ceremony.id] = IssuingAuthority(certificate: certificate, key: key)
        chains[ceremony.id] = [certificate] + (chains[ceremony.issuer ?? ""] ?? [])
    }

    private func cross(_ ceremony: Ceremony) throws {
        let about = try authority(ceremony.about, for: ceremony.id).certificate
        _ = try certify(
            ceremony, name: about.subject.der, publicKeyInfo: about.publicKeyInfo, extensions: try ceremony.authorityExtensions(),
            file: "cross/\(ceremony.id).pem")
    }

    private func server(_ ceremony: Ceremony) throws {
        guard !ceremony.constrains else { throw FederationFailure("\(ceremony.id): a server certifies nobody, so it constrains nothing") }
        let key = try key(of: ceremony, in: "tls")
        let extensions: [CertificateExtension] = [
            .keyUsage([.digitalSignature]), try .extendedKeyUsage([.serverAuth]),
            .subjectAlternativeNames(hosts: ceremony.hosts ?? [], addresses: try (ceremony.addresses ?? []).map(Self.octets)),
        ]
        _ = try certify(
            ceremony, name: try subject(of: ceremony).encoded(), publicKeyInfo: key.publicKeyInfo, extensions: extensions,
            file: "tls/\(ceremony.id).pem")
    }

    /// The kept certificate, unless it expires within a week and the ceremony can be repeated; else one signed by `ceremony.issuer`.
    private func certify(
        _ ceremony: Ceremony, name: [UInt8], publicKeyInfo: [UInt8], extensions: [CertificateExtension], file: String
    ) throws -> Certificate {
        let issuer = try authority(ceremony.issuer, for: ceremony.id)
        if let kept = try folder.certificate(file), try !ceremony.valid.isDue(kept, at: now) { return kept }
        let (notBefore, notAfter) = try ceremony.valid.dates(at: now)
        let certificate = try issuer.issue(
            CertificateTemplate(
                serial: SerialNumber.random(from: random), subject: name, publicKeyInfo: publicKeyInfo, notBefore: notBefore,
                notAfter: notAfter, extensions: extensions))
        try folder.write(certificate.pem, to: file)
        return certificate
    }

    private func key(of ceremony: Ceremony, in place: String) throws -> KeyPair {
        guard let kind = ceremony.key else { throw FederationFailure("\(ceremony.id): `key` is missing") }
        return try folder.key("\(place)/\(ceremony.id).key", kind: kind)
    }

    private func subject(of ceremony: Ceremony) throws -> NameTemplate {
        guard let subject = ceremony.subject else { throw FederationFailure("\(ceremony.id): `subject` is missing") }
        return try FederationNames.template(subject)
    }

    /// An IPv4 or IPv6 address as a subjectAltName carries it (RFC 5280 §4.2.1.6).
    private static func octets(_ address: String) throws -> [UInt8] {
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, address, &four) == 1 { return four }
        if inet_pton(AF_INET6, address, &sixteen) == 1 { return sixteen }
        throw FederationFailure("`\(address)` is not an IP address")
    }
}

extension FederationValidity {
    /// Does the certificate expire within a week, though a new one would not?
    func isDue(_ certificate: Certificate, at now: Date) throws -> Bool {
        let week = now.addingTimeInterval(7 * 86_400)
        return try isRelative && certificate.notAfter < week && dates(at: now).notAfter >= week
    }
}
