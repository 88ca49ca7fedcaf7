#ifndef HALLPASS_VERIFY_H
#define HALLPASS_VERIFY_H
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>

// Public keys from their parameters and signatures over bytes: nothing here decodes DER that somebody else chose,
// except the two integers of an ECDSA signature. OpenSSL's error queue is left empty.

// Big-endian modulus and exponent; NULL when OpenSSL refuses them. Owned by the caller (EVP_PKEY_free).
EVP_PKEY *hp_rsa_public_key(const uint8_t *modulus, size_t modulus_length, const uint8_t *exponent, size_t exponent_length);
// `group` is OpenSSL's name of the curve; the point is checked to lie on it. NULL when it does not.
EVP_PKEY *hp_ec_public_key(const char *group, const uint8_t *point, size_t point_length);

// `bits` of SHA-2: 256, 384 or 512. RSA keys verify PKCS#1 v1.5 (RFC 8017 §8.2), EC keys ECDSA with a DER signature.
// 1 when the signature is right, 0 when it is wrong or cannot be checked.
int hp_verify(EVP_PKEY *key, int bits, const uint8_t *signature, size_t signature_length, const uint8_t *data, size_t length);
#endif
