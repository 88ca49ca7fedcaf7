/// An OBJECT IDENTIFIER (X.690 §8.19), kept as its content octets: comparing is comparing bytes, and arcs of any size are kept.
package struct ObjectIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// Content octets, without tag and length.
    let bytes: [UInt8]

    /// Content octets as they came; nil unless every subidentifier is complete and minimal.
    init?(content: ArraySlice<UInt8>) {
        guard let last = content.last, last & 0x80 == 0, content.count <= 128 else { return nil }
        var startsSubidentifier = true
        for byte in content {
            if startsSubidentifier, byte == 0x80 { return nil }
            startsSubidentifier = byte & 0x80 == 0
        }
        bytes = Array(content)
    }

    /// Dotted decimal such as `2.5.29.15`; nil for anything else. Arcs up to 2⁶³ − 1.
    package init?(_ dotted: String) {
        let arcs = dotted.split(separator: ".", omittingEmptySubsequences: false).map { UInt64($0) }
        guard arcs.count >= 2, arcs.count <= 32, let first = arcs[0], let second = arcs[1] else { return nil }
        guard first <= 2, first == 2 || second < 40, second < UInt64.max / 2 else { return nil }
        var content = [UInt8]()
        Self.append(first * 40 + second, to: &content)
        for arc in arcs.dropFirst(2) {
            guard let arc else { return nil }
            Self.append(arc, to: &content)
        }
        bytes = content
    }

    /// For constants of this module, known to be well formed.
    init(_ first: UInt64, _ second: UInt64, _ rest: UInt64...) {
        var content = [UInt8]()
        Self.append(first * 40 + second, to: &content)
        for arc in rest { Self.append(arc, to: &content) }
        bytes = content
    }

    private static func append(_ arc: UInt64, to content: inout [UInt8]) {
        var groups = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            groups.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        content.append(contentsOf: groups.reversed())
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(octets: bytes) }

    /// Dotted decimal. Arcs of more than 64 bits (UUID arcs) are written in decimal too.
    package var description: String {
        var arcs = [String]()
        var digits: [UInt8] = [0]
        for byte in bytes {
            Self.shiftIn(byte & 0x7F, to: &digits)
            guard byte & 0x80 == 0 else { continue }
            arcs.append(String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self))
            digits = [0]
        }
        guard let first = arcs.first else { return "" }
        let split: String
        switch UInt64(first) {
        case .some(let value) where value < 80: split = "\(value / 40).\(value % 40)"
        case .some(let value): split = "2.\(value - 80)"
        case .none: split = "2.\(first)"
        }
        return ([split] + arcs.dropFirst()).joined(separator: ".")
    }

    /// digits × 128 + group, little-endian decimal digits.
    private static func shiftIn(_ group: UInt8, to digits: inout [UInt8]) {
        var carry = Int(group)
        for index in digits.indices {
            let value = Int(digits[index]) * 128 + carry
            digits[index] = UInt8(value % 10)
            carry = value / 10
        }
        while carry > 0 {
            digits.append(UInt8(carry % 10))
            carry /= 10
        }
    }
}

extension ObjectIdentifier {
    // Certificate extensions (RFC 5280 §4.2).
    static let subjectDirectoryAttributes = Self(2, 5, 29, 9)
    static let subjectKeyIdentifier = Self(2, 5, 29, 14)
    static let keyUsage = Self(2, 5, 29, 15)
    static let subjectAlternativeName = Self(2, 5, 29, 17)
    static let issuerAlternativeName = Self(2, 5, 29, 18)
    static let basicConstraints = Self(2, 5, 29, 19)
    static let nameConstraints = Self(2, 5, 29, 30)
    static let distributionPoints = Self(2, 5, 29, 31)
    static let certificatePolicies = Self(2, 5, 29, 32)
    static let policyMappings = Self(2, 5, 29, 33)
    static let authorityKeyIdentifier = Self(2, 5, 29, 35)
    static let policyConstraints = Self(2, 5, 29, 36)
    static let extendedKeyUsage = Self(2, 5, 29, 37)
    static let freshestList = Self(2, 5, 29, 46)
    static let inhibitAnyPolicy = Self(2, 5, 29, 54)
    static let authorityInformationAccess = Self(1, 3, 6, 1, 5, 5, 7, 1, 1)
    // CRL extensions (§5.2, §5.3).
    static let listNumber = Self(2, 5, 29, 20)
    static let reasonCode = Self(2, 5, 29, 21)
    static let invalidityDate = Self(2, 5, 29, 24)
    static let deltaIndicator = Self(2, 5, 29, 27)
    static let issuingDistributionPoint = Self(2, 5, 29, 28)
    static let certificateIssuer = Self(2, 5, 29, 29)
    // Values.
    static let anyPolicy = Self(2, 5, 29, 32, 0)
    static let anyExtendedKeyUsage = Self(2, 5, 29, 37, 0)
    static let emailAddress = Self(1, 2, 840, 113549, 1, 9, 1)
    static let domainComponent = Self(0, 9, 2342, 19_200_300, 100, 1, 25)
}
