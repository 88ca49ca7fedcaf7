#include "verify.h"
#include "curve.h"
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <pthread.h>

static EVP_PKEY *key_from(const char *type, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return key;
}

EVP_PKEY *hp_rsa_public_key(const uint8_t *modulus, size_t modulus_length, const uint8_t *exponent, size_t exponent_length) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    BIGNUM *n = BN_bin2bn(modulus, (int)modulus_length, NULL);
    BIGNUM *e = BN_bin2bn(exponent, (int)exponent_length, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (n != NULL && e != NULL && builder != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL) {
        key = key_from("RSA", parameters);
    }
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    ERR_clear_error();
    return key;
}

EVP_PKEY *hp_ec_public_key(const char *group, const uint8_t *point, size_t point_length) {
    return hp_curve_public_key("EC", group, point, point_length);
}

// Fetched once: an implicit fetch at each verification costs as much as the digest of a certificate.
static EVP_MD *digests[3];
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static void fetch(void) {
    digests[0] = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    digests[1] = EVP_MD_fetch(NULL, "SHA2-384", NULL);
    digests[2] = EVP_MD_fetch(NULL, "SHA2-512", NULL);
}

int hp_verify(EVP_PKEY *key, int bits, const uint8_t *signature, size_t signature_length, const uint8_t *data, size_t length) {
    pthread_once(&fetched, fetch);
    const EVP_MD *digest = bits == 256 ? digests[0] : bits == 384 ? digests[1] : bits == 512 ? digests[2] : NULL;
    EVP_MD_CTX *context = digest == NULL ? NULL : EVP_MD_CTX_new();
    int right = context != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1
        && EVP_DigestVerify(context, signature, signature_length, data, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return right;
}
