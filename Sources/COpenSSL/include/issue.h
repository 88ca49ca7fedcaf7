#ifndef HALLPASS_ISSUE_H
#define HALLPASS_ISSUE_H
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>
#include "verify.h"

// Primitives, private keys and PKCS#12 over OpenSSL: bytes in, bytes out.
// Every function that returns int returns 1 for success and 0 for failure; all leave OpenSSL's error queue empty.

// HMAC-SHA-256; `out` takes 32 bytes.
int hp_hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t *out);

// AES-256-GCM with a 12-byte nonce. Sealing writes ciphertext (as long as the plaintext) and a 16-byte tag.
int hp_gcm_seal(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *plaintext, size_t length, uint8_t *ciphertext, uint8_t *tag);
// Opening writes `length` bytes of plaintext; 0 when key, nonce, context, ciphertext or tag do not belong together.
int hp_gcm_open(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *ciphertext, size_t length, const uint8_t *tag, uint8_t *plaintext);

// Bytes that OpenSSL allocated: NULL for failure. Whoever receives them gives them to hp_bytes_free, which overwrites them first.
typedef struct {
    uint8_t *bytes;
    size_t length;
} hp_bytes;
void hp_bytes_free(hp_bytes bytes);

// A new key: RSA with this many bits, EC on the named curve ("P-256", …), or of a type that says all ("SM2", "ED25519").
// NULL for failure.
EVP_PKEY *hp_key_generate_rsa(size_t bits);
EVP_PKEY *hp_key_generate_ec(const char *curve);
EVP_PKEY *hp_key_generate(const char *type);
// From PEM. `password` may be NULL: an encrypted key then fails (no terminal is ever asked).
EVP_PKEY *hp_key_read_pem(const uint8_t *pem, size_t length, const char *password);
// PKCS#8 PEM; encrypted with AES-256-CBC under PBKDF2 when `password` is not NULL.
hp_bytes hp_key_write_pem(const EVP_PKEY *key, const char *password);
// DER SubjectPublicKeyInfo.
hp_bytes hp_key_public_info(const EVP_PKEY *key);
// Size in bits of an RSA key, or of a key on P-256, P-384 or P-521 (256, 384, 521); 0 for any other key.
int hp_key_rsa_bits(const EVP_PKEY *key);
int hp_key_curve_bits(const EVP_PKEY *key);
// Is it of this type ("SM2", "ED25519")?
int hp_key_is(const EVP_PKEY *key, const char *type);
// Signs with RSA PKCS#1 v1.5, ECDSA or SM2 (DER) over the digest, or Ed25519 with HP_NO_DIGEST. `id` is the signer's, for SM2 only.
hp_bytes hp_key_sign(EVP_PKEY *key, hp_digest digest, const uint8_t *id, size_t id_length, const uint8_t *data, size_t length);

// PKCS#12 (RFC 7292): key, its certificate (DER) and the chain (DER certificates one after another), all encrypted with AES-256-CBC.
hp_bytes hp_pkcs12(EVP_PKEY *key, const char *name, const char *password, const uint8_t *certificate, size_t length,
                   const uint8_t *chain, size_t chain_length);

#endif
