import Foundation

/// What a JSON decoder does not ask for and a verifier must: UTF-8 only, an object on the outside, bounded depth, and no member
/// name twice in one object, lest two readers of the same token see two different values (RFC 7515 §4, RFC 7519 §4).
///
/// It walks the bytes once, before decoding; the rest of the grammar is the decoder's business.
struct StrictJSON {
    static let maximumDepth = 16

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(TokenError) -> Value {
        var walk = StrictJSON(bytes: bytes)
        try walk.checkObject()
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw TokenError(.claimsMalformed, Self.describe(error))
        }
    }

    private let bytes: [UInt8]
    private var position = 0
    /// The names seen in each open object; nil for an open array.
    private var open: [Set<String>?] = []
    private var nameIsNext = false

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func checkObject() throws(TokenError) {
        guard String(validating: bytes, as: UTF8.self) != nil, bytes.first == UInt8(ascii: "{") else {
            throw TokenError(.tokenMalformed, "not a JSON object in UTF-8")
        }
        // Foundation guesses UTF-16 and UTF-32 from zero bytes; JSON has none (RFC 8259 §7, §8.1).
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else {
            throw TokenError(.tokenMalformed, "control characters in JSON")
        }
        while position < bytes.count {
            try step()
        }
    }

    private mutating func step() throws(TokenError) {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "{"): try enter([])
        case UInt8(ascii: "["): try enter(nil)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
        case UInt8(ascii: ","): nameIsNext = (open.last ?? nil) != nil
        case UInt8(ascii: "\""): try string()
        default: break
        }
    }

    private mutating func enter(_ names: Set<String>?) throws(TokenError) {
        guard open.count < Self.maximumDepth else { throw TokenError(.tokenMalformed, "JSON nested deeper than \(Self.maximumDepth)") }
        open.append(names)
        nameIsNext = names != nil
    }

    /// Reads to the closing quote; a member name is noted.
    private mutating func string() throws(TokenError) {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { throw TokenError(.tokenMalformed, "JSON string without an end") }
        let text = bytes[start..<position]
        position += 1
        guard nameIsNext else { return }
        nameIsNext = false
        let inserted = open[open.count - 1]?.insert(try Self.name(text)).inserted ?? true
        guard inserted else { throw TokenError(.duplicateMember, "a JSON member name occurs twice in one object") }
    }

    /// A name with its escapes resolved: `"\u0073ub"` is `sub`.
    private static func name(_ text: ArraySlice<UInt8>) throws(TokenError) -> String {
        guard text.contains(UInt8(ascii: "\\")) else { return String(decoding: text, as: UTF8.self) }
        do {
            return try JSONDecoder().decode(String.self, from: Data("\"".utf8) + Data(text) + Data("\"".utf8))
        } catch {
            throw TokenError(.tokenMalformed, "JSON member name with a wrong escape")
        }
    }

    /// The member at fault, never its value.
    private static func describe(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "not readable" }
        switch error {
        case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "not JSON" : "`\(path)` does not have the right form"
        @unknown default: return "not readable"
        }
    }
}
