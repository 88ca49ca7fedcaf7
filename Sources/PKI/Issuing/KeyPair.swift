import COpenSSL

/// A key pair held in OpenSSL; private bytes leave only as PEM or PKCS#12 that somebody explicitly asked for.
package final class KeyPair: Sendable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case rsa2048 = "rsa-2048"
        case rsa3072 = "rsa-3072"
        case p256 = "p-256"
        case p384 = "p-384"
    }

    package enum Failure: Error, Equatable, CustomStringConvertible {
        case generation(Kind)
        /// Not a PKCS#8 private key in PEM, or the password does not open it.
        case unreadable
        /// A key type, size or curve outside `Kind`.
        case unsupported
        case operation(String)

        package var description: String {
            switch self {
            case .generation(let kind): "OpenSSL made no \(kind.rawValue) key"
            case .unreadable: "not a private key in PEM, or the password does not open it"
            case .unsupported: "a key type, size or curve that is not supported"
            case .operation(let name): "OpenSSL failed: \(name)"
            }
        }
    }

    package let kind: Kind
    /// DER SubjectPublicKeyInfo.
    package let publicKeyInfo: [UInt8]
    /// Unsafe only to the compiler: an EVP_PKEY is never altered after `init`, its reference count is atomic, and each signature has
    /// a context of its own (OpenSSL's thread-safety rules for key objects that are only read).
    private nonisolated(unsafe) let key: OpaquePointer

    package static func generate(_ kind: Kind) throws -> KeyPair {
        let key =
            switch kind {
            case .rsa2048: hp_key_generate_rsa(2048)
            case .rsa3072: hp_key_generate_rsa(3072)
            case .p256: hp_key_generate_ec("P-256")
            case .p384: hp_key_generate_ec("P-384")
            }
        guard let key else { throw Failure.generation(kind) }
        return try KeyPair(owning: key)
    }

    /// PKCS#8 PEM, unencrypted or (with a password) encrypted.
    package convenience init(pem: String, password: String? = nil) throws {
        let text = Array(pem.utf8)
        guard let key = hp_key_read_pem(text, text.count, password) else { throw Failure.unreadable }
        try self.init(owning: key)
    }

    private init(owning key: OpaquePointer) throws {
        do {
            self.kind = try Self.kind(of: key)
            self.publicKeyInfo = try Self.take(hp_key_public_info(key), from: "public key")
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// PKCS#8 PEM, not encrypted: for files that only their owner reads.
    package func pem() throws -> String { try pem(encryptedWith: nil) }

    /// PKCS#8 PEM under AES-256-CBC and PBKDF2 (RFC 8018); nil for no encryption.
    package func pem(encryptedWith password: String?) throws -> String {
        String(decoding: try Self.take(hp_key_write_pem(key, password), from: "private key"), as: UTF8.self)
    }

    /// RSA PKCS#1 v1.5 or ECDSA (DER r, s) over the message, with the digest of `signatureAlgorithm`.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try Self.take(hp_key_sign(key, kind == .p384 ? "SHA384" : "SHA256", message, message.count), from: "signature")
    }

    /// Is this what `sign` makes of the message? Never throws: what cannot be checked is wrong.
    package func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, kind == .p384 ? EVP_sha384() : EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// PKCS#12 (RFC 7292) with the certificate and its chain, encrypted with AES-256-CBC: opens in OpenSSL, NSS and browsers.
    package func pkcs12(certificate: Certificate, chain: [Certificate], name: String, password: String) throws -> [UInt8] {
        let others = chain.flatMap(\.der)
        let bag = hp_pkcs12(key, name, password, certificate.der, certificate.der.count, others, others.count)
        return try Self.take(bag, from: "PKCS#12")
    }

    private static func kind(of key: OpaquePointer) throws -> Kind {
        switch (hp_key_rsa_bits(key), hp_key_curve_bits(key)) {
        case (2048, _): .rsa2048
        case (3072, _): .rsa3072
        case (_, 256): .p256
        case (_, 384): .p384
        default: throw Failure.unsupported
        }
    }

    /// Copies what OpenSSL allocated and lets it go.
    private static func take(_ result: hp_bytes, from operation: String) throws -> [UInt8] {
        guard let bytes = result.bytes else { throw Failure.operation(operation) }
        defer { hp_bytes_free(result) }
        return Array(UnsafeBufferPointer(start: bytes, count: result.length))
    }
}
