import COpenSSL

/// A key pair held in OpenSSL; private bytes leave only as PEM or PKCS#12 that somebody explicitly asked for.
package final class KeyPair: Sendable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case rsa2048 = "rsa-2048"
        case rsa3072 = "rsa-3072"
        case rsa4096 = "rsa-4096"
        case p256 = "p-256"
        case p384 = "p-384"
        case p521 = "p-521"
        case ed25519 = "ed25519"
        case sm2 = "sm2"

        /// How keys of this kind sign here: RSA by PKCS#1 v1.5, each curve with the digest of its size.
        var scheme: SignatureScheme {
            switch self {
            case .rsa2048, .rsa3072, .rsa4096: .rsa(.sha256)
            case .p256: .ecdsa(.sha256)
            case .p384: .ecdsa(.sha384)
            case .p521: .ecdsa(.sha512)
            case .ed25519: .ed25519
            case .sm2: .sm2
            }
        }
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
            case .rsa4096: hp_key_generate_rsa(4096)
            case .p256: hp_key_generate_ec("P-256")
            case .p384: hp_key_generate_ec("P-384")
            case .p521: hp_key_generate_ec("P-521")
            case .ed25519: hp_key_generate("ED25519")
            case .sm2: hp_key_generate("SM2")
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

    /// A signature by `kind.scheme`; ECDSA and SM2 as DER SEQUENCE { r, s }. `signerID` counts for SM2 alone.
    package func sign(_ message: [UInt8], signerID: [UInt8] = AuthorityRules.defaultSignerID) throws -> [UInt8] {
        let id = kind == .sm2 ? signerID : []
        return try Self.take(hp_key_sign(key, kind.scheme.shimDigest, id, id.count, message, message.count), from: "signature")
    }

    /// Is this what `sign` makes of the message? Never throws: what cannot be checked is wrong.
    package func verifies(
        _ signature: [UInt8], over message: [UInt8], signerID: [UInt8] = AuthorityRules.defaultSignerID
    ) -> Bool {
        guard let algorithm = SignatureAlgorithm(kind.scheme) else { return false }
        do throws(Refusal) {
            try VerificationKey(publicKeyInfo, signerID: signerID)
                .verify(SignedBytes(signed: message[...], algorithm: algorithm, signature: signature[...]))
            return true
        } catch {
            return false
        }
    }

    /// PKCS#12 (RFC 7292) with the certificate and its chain, encrypted with AES-256-CBC: opens in OpenSSL, NSS and browsers. Not for SM2,
    /// which nothing that opens such files can use.
    package func pkcs12(certificate: Certificate, chain: [Certificate], name: String, password: String) throws -> [UInt8] {
        guard kind != .sm2 else { throw Failure.unsupported }
        let others = chain.flatMap(\.der)
        let bag = hp_pkcs12(key, name, password, certificate.der, certificate.der.count, others, others.count)
        return try Self.take(bag, from: "PKCS#12")
    }

    private static func kind(of key: OpaquePointer) throws -> Kind {
        switch (hp_key_rsa_bits(key), hp_key_curve_bits(key)) {
        case (2048, _): .rsa2048
        case (3072, _): .rsa3072
        case (4096, _): .rsa4096
        case (_, 256): .p256
        case (_, 384): .p384
        case (_, 521): .p521
        default: try edwardsOrSM2(key)
        }
    }

    private static func edwardsOrSM2(_ key: OpaquePointer) throws -> Kind {
        if hp_key_is(key, "ED25519") == 1 { return .ed25519 }
        guard hp_key_is(key, "SM2") == 1 else { throw Failure.unsupported }
        return .sm2
    }

    /// Copies what OpenSSL allocated and lets it go.
    private static func take(_ result: hp_bytes, from operation: String) throws -> [UInt8] {
        guard let bytes = result.bytes else { throw Failure.operation(operation) }
        defer { hp_bytes_free(result) }
        return Array(UnsafeBufferPointer(start: bytes, count: result.length))
    }
}
