import SwiftASN1

/// A Name to be written into a certificate: one attribute an RDN, in the order given (RFC 5280 §4.1.2.4).
package struct NameTemplate: Sendable, Equatable {
    package struct Attribute: Sendable, Equatable, Codable {
        /// Dotted attribute type.
        package let oid: String
        package let value: String
        package init(oid: String, value: String) {
            self.oid = oid
            self.value = value
        }
    }
    package var attributes: [Attribute]
    package init(_ attributes: [Attribute]) { self.attributes = attributes }

    /// Types whose syntax is not DirectoryString (RFC 5280 appendix A.1): country, serialNumber and dnQualifier are PrintableString,
    /// e-mail address and domain component IA5String. All others are written as UTF8String.
    private static let printable: Set<String> = ["2.5.4.5", "2.5.4.6", "2.5.4.46"]
    private static let ia5: Set<String> = ["1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.25"]

    package func encoded() throws -> [UInt8] {
        Encoding.sequence(
            of: try attributes.map { attribute in
                let tag: ASN1Identifier =
                    Self.printable.contains(attribute.oid) ? .printableString : Self.ia5.contains(attribute.oid) ? .ia5String : .utf8String
                return Encoding.set(
                    Encoding.sequence(try Encoding.objectIdentifier(attribute.oid), Encoding.string(attribute.value, as: tag)))
            })
    }
}
