#ifndef HALLPASS_VERIFY_H
#define HALLPASS_VERIFY_H
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>

// Public keys from their parameters and signatures over bytes: nothing here decodes DER that somebody else chose,
// except the two integers of an ECDSA, DSA or SM2 signature. OpenSSL's error queue is left empty.

// A big-endian number, borrowed.
typedef struct {
    const uint8_t *bytes;
    size_t length;
} hp_number;

// Keys are NULL when OpenSSL refuses them, and otherwise the caller's (EVP_PKEY_free).
EVP_PKEY *hp_rsa_public_key(hp_number modulus, hp_number exponent);
EVP_PKEY *hp_dsa_public_key(hp_number p, hp_number q, hp_number g, hp_number y);
// `type` is "EC" or "SM2", `group` OpenSSL's name of the curve; the point is checked to lie on it.
EVP_PKEY *hp_ec_public_key(const char *type, const char *group, const uint8_t *point, size_t point_length);
EVP_PKEY *hp_ed25519_public_key(const uint8_t *key, size_t length);

typedef enum { HP_NO_DIGEST = 0, HP_SHA1, HP_SHA256, HP_SHA384, HP_SHA512, HP_SM3 } hp_digest;
// NULL for HP_NO_DIGEST. Never freed.
const EVP_MD *hp_digest_method(hp_digest digest);

// A verification made ready, to be copied for each signature: initialising costs ten times as much as copying.
// RSA keys verify PKCS#1 v1.5 (RFC 8017 §8.2) when `salt_length` is negative, else PSS (§8.1) with MGF1 over the same digest and
// exactly that salt; EC and DSA keys a DER SEQUENCE of two integers; Ed25519 keys with HP_NO_DIGEST; SM2 keys with the signer id.
// NULL when key and digest do not go together. The caller's (EVP_MD_CTX_free).
EVP_MD_CTX *hp_verifier(EVP_PKEY *key, hp_digest digest, int salt_length, const uint8_t *id, size_t id_length);
// 1 when the signature is right, 0 when it is wrong or cannot be checked. The verifier is only read: threads may share it.
int hp_verify(const EVP_MD_CTX *verifier, const uint8_t *signature, size_t signature_length, const uint8_t *data, size_t length);
#endif
