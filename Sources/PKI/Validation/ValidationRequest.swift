import Foundation

/// What a certificate is asked to be good for.
package enum Purpose: String, Sendable { case client, server, any }

/// initial-policy-mapping-inhibit and initial-any-policy-inhibit (RFC 5280 §6.1.1 (e), (g)).
package struct Inhibitions: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let policyMapping = Self(rawValue: 1)
    package static let anyPolicy = Self(rawValue: 2)
}

/// What varies from one question to the next and is applied at the end of a path (RFC 5280 §6.1.1 and the leaf's own rules).
package struct ValidationRequest: Sendable {
    /// Extended key usages that the leaf, and every CA above it, must leave open. Empty: no purpose is asked.
    var keyPurposes: [ObjectIdentifier]
    /// Usages required of the leaf's key, if it has a keyUsage extension.
    package var keyUsage: KeyUsage
    /// The leaf's key must be one to sign with, if it has a keyUsage extension (`checkSigning`).
    package var requiresSigning = false
    /// Intermediates allowed, self-issued ones not counted; nil: no limit.
    package var maximumDepth: Int?
    /// Names of `SignatureAlgorithm`; empty: every permitted one.
    package var signatureAlgorithms: Set<String>
    /// user-initial-policy-set (RFC 5280 §6.1.1 (c)); nil: any-policy.
    private(set) var acceptablePolicies: Set<ObjectIdentifier>?
    /// initial-explicit-policy (§6.1.1 (f)).
    package var isPolicyRequired = false
    package var inhibitions: Inhibitions = []

    package init(purpose: Purpose = .client, keyUsage: KeyUsage = [], maximumDepth: Int? = nil, signatureAlgorithms: Set<String> = []) {
        keyPurposes = KeyPurposes.named[purpose == .client ? "clientAuth" : "serverAuth"].map { purpose == .any ? [] : [$0] } ?? []
        self.keyUsage = keyUsage
        self.maximumDepth = maximumDepth
        self.signatureAlgorithms = signatureAlgorithms
    }

    /// Dotted policies of user-initial-policy-set; none, or anyPolicy among them, means any. False for what is not an OID.
    package mutating func accept(policies names: [String]) -> Bool {
        let policies = names.map { ObjectIdentifier($0) }
        guard policies.allSatisfy({ $0 != nil }) else { return false }
        acceptablePolicies = policies.isEmpty || policies.contains(.anyPolicy) ? nil : Set(policies.compactMap(\.self))
        return true
    }

    /// Purposes by name (`clientAuth`, …) or dotted OID. Nil for a name that is neither.
    package mutating func ask(purposes names: [String]) -> Bool {
        var asked = [ObjectIdentifier]()
        for name in names {
            guard let purpose = KeyPurposes.named[name] ?? ObjectIdentifier(name) else { return false }
            if purpose != .anyExtendedKeyUsage { asked.append(purpose) }
        }
        keyPurposes = asked
        return true
    }
}

/// How a graph judges, for all questions put to it.
package struct ValidationSettings: Sendable {
    /// False: RFC 5280 §4's profile is enforced, and the anchor's own constraints (RFC 5937). True: §6 only, and of the anchor only name and key.
    package var isLax: Bool
    package var budget: Budget
    /// For every question, in addition to its own.
    package var inhibitions: Inhibitions = []
    /// How weak keys and digests may be, of CAs and of what they signed.
    package var floor = AlgorithmFloor.standard
    /// The rules of CAs that the trust list has no entry for.
    package var unlistedAuthorities: AuthorityRules

    package init(isLax: Bool = false, budget: Budget = .init(), unlistedAuthorities: AuthorityRules = .init()) {
        self.isLax = isLax
        self.budget = budget
        self.unlistedAuthorities = unlistedAuthorities
    }
}

/// What a walk may cost. Signature checks are cached by certificate and key, so a mesh that is only large stays far below;
/// one that is built to be slow ends with `too_complex`.
package struct Budget: Sendable {
    /// rustls-webpki allows 100 for one chain; a whole mesh of hundreds of CAs is walked here: 10 000 are about a second.
    package var signatures: Int
    /// States made, kept or not. rustls-webpki allows 200 000 steps of path building.
    package var states: Int

    /// Certificates of one path, the anchor included: OpenSSL's default depth.
    package static let maximumLength = 100

    package init(signatures: Int = 10_000, states: Int = 100_000) {
        self.signatures = signatures
        self.states = states
    }
    /// For certificates that an anonymous client sent along: some milliseconds.
    package static let client = Budget(signatures: 64, states: 1024)
}
