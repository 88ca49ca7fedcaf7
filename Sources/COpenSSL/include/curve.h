#ifndef HALLPASS_CURVE_H
#define HALLPASS_CURVE_H
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>

// `type` and `group` are OpenSSL's names ("EC" or "SM2", and the curve); the point is checked to lie on the curve. NULL when it does not.
// Owned by the caller (EVP_PKEY_free). OpenSSL's error queue is left empty.
EVP_PKEY *hp_curve_public_key(const char *type, const char *group, const uint8_t *point, size_t point_length);
#endif
