import Foundation

/// The rules of RFC 5280 §4's profile that §6 does not ask for. Each has a name, by which a CA's entry in the trust list may relax it.
enum ProfileRule: String, CaseIterable, Sendable {
    case version = "version"
    case serialNumber = "serial-number"
    case timeEncoding = "time-encoding"
    case emptyIssuer = "empty-issuer"
    case emptySubject = "empty-subject"
    case missingKeyIdentifier = "missing-key-identifier"
    case criticality = "criticality"
    case emptyKeyUsage = "empty-key-usage"
    case inconsistentAuthority = "inconsistent-authority"
    case keyStrength = "key-strength"
    case listProfile = "crl-profile"
}

/// What a certificate is on the path that is being checked.
enum CertificateRole: Sendable { case anchor, authority, leaf }

/// The first rule of the profile that a certificate breaks, as a refusal.
struct Profile: Sendable {
    /// False: §6 only (`lax`).
    let isEnforced: Bool
    /// What `key-strength` asks.
    var floor = AlgorithmFloor.standard

    func check(_ certificate: Certificate, as role: CertificateRole, relaxed: Set<String>) throws(Refusal) {
        guard isEnforced else { return }
        for (rule, fault) in Self.rules {
            guard let why = fault(certificate, role), !relaxed.contains(rule.rawValue) else { continue }
            throw Refusal(.certificateMalformed, why, certificate: certificate.fingerprint)
        }
        if let why = keyFault(certificate), !relaxed.contains(ProfileRule.keyStrength.rawValue) {
            throw Refusal(.algorithmNotPermitted, why, certificate: certificate.fingerprint)
        }
    }

    private typealias Fault = @Sendable (Certificate, CertificateRole) -> String?

    private static let rules: [(ProfileRule, Fault)] = [
        (.version, { one, _ in one.version == 3 ? nil : "version \(one.version) instead of 3 (RFC 5280 §4.1.2.1)" }),
        (.serialNumber, { one, _ in serialFault(one.serial) }),
        (.timeEncoding, { one, _ in one.isTimeWronglyGeneralized ? "GeneralizedTime before 2050 (§4.1.2.5)" : nil }),
        (.emptyIssuer, { one, _ in one.issuer.isEmpty ? "empty issuer (§4.1.2.4)" : nil }),
        (.emptySubject, subjectFault),
        (.missingKeyIdentifier, identifierFault),
        (.criticality, criticalityFault),
        (.emptyKeyUsage, { one, _ in one.keyUsage?.isEmpty == true ? "keyUsage without any usage (§4.2.1.3)" : nil }),
        (.inconsistentAuthority, authorityFault),
    ]

    /// §4.1.2.2: positive, at most 20 octets.
    private static func serialFault(_ serial: [UInt8]) -> String? {
        guard let first = serial.first, first & 0x80 == 0, serial != [0] else { return "serial number is not positive (§4.1.2.2)" }
        return serial.count > 20 ? "serial number of \(serial.count) octets (§4.1.2.2)" : nil
    }

    /// §4.1.2.6 and §4.2.1.6.
    private static func subjectFault(_ one: Certificate, _ role: CertificateRole) -> String? {
        guard one.subject.isEmpty else { return nil }
        if one.isAuthority || role != .leaf { return "a CA with an empty subject (§4.1.2.6)" }
        guard one.extensions.hasSubjectAlternativeName, one.extensions.isCritical(.subjectAlternativeName) else {
            return "empty subject without a critical subjectAltName (§4.2.1.6)"
        }
        return nil
    }

    /// §4.2.1.1 (a self-signed certificate may leave its authority key identifier out, not contradict it) and §4.2.1.2.
    private static func identifierFault(_ one: Certificate, _ role: CertificateRole) -> String? {
        let extensions = one.extensions
        if one.isAuthority, extensions.subjectKeyIdentifier == nil { return "a CA without subjectKeyIdentifier (§4.2.1.2)" }
        guard let authority = extensions.authorityKeyIdentifier else {
            return one.isSelfIssued && role != .authority ? nil : "authorityKeyIdentifier is missing (§4.2.1.1)"
        }
        guard let identifier = authority.keyIdentifier else { return "authorityKeyIdentifier without keyIdentifier (§4.2.1.1)" }
        if role == .anchor, one.isSelfIssued, let own = extensions.subjectKeyIdentifier, own != identifier {
            return "a self-signed certificate whose key identifiers differ (§4.2.1.2)"
        }
        return nil
    }

