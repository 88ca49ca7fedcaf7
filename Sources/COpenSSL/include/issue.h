#ifndef HALLPASS_ISSUE_H
#define HALLPASS_ISSUE_H
#include <stddef.h>
#include <stdint.h>

// Primitives, private keys and PKCS#12 over OpenSSL: bytes in, bytes out.
// Every function returns 1 for success and 0 for failure, and leaves OpenSSL's error queue empty.

// HMAC-SHA-256; `out` takes 32 bytes.
int hp_hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t *out);

// AES-256-GCM with a 12-byte nonce. Sealing writes ciphertext (as long as the plaintext) and a 16-byte tag.
int hp_gcm_seal(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *plaintext, size_t length, uint8_t *ciphertext, uint8_t *tag);
// Opening writes `length` bytes of plaintext; 0 when key, nonce, context, ciphertext or tag do not belong together.
int hp_gcm_open(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *ciphertext, size_t length, const uint8_t *tag, uint8_t *plaintext);

#endif
