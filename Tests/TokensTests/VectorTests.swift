import Crypto
import Foundation
import Testing

@testable import Tokens

/// The examples printed in the RFCs.
struct VectorTests {
    @Test("RFC 7515 A.3: the example's signature verifies with the example's key")
    func es256Example() throws {
        let key = try KeySet(json: Array(#"{"keys":[\#(Self.a3JWK)]}"#.utf8))["a3"]
        let parts = Self.a3.split(separator: ".")
        let signature = try #require(Base64URL.decode(parts[2].utf8))
        #expect(key?.isValid(signature: signature, over: Array("\(parts[0]).\(parts[1])".utf8)) == true)
        #expect(key?.isValid(signature: signature, over: Array("\(parts[0]).\(parts[1])x".utf8)) == false)
    }

    @Test("RFC 7515 A.3: the example token itself is refused, for it names neither key nor type")
    func es256ExampleToken() {
        #expect(throws: TokenError(.keyIDMissing, "no `kid`")) { try Sample.keys.verify(Self.a3, type: "JWT") }
    }

    @Test("RFC 7515 A.3: its private key makes a signature that its public key verifies")
    func es256ExamplePrivateKey() throws {
        let scalar = try #require(Base64URL.decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI".utf8))
        let key = try SigningKey(rawRepresentation: scalar)
        #expect(key.publicJWK.contains("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))
        #expect(try KeySet([key.verificationKey]).verify(key.sign(["a": 1], type: "JWT"), type: "JWT") == Array(#"{"a":1}"#.utf8))
    }

    /// RFC 7638 §3.1 prints an RSA key only; RFC 8037 A.3 prints OKP. The P-256 value was computed by hand from the rule of §3 with
    /// `printf | openssl dgst -sha256` over RFC 7515 A.3's key.
    @Test("RFC 7638: the thumbprint of RFC 7515 A.3's key")
    func thumbprint() throws {
        let keys = try KeySet(json: Array(#"{"keys":[\#(Self.a3JWK)]}"#.utf8))
        #expect(keys["a3"]?.thumbprint == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")
    }

    @Test("RFC 7515 appendix C: base64url of the example octets, both ways")
    func base64url() {
        let octets: [UInt8] = [3, 236, 255, 224, 193]
        #expect(Base64URL.encode(octets) == "A-z_4ME")
        #expect(Base64URL.decode("A-z_4ME".utf8) == octets)
    }

    @Test("RFC 4648 §10: base64url of every length of foobar", arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func base64Lengths(text: String) {
        let padded = Data(text.utf8).base64EncodedString()
        #expect(Base64URL.encode(text.utf8) == padded.replacing("=", with: ""))
        #expect(Base64URL.decode(Base64URL.encode(text.utf8).utf8) == Array(text.utf8))
    }

    @Test("RFC 7636 appendix B: the S256 challenge of the example's verifier")
    func proofKey() {
        #expect(ProofKey.challenge(for: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(ProofKey.random().count == 43 && ProofKey.random() != ProofKey.random())
    }

    static let a3JWK = """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"a3"}
        """
    static let a3 =
        "eyJhbGciOiJFUzI1NiJ9"
        + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
}
