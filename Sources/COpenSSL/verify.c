#include "verify.h"
#include "curve.h"
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <string.h>

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

// RSA keys are made by one context that is kept: making it costs two fifths of what a key does.
static EVP_PKEY *rsa_from(OSSL_PARAM *parameters) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static EVP_PKEY_CTX *context;
    EVP_PKEY *key = NULL;
    pthread_mutex_lock(&lock);
    if (context == NULL && (context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL)) != NULL
        && EVP_PKEY_fromdata_init(context) != 1) {
        EVP_PKEY_CTX_free(context);
        context = NULL;
    }
    if (context != NULL && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    pthread_mutex_unlock(&lock);
    ERR_clear_error();
    return key;
}

// A key that consists of named numbers, of which there are at most four. Parameters take them in the machine's own order of bytes.
static EVP_PKEY *key_from_numbers(const char *type, const char *const *names, const hp_number *numbers, size_t count) {
    static const uint16_t one = 1;
    const int little = *(const uint8_t *)&one;
    OSSL_PARAM parameters[5];
    size_t total = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        if (numbers[i].length == 0 || numbers[i].length > 4096) return NULL;
        total += numbers[i].length;
    }
    uint8_t *bytes = OPENSSL_malloc(total);
    if (bytes == NULL) return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t length = numbers[i].length;
        for (size_t j = 0; j < length; j++) bytes[used + j] = numbers[i].bytes[little ? length - 1 - j : j];
        parameters[i] = OSSL_PARAM_construct_BN(names[i], bytes + used, length);
        used += length;
    }
    parameters[count] = OSSL_PARAM_construct_end();
    EVP_PKEY *key = strcmp(type, "RSA") == 0 ? rsa_from(parameters) : key_from(type, parameters);
    OPENSSL_free(bytes);
    return key;
}

EVP_PKEY *hp_rsa_public_key(hp_number modulus, hp_number exponent) {
    static const char *const names[] = {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E};
    const hp_number numbers[] = {modulus, exponent};
    return key_from_numbers("RSA", names, numbers, 2);
}

EVP_PKEY *hp_dsa_public_key(hp_number p, hp_number q, hp_number g, hp_number y) {
    static const char *const names[] = {OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_G, OSSL_PKEY_PARAM_PUB_KEY};
    const hp_number numbers[] = {p, q, g, y};
    return key_from_numbers("DSA", names, numbers, 4);
}

EVP_PKEY *hp_ec_public_key(const char *type, const char *group, const uint8_t *point, size_t point_length) {
    return hp_curve_public_key(type, group, point, point_length);
}

EVP_PKEY *hp_ed25519_public_key(const uint8_t *key, size_t length) {
    EVP_PKEY *made = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, key, length);
    ERR_clear_error();
    return made;
}

// Fetched once: an implicit fetch at each verification costs as much as the digest of a certificate.
static EVP_MD *digests[HP_SM3 + 1];
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static void fetch(void) {
    digests[HP_SHA1] = EVP_MD_fetch(NULL, "SHA1", NULL);
    digests[HP_SHA256] = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    digests[HP_SHA384] = EVP_MD_fetch(NULL, "SHA2-384", NULL);
    digests[HP_SHA512] = EVP_MD_fetch(NULL, "SHA2-512", NULL);
    digests[HP_SM3] = EVP_MD_fetch(NULL, "SM3", NULL);
}

const EVP_MD *hp_digest_method(hp_digest digest) {
    pthread_once(&fetched, fetch);
    return digest > HP_NO_DIGEST && digest <= HP_SM3 ? digests[digest] : NULL;
}

static int set_up(EVP_PKEY_CTX *key_context, const EVP_MD *method, int salt_length, const uint8_t *id, size_t id_length) {
    if (salt_length >= 0
        && (EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) != 1
            || EVP_PKEY_CTX_set_rsa_mgf1_md(key_context, method) != 1
            || EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, salt_length) != 1))
        return 0;
    return id_length == 0 || EVP_PKEY_CTX_set1_id(key_context, id, (int)id_length) == 1;
}

EVP_MD_CTX *hp_verifier(EVP_PKEY *key, hp_digest digest, int salt_length, const uint8_t *id, size_t id_length) {
    const EVP_MD *method = hp_digest_method(digest);
    EVP_PKEY_CTX *key_context = NULL;
    EVP_MD_CTX *context = method != NULL || digest == HP_NO_DIGEST ? EVP_MD_CTX_new() : NULL;
    if (context != NULL
        && (EVP_DigestVerifyInit(context, &key_context, method, NULL, key) != 1
            || !set_up(key_context, method, salt_length, id, id_length))) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    ERR_clear_error();
    return context;
}

int hp_verify(const EVP_MD_CTX *verifier, const uint8_t *signature, size_t signature_length, const uint8_t *data, size_t length) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int right = context != NULL && EVP_MD_CTX_copy_ex(context, verifier) == 1
        && EVP_DigestVerify(context, signature, signature_length, data, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return right;
}
