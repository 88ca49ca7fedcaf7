import Crypto
import Foundation
import Testing

@testable import Tokens

/// What a forger tries with the form, the header and the signature. Each token would pass but for the one thing named.
struct AttackTests {
    private func refusal(_ token: String, type: String = "JWT") -> TokenError.Code? {
        #expect(throws: TokenError.self) { try Sample.keys.verify(token, type: type) }
        do {
            _ = try Sample.keys.verify(token, type: type)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a well-made token passes, so that the refusals below are for the reason they name")
    func control() throws {
        #expect(throws: Never.self) { try Sample.keys.verify(Sample.token(header: Sample.header()), type: "JWT") }
    }

    @Test("alg none is refused, in any spelling, with and without a signature", arguments: ["none", "None", "NONE", ""])
    func algNone(alg: String) throws {
        let token = try Sample.token(header: Sample.header(alg: alg))
        #expect(refusal(token) == .algorithmNotPermitted)
        #expect(refusal(token[..<token.lastIndex(of: ".")!] + ".") == .algorithmNotPermitted)
    }

    @Test("key confusion: an HMAC keyed with our public key is refused")
    func keyConfusion() throws {
        let input = try Sample.token(header: Sample.header(alg: "HS256")).split(separator: ".")[..<2].joined(separator: ".")
        let secret = SymmetricKey(data: Data(Sample.key.publicJWK.utf8))
        let mac = HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: secret)
        #expect(refusal(input + "." + Base64URL.encode(Array(mac))) == .algorithmNotPermitted)
    }

    @Test("algorithms not on the list are refused", arguments: ["ES384", "ES512", "ES256K", "RS256", "PS256", "EdDSA", "es256", "SM2"])
    func otherAlgorithms(alg: String) throws {
        #expect(try refusal(Sample.token(header: Sample.header(alg: alg))) == .algorithmNotPermitted)
    }

    @Test(
        "an extension marked critical is refused, even an empty list", arguments: [#","crit":["exp"]"#, #","crit":[]"#, #","b64":false"#])
    func critical(more: String) throws {
        #expect(try refusal(Sample.token(header: Sample.header(more: more))) == .criticalHeaderNotSupported)
    }

    @Test("a key brought along, or its address, is refused", arguments: ["jwk", "jku", "x5u", "x5c"])
    func embeddedKey(member: String) throws {
        let forger = SigningKey.generate()
        let value = member == "jwk" ? forger.publicJWK : member == "x5c" ? #"["MIIB"]"# : #""https://evil.example/keys""#
        let header = Sample.header(more: #","\#(member)":\#(value)"#)
        #expect(try refusal(Sample.token(header: header, signer: forger)) == .headerKeyNotPermitted)
        #expect(try refusal(Sample.token(header: header)) == .headerKeyNotPermitted)
    }

    @Test("a token signed by another key under our kid is refused")
    func otherKey() throws {
        #expect(try refusal(Sample.token(header: Sample.header(), signer: .generate())) == .signatureInvalid)
    }

    @Test("a kid that is not in the set is refused, whatever path or query it spells", arguments: ["../../dev/null", "' or 1=1", "other"])
    func unknownKey(kid: String) throws {
        #expect(try refusal(Sample.token(header: Sample.header(kid: kid))) == .keyUnknown)
    }

    @Test("a token without kid or with an empty one is refused")
    func noKey() throws {
        #expect(try refusal(Sample.token(header: #"{"alg":"ES256","typ":"JWT"}"#)) == .keyIDMissing)
        #expect(try refusal(Sample.token(header: Sample.header(kid: ""))) == .keyIDMissing)
    }

    @Test("an access token is no ID token, nor the other way round, nor is one without a type")
    func typeConfusion() throws {
        #expect(try refusal(Sample.key.sign(Sample.accessToken, type: AccessToken.type), type: IDToken.type) == .typeMismatch)
        #expect(try refusal(Sample.key.sign(Sample.idToken, type: IDToken.type), type: AccessToken.type) == .typeMismatch)
        #expect(try refusal(Sample.key.sign(Sample.idToken, type: "logout+jwt")) == .typeMismatch)
        #expect(try refusal(Sample.token(header: #"{"alg":"ES256","kid":"\#(Sample.key.kid)"}"#)) == .typeMismatch)
    }

    @Test("the type is a media type: case and application/ do not count (RFC 7515 §4.1.9)", arguments: ["AT+JWT", "application/at+jwt"])
    func typeSpelling(typ: String) throws {
        #expect(throws: Never.self) { try Sample.keys.verify(Sample.token(header: Sample.header(typ: typ)), type: "at+jwt") }
    }

    @Test("a DER signature is not ES256 (RFC 7518 §3.4)")
    func derSignature() throws {
        let input = try Sample.token(header: Sample.header()).split(separator: ".")[..<2].joined(separator: ".")
        #expect(try refusal(RawSigner(Sample.key).signDER(input)) == .signatureInvalid)
    }

    @Test("r and s of zero, the psychic signature, verify nothing (CVE-2022-21449)")
    func zeroSignature() throws {
        let input = try Sample.token(header: Sample.header()).split(separator: ".")[..<2].joined(separator: ".")
        #expect(refusal(input + "." + Base64URL.encode([UInt8](repeating: 0, count: 64))) == .signatureInvalid)
    }

    @Test("a signature cut short, made longer or missing is refused", arguments: [0, 1, 32, 63, 65, 96])
    func signatureLength(count: Int) throws {
        let token = try Sample.token(header: Sample.header()).split(separator: ".")
        let signature = try #require(Base64URL.decode(token[2].utf8)) + [UInt8](repeating: 0, count: 64)
        #expect(refusal("\(token[0]).\(token[1]).\(Base64URL.encode(signature.prefix(count)))") == .signatureInvalid)
    }

    @Test("one bit changed anywhere in the payload or signature is refused")
    func everyBit() throws {
        let token = try Sample.key.sign(Sample.idToken, type: "JWT").split(separator: ".")
        let payload = try #require(Base64URL.decode(token[1].utf8)), signature = try #require(Base64URL.decode(token[2].utf8))
        for index in payload.indices {
            var changed = payload
            changed[index] ^= 1
            #expect(refusal("\(token[0]).\(Base64URL.encode(changed)).\(token[2])") == .signatureInvalid)
        }
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(refusal("\(token[0]).\(token[1]).\(Base64URL.encode(changed))") == .signatureInvalid)
        }
    }

    @Test(
        "a token in another shape is refused",
        arguments: ["", ".", "..", "...", "a.b", "a.b.c.d", "a.b.c.d.e", "e30.e30.", "{\"payload\":\"\"}", "令牌.令.牌"])
    func shapes(text: String) {
        #expect(refusal(text) == .tokenMalformed)
    }

    @Test("padding, white space, standard base64 and stray bits are refused: one token has one spelling")
    func spellings() throws {
        let token = try Sample.token(header: Sample.header())
        // 64 octets are 86 characters with four bits over: the last character has 16 spellings, of which one counts.
        let last = try #require(token.last), index = try #require("AQgw".firstIndex(of: last))
        let stray = token.dropLast() + String(try #require("BRhx".dropFirst("AQgw".distance(from: "AQgw".startIndex, to: index)).first))
        for spelling in [token + "=", token + "==", token + " ", token + "\n", " " + token, token + "+", token + "/", String(stray)] {
            #expect(refusal(spelling) == .tokenMalformed)
        }
    }

    @Test("a token beyond the size bound is refused before anything is decoded")
    func size() throws {
        let padding = String(repeating: "x", count: CompactJWS.maximumBytes)
        #expect(try refusal(Sample.token(header: Sample.header(), payload: #"{"x":"\#(padding)"}"#)) == .tokenTooLarge)
        #expect(refusal(String(repeating: ".", count: 10_000_000)) == .tokenTooLarge)
    }

    @Test("a header with a member twice is refused, also when one is spelled with escapes")
    func duplicateHeader() throws {
        #expect(try refusal(Sample.token(header: Sample.header(more: #","alg":"none""#))) == .duplicateMember)
        #expect(try refusal(Sample.token(header: Sample.header(more: #","\u0061lg":"none""#))) == .duplicateMember)
    }

    @Test("a header that is not a JSON object in UTF-8 is refused")
    func headerForm() throws {
        for header in [
            "", "null", "[]", "\"ES256\"", "{", "{}", "{\"alg\":5}", "\u{FEFF}{\"alg\":\"ES256\"}", #"{"alg":"ES256"} {}"#,
            #"{"alg":"ES256","#,
        ] {
            #expect(try refusal(Sample.token(header: header)) == .tokenMalformed, "\(header)")
        }
        let utf16 = try #require(Sample.header().data(using: .utf16LittleEndian))
        #expect(refusal("\(Base64URL.encode(utf16)).e30.AAAA") == .tokenMalformed)
    }

    @Test("JSON nested beyond the bound is refused")
    func depth() throws {
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(try refusal(Sample.token(header: Sample.header(more: #","x":\#(deep)"#))) == .tokenMalformed)
    }
}
