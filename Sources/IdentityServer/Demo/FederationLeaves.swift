import Foundation
import PKI

/// Issues people's certificates in the style of their CA, with key file, chain and PKCS#12.
struct FederationLeaves {
    let source: FederationSource
    let folder: FederationFolder
    let ceremonies: FederationCeremonies
    /// PKCS#12 passwords of an earlier run by person.
    let passwords: [String: String]
    let now: Date
    let random: RandomSource

    func issue(_ person: FederationPerson) throws -> (certificate: Certificate, entry: FederationManifest.Person) {
        guard let profile = source.profiles[person.profile] else { throw FederationFailure("\(person.id): no profile `\(person.profile)`") }
        let authority = try ceremonies.authority(person.issuer, for: person.id)
        let chain = ceremonies.chains[person.issuer] ?? []
        let file = "people/\(person.id)"
        let key = try folder.key("\(file).key", kind: profile.key)
        let validity = person.valid ?? profile.valid
        var password = passwords[person.id]
        var certificate = try folder.certificate("\(file).pem")
        if try certificate.map({ try validity.isDue($0, at: now) }) ?? true {
            certificate = try authority.issue(try template(person, profile, validity, key))
            password = nil
        }
        guard let certificate else { throw FederationFailure("\(person.id): no certificate") }
        try folder.write(certificate.pem, to: "\(file).pem")
        try folder.write(chain.map(\.pem).joined(), to: "\(file).chain.pem")
        let means: Means
        if key.kind == .sm2 {
            means = .challengeAlone
        } else {
            means = .everything(bundle: "\(file).p12", password: try bundle("\(file).p12", key, certificate, chain, person, password))
        }
        return (certificate, try entry(person, file: file, means: means, authority: authority))
    }

    /// What a key serves for: TLS and PKCS#12 carry no SM2 (OpenSSL 3.0), so its holder signs challenges alone.
    private enum Means {
        case everything(bundle: String, password: String)
        case challengeAlone
    }

    /// The password of the PKCS#12, which is made anew unless an earlier run left both.
    private func bundle(
        _ file: String, _ key: KeyPair, _ certificate: Certificate, _ chain: [Certificate], _ person: FederationPerson, _ kept: String?
    ) throws -> String {
        if let kept, folder.bytes(file) != nil { return kept }
        let fresh = random(12).hex
        try folder.write(try key.pkcs12(certificate: certificate, chain: chain, name: person.name, password: fresh), to: file, secret: true)
        return fresh
    }

    private func template(
        _ person: FederationPerson, _ profile: IssuingProfile, _ validity: FederationValidity, _ key: KeyPair
    ) throws -> CertificateTemplate {
        var values = ["name": person.name]
        if let legalPerson = try legalPerson(of: person) {
            values["uscc"] = legalPerson.uscc
            values["organization"] = legalPerson.name
        }
        values.merge(person.values ?? [:]) { _, own in own }
        let (notBefore, notAfter) = try validity.dates(at: now)
        var extensions: [CertificateExtension] = [.keyUsage(profile.keyUsage), try .extendedKeyUsage(profile.extendedKeyUsage)]
        if let policies = profile.policies { extensions.append(try .policies(policies.map { try FederationNames.filled($0, values) })) }
        if let emails = profile.emails {
            extensions.append(.subjectAlternativeNames(emails: try emails.map { try FederationNames.filled($0, values) }))
        }
        for text in profile.extensions ?? [] {
            extensions.append(.text(try FederationNames.filled(text.value, values), as: text.encoding, oid: text.oid))
        }
        return CertificateTemplate(
            serial: SerialNumber.random(from: random), subject: try FederationNames.template(profile.subject, values: values).encoded(),
            publicKeyInfo: key.publicKeyInfo, notBefore: notBefore, notAfter: notAfter, extensions: extensions)
    }

    private func legalPerson(of person: FederationPerson) throws -> FederationManifest.LegalPerson? {
        guard let uscc = person.legalPerson else { return nil }
        guard let entry = source.legalPersons.first(where: { $0.uscc == uscc }) else {
            throw FederationFailure("\(person.id): legal person \(uscc) is not in the legal persons' file")
        }
        return FederationManifest.LegalPerson(uscc: entry.uscc, name: entry.name)
    }

    private func entry(
        _ person: FederationPerson, file: String, means: Means, authority: IssuingAuthority
    ) throws -> FederationManifest.Person {
        let (bundle, password, ways): (String?, String, [String]) =
            switch means {
            case .everything(let bundle, let password): (bundle, password, ["tls", "challenge"])
            case .challengeAlone: (nil, "", ["challenge"])
            }
        return FederationManifest.Person(
            id: person.id, name: person.name, kind: person.kind.rawValue, legalPerson: try legalPerson(of: person),
            certificate: "\(file).pem", chain: "\(file).chain.pem", key: "\(file).key", pkcs12: bundle, pkcs12Password: password,
            ca: authority.certificate.subject.commonName ?? person.issuer, by: ways, expect: person.expect,
            windows: person.windows ?? [], setup: setup(person.setup))
    }

    private func setup(_ setup: FederationSetup?) -> FederationManifest.Setup {
        FederationManifest.Setup(
            openMaster: setup?.openMaster ?? false, bindSub: setup?.bindSub ?? false,
            grants: (setup?.grants ?? []).map { .init(window: $0.window, parameters: $0.parameters ?? [:], days: $0.days) },
            admit: setup?.admit ?? [])
    }
}
