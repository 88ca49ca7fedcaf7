import Crypto
import Foundation

@testable import Tokens

/// Signs any text at all, as an attacker who holds a key would: the library's own signer writes only proper headers.
struct RawSigner {
    let key: P256.Signing.PrivateKey

    init(_ key: SigningKey) throws { self.key = try P256.Signing.PrivateKey(rawRepresentation: key.rawRepresentation) }

    func sign(_ input: String) throws -> String {
        try input + "." + Base64URL.encode(key.signature(for: Data(input.utf8)).rawRepresentation)
    }

    func signDER(_ input: String) throws -> String {
        try input + "." + Base64URL.encode(key.signature(for: Data(input.utf8)).derRepresentation)
    }
}
