import Foundation
import Hummingbird
import PKI

/// `application/x-www-form-urlencoded` (WHATWG URL §5), read strictly: what is not well-formed is refused, not repaired.
enum FormEncoding {
    /// More parameters than any of our forms has.
    static let maximumParameters = 200

    /// Throws `Problem` 400 for bad escapes, bytes that are not UTF-8, too many parameters, or one that is sent twice (RFC 6749 §3.1).
    static func parse(_ text: some StringProtocol) throws -> [String: String] {
        var values: [String: String] = [:]
        let pairs = text.split(separator: "&")
        guard pairs.count <= maximumParameters else { throw malformed("more than \(maximumParameters) parameters") }
        for pair in pairs {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(halves[0])
            let value = halves.count == 2 ? try decode(halves[1]) : ""
            guard values.updateValue(value, forKey: name) == nil else { throw malformed("a parameter is sent twice") }
        }
        return values
    }

    /// Percent-encodes everything but RFC 3986 §2.3's unreserved characters.
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + [byte].hex.uppercased()
            }
        }.joined()
    }

    /// One name or value.
    static func decode(_ text: some StringProtocol) throws -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.next(), let low = rest.next(),
                    let value = [UInt8](hex: String(decoding: [high, low], as: UTF8.self))
                else { throw malformed("a percent escape is broken") }
                bytes += value
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !decoded.utf8.contains(0) else {
            throw malformed("a parameter is not UTF-8 text")
        }
        return decoded
    }

    private static func malformed(_ why: String) -> Problem { Problem(.badRequest, "request_malformed", why) }
}
