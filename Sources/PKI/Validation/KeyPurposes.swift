/// The extended key usages that every CA certificate of a path leaves open: RFC 5280 §4.2.1.12 read as constraining what is below,
/// as all deployed verifiers read it in CA certificates.
struct KeyPurposes: Sendable, Hashable {
    /// Nil: any.
    private(set) var allowed: Set<ObjectIdentifier>?

    static let any = KeyPurposes(allowed: nil)

    func intersected(with purposes: [ObjectIdentifier]?) -> KeyPurposes {
        guard let purposes, !purposes.contains(.anyExtendedKeyUsage) else { return self }
        return KeyPurposes(allowed: allowed?.intersection(purposes) ?? Set(purposes))
    }

    func allows(_ purpose: ObjectIdentifier) -> Bool { allowed?.contains(purpose) ?? true }

    func isAtLeast(_ other: KeyPurposes) -> Bool {
        guard let allowed else { return true }
        guard let others = other.allowed else { return false }
        return allowed.isSuperset(of: others)
    }

    /// For people: its name, else dotted.
    static func name(of purpose: ObjectIdentifier) -> String { named.first { $0.value == purpose }?.key ?? purpose.description }

    /// The names of RFC 5280 §4.2.1.12 (as x509-limbo writes them).
    static let named: [String: ObjectIdentifier] = [
        "anyExtendedKeyUsage": .anyExtendedKeyUsage,
        "serverAuth": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 1),
        "clientAuth": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2),
        "codeSigning": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 3),
        "emailProtection": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 4),
        "timeStamping": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 8),
        "OCSPSigning": ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 9),
    ]
}
