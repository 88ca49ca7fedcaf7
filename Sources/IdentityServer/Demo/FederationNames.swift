import PKI

/// Subjects as descriptions write them: `[{C: CN}, {O: …}, {CN: …}]`, in the certificate's order; a dotted type serves where there is no short name.
enum FederationNames {
    private static let types = [
        "C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3",
        "serialNumber": "2.5.4.5", "organizationIdentifier": "2.5.4.97",
    ]

    static func template(_ subject: [[String: String]], values: [String: String] = [:]) throws -> NameTemplate {
        NameTemplate(
            try subject.map { pair in
                guard pair.count == 1, let (type, value) = pair.first else {
                    throw FederationFailure("a subject is a list of single attributes, such as [{C: CN}, {CN: …}]")
                }
                guard let oid = types[type] ?? (type.contains(".") ? type : nil) else {
                    throw FederationFailure("subject attribute `\(type)` is unknown")
                }
                return .init(oid: oid, value: try filled(value, values))
            })
    }

    /// Replaces `{key}` by its value; a placeholder without a value is an error, never an empty text.
    static func filled(_ text: String, _ values: [String: String]) throws -> String {
        var result = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: /\{([a-z_]+)\}/) {
            guard let value = values[String(match.1)] else { throw FederationFailure("`\(text)`: nothing is given for {\(match.1)}") }
            result += rest[..<match.range.lowerBound] + value
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }
}
