import Foundation
import PKI

/// Where one CA's certificates say who their holder is. Data of the trust list, never code.
package struct IdentityProfile: Sendable, Codable, Equatable {
    /// Where a USCC may stand. All are read: the one whose check digit fits counts; two different ones refuse the certificate.
    package var legalPerson: [IdentitySource]
    /// Where a citizen's number may stand; read only when no legal person is named.
    package var person: [IdentitySource]
    /// What stays the same over renewals; the first that has a value counts. Never a name, never the legal person's own number.
    package var holder: [IdentitySource]
    package var name: IdentitySource?
    package var organization: IdentitySource?

    package init(
        legalPerson: [IdentitySource] = [], person: [IdentitySource] = [], holder: [IdentitySource] = [], name: IdentitySource? = nil,
        organization: IdentitySource? = nil
    ) {
        self.legalPerson = legalPerson
        self.person = person
        self.holder = holder
        self.name = name
        self.organization = organization
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case legalPerson = "legal_person"
        case person, holder, name, organization
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        legalPerson = try container.decodeIfPresent([IdentitySource].self, forKey: .legalPerson) ?? []
        person = try container.decodeIfPresent([IdentitySource].self, forKey: .person) ?? []
        holder = try container.decodeIfPresent([IdentitySource].self, forKey: .holder) ?? []
        name = try container.decodeIfPresent(IdentitySource.self, forKey: .name)
        organization = try container.decodeIfPresent(IdentitySource.self, forKey: .organization)
    }
}

/// One place in a certificate.
package struct IdentitySource: Sendable, Codable, Equatable {
    package enum Place: String, Sendable, Codable { case `extension`, subject, san }

    package var from: Place
    /// Dotted: the extension's, the subject attribute's type, or the SAN otherName's type.
    package var oid: String
    package var encoding: TextEncoding
    /// Picks a part of the value; a value that does not match is not there.
    package var pattern: BoundedPattern?

    package init(from: Place, oid: String, encoding: TextEncoding = .auto, pattern: BoundedPattern? = nil) {
        self.from = from
        self.oid = oid
        self.encoding = encoding
        self.pattern = pattern
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case from, oid, encoding, pattern }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        from = try container.decode(Place.self, forKey: .from)
        oid = try container.decode(String.self, forKey: .oid)
        encoding = try container.decodeIfPresent(TextEncoding.self, forKey: .encoding) ?? .auto
        pattern = try container.decodeIfPresent(BoundedPattern.self, forKey: .pattern)
        guard oid.isDottedIdentifier else {
            throw DecodingError.dataCorruptedError(
                forKey: .oid, in: container, debugDescription: "\(oid) is not a dotted object identifier")
        }
    }

    /// One value found here.
    enum Reading: Equatable {
        case text(String)
        /// Something stands there that is not text in that encoding, or too long.
        case unreadable
    }

    func readings(in certificate: Certificate) -> [Reading] {
        raw(in: certificate).compactMap { reading in
            guard case .text(let value) = reading else { return reading }
            let trimmed = value.trimmingCharacters(in: .whitespaces)
            guard trimmed.count <= BoundedPattern.lengthMaximum else { return .unreadable }
            guard let pattern else { return trimmed.isEmpty ? nil : .text(trimmed) }
            return pattern.match(trimmed).flatMap { $0.isEmpty ? nil : .text($0) }
        }
    }

    private func raw(in certificate: Certificate) -> [Reading] {
        switch from {
        case .subject: return certificate.subject.values(oid).map(Reading.text)
        case .extension: return certificate.extensionValue(oid).map { [decoded($0)] } ?? []
        case .san:
            guard let extensionValue = certificate.extensionValue("2.5.29.17") else { return [] }
            guard let values = ExtensionText.otherNames(oid, in: extensionValue) else { return [.unreadable] }
            return values.map(decoded)
        }
    }

    private func decoded(_ bytes: [UInt8]) -> Reading {
        ExtensionText.decode(bytes, as: encoding).map(Reading.text) ?? .unreadable
    }
}

extension String {
    /// Dotted numbers, at least two.
    var isDottedIdentifier: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count >= 2 && count <= 128 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