    /// Extensions that must be critical, and those that must not.
    private static func criticalityFault(_ one: Certificate, _ role: CertificateRole) -> String? {
        let extensions = one.extensions
        for (id, name) in mustNotBeCritical where extensions.isCritical(id) { return "\(name) is critical" }
        for (id, name) in mustBeCritical where extensions.first(id)?.isCritical == false { return "\(name) is not critical" }
        if role != .leaf || one.isAuthority, extensions.first(.basicConstraints)?.isCritical == false {
            return "basicConstraints of a CA is not critical (§4.2.1.9)"
        }
        if extensions.isCritical(.extendedKeyUsage), extensions.keyPurposes?.contains(.anyExtendedKeyUsage) == true {
            return "a critical extKeyUsage that contains anyExtendedKeyUsage (§4.2.1.12)"
        }
        return nil
    }

    private static let mustNotBeCritical: [(ObjectIdentifier, String)] = [
        (.authorityKeyIdentifier, "authorityKeyIdentifier (§4.2.1.1)"), (.subjectKeyIdentifier, "subjectKeyIdentifier (§4.2.1.2)"),
        (.subjectDirectoryAttributes, "subjectDirectoryAttributes (§4.2.1.8)"),
        (.authorityInformationAccess, "authorityInfoAccess (§4.2.2.1)"),
    ]
    private static let mustBeCritical: [(ObjectIdentifier, String)] = [
        (.nameConstraints, "nameConstraints (§4.2.1.10)"), (.policyConstraints, "policyConstraints (§4.2.1.11)"),
        (.inhibitAnyPolicy, "inhibitAnyPolicy (§4.2.1.14)"),
    ]

    /// §4.2.1.3 and §4.2.1.9: cA, keyCertSign and pathLenConstraint belong together.
    private static func authorityFault(_ one: Certificate, _ role: CertificateRole) -> String? {
        let signs = one.keyUsage?.contains(.keyCertSign)
        if signs == true, !one.isAuthority { return "keyCertSign without cA (§4.2.1.9)" }
        if role == .leaf, one.isAuthority, signs == false { return "cA without keyCertSign (§4.2.1.3)" }
        if one.extensions.basicConstraints?.pathLength != nil, !one.isAuthority { return "pathLenConstraint without cA (§4.2.1.9)" }
        if !one.isAuthority, one.extensions.first(.nameConstraints) != nil { return "nameConstraints without cA (§4.2.1.10)" }
        return nil
    }

    private func keyFault(_ one: Certificate) -> String? {
        do throws(Malformed) { return try one.publicKey.get().weakness(under: floor) } catch { return error.reason }
    }
}

extension Profile {
    /// §5's profile of CRLs. A missing authority key identifier (§5.2.1) is let pass: it only helps to find the key.
    func check(_ list: CertificateList, relaxed: Set<String>) throws(Refusal) {
        guard isEnforced, !relaxed.contains(ProfileRule.listProfile.rawValue) else { return }
        let number = list.extensions.first { $0.id == .listNumber }
        guard let number else { throw Refusal(.revocationUnavailable, "a CRL without cRLNumber (RFC 5280 §5.2.3)") }
        guard !number.isCritical else { throw Refusal(.revocationUnavailable, "a critical cRLNumber (§5.2.3)") }
        if let fault = Self.scopeFault(of: list) { throw Refusal(.revocationUnavailable, fault) }
        guard !list.hasDuplicateSerial else { throw Refusal(.revocationUnavailable, "a CRL that lists a serial number twice (§5.1.2.6)") }
        guard !list.isTimeWronglyGeneralized else {
            throw Refusal(.revocationUnavailable, "a CRL with GeneralizedTime before 2050 (§5.1.2.4)")
        }
    }

    /// What narrows a list must be critical, so that nobody reads it as more than it is.
    private static func scopeFault(of list: CertificateList) -> String? {
        for (id, name) in mustBeCriticalInLists where list.extensions.first(where: { $0.id == id })?.isCritical == false {
            return "a CRL whose \(name) is not critical"
        }
        if list.extensions.first(where: { $0.id == .freshestList })?.isCritical == true {
            return "a CRL with a critical freshestCRL (§5.2.6)"
        }
        if list.hasEmptyEntries { return "a CRL with an empty list of revoked certificates (§5.1.2.6)" }
        return list.hasUncriticalCertificateIssuer ? "a CRL with a certificateIssuer that is not critical (§5.3.3)" : nil
    }

    private static let mustBeCriticalInLists: [(ObjectIdentifier, String)] = [
        (.deltaIndicator, "deltaCRLIndicator (§5.2.4)"), (.issuingDistributionPoint, "issuingDistributionPoint (§5.2.5)"),
    ]
}
