import Foundation

/// Textual encoding of DER (RFC 7468). Text outside of the blocks is ignored, as explanatory text is allowed there.
package enum PEM {
    /// The DER of every block with this label, in order. Nil for a block that never ends or is not base64.
    package static func blocks(_ label: String, in text: some StringProtocol) -> [[UInt8]]? {
        let begin = "-----BEGIN \(label)-----"
        let end = "-----END \(label)-----"
        var blocks = [[UInt8]]()
        var rest = text[...]
        while let start = rest.firstRange(of: begin) {
            guard let stop = rest[start.upperBound...].firstRange(of: end) else { return nil }
            let body = rest[start.upperBound..<stop.lowerBound].utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 && $0 != 0x09 }
            guard !body.isEmpty, let der = Data(base64Encoded: Data(body)) else { return nil }
            blocks.append([UInt8](der))
            rest = rest[stop.upperBound...]
        }
        return blocks
    }

    package static func encode(_ label: String, _ der: [UInt8]) -> String {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }
}
