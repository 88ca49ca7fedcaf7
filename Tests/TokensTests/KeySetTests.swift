import Foundation
import Testing

@testable import Tokens

struct KeySetTests {
    private func refusal(_ json: String) -> TokenError.Code? {
        do {
            _ = try KeySet(json: Array(json.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    private func set(_ keys: String...) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }
    private let key = Sample.key.publicJWK

    @Test("what is published is read back, in order, and verifies")
    func roundTrip() throws {
        let other = SigningKey.generate()
        let keys = try KeySet(json: Array(KeySet([Sample.key.verificationKey, other.verificationKey]).json.utf8))
        #expect(keys.keys.map(\.kid) == [Sample.key.kid, other.kid])
        #expect(keys[other.kid]?.thumbprint == other.kid)
        #expect(throws: Never.self) { try keys.verify(other.sign(["a": 1], type: "JWT"), type: "JWT") }
    }

    @Test("a signing key sealed and opened again is the same key; no other bytes make one")
    func rawRepresentation() throws {
        let again = try SigningKey(rawRepresentation: Sample.key.rawRepresentation)
        #expect(again.kid == Sample.key.kid)
        for bytes in [[], [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32), [UInt8](repeating: 1, count: 31)] {
            #expect(throws: TokenError.self) { try SigningKey(rawRepresentation: bytes) }
        }
    }

    @Test("no private part is published")
    func noPrivatePart() throws {
        let members = try JSONSerialization.jsonObject(with: Data(key.utf8)) as? [String: String] ?? [:]
        #expect(Set(members.keys) == ["kty", "crv", "x", "y", "use", "alg", "kid"])
    }

    @Test("keys of other kinds and purposes are passed over (RFC 7517 §5)")
    func others() throws {
        let others = [
            #"{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"r"}"#, #"{"kty":"oct","k":"AAAA","kid":"o"}"#, #"{"kid":"untyped"}"#, "5",
            key.replacing("P-256", with: "P-384"), key.replacing(#""sig""#, with: #""enc""#), key.replacing("ES256", with: "ECDH-ES"),
            key.replacing(#""use":"sig""#, with: #""key_ops":["sign"]"#), key.replacing(#""kid":"#, with: #""name":"#),
        ]
        let keys = try KeySet(json: Array(#"{"keys":[\#((others + [key]).joined(separator: ","))]}"#.utf8))
        #expect(keys.keys.map(\.kid) == [Sample.key.kid])
        for other in others { #expect(refusal(set(other)) == .keySetMalformed) }
    }

    @Test("a point off the curve, a short coordinate or a published private key spoils the set")
    func malformedKeys() throws {
        let members = try JSONSerialization.jsonObject(with: Data(key.utf8)) as? [String: String] ?? [:]
        let x = try #require(members["x"]), y = try #require(members["y"])
        #expect(refusal(set(key.replacing(x, with: y))) == .keyMalformed)
        #expect(refusal(set(key.replacing(x, with: String(x.dropLast(4))))) == .keyMalformed)
        #expect(refusal(set(key.replacing(x, with: x + "="))) == .keyMalformed)
        #expect(refusal(set(key.dropLast() + #","d":"AAAA"}"#)) == .keyMalformed)
    }

    @Test("a document that is no key set, gives one kid twice, or is too large is refused")
    func documents() {
        for json in ["", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[]}"#, "<html>", set(key, key), #"{"keys":[],"keys":[\#(key)]}"#] {
            #expect(refusal(json) == .keySetMalformed, "\(json)")
        }
        #expect(refusal(#"{"keys":[\#(Array(repeating: "5", count: 65).joined(separator: ",")),\#(key)]}"#) == .keySetMalformed)
        #expect(refusal(set(key) + String(repeating: " ", count: KeySet.maximumBytes)) == .keySetMalformed)
    }

    @Test("a type that would break out of the header is not signed")
    func headerInjection() {
        #expect(throws: TokenError(.typeMismatch, "`typ` is not a media type")) {
            try Sample.key.sign(["a": 1], type: #"JWT","alg":"none"#)
        }
    }
}
