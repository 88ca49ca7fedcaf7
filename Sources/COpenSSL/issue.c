#include "issue.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <string.h>

int hp_hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t *out) {
    if (key_length > INT_MAX) return 0;
    int done = HMAC(EVP_sha256(), key, (int)key_length, data, length, out, NULL) != NULL;
    ERR_clear_error();
    return done;
}

int hp_gcm_seal(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *plaintext, size_t length, uint8_t *ciphertext, uint8_t *tag) {
    int written = 0, done = 0;
    EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
    if (gcm && context_length <= INT_MAX && length <= INT_MAX
        && EVP_EncryptInit_ex(gcm, EVP_aes_256_gcm(), NULL, key, nonce) == 1
        && (context_length == 0 || EVP_EncryptUpdate(gcm, NULL, &written, context, (int)context_length) == 1)
        && (length == 0 || EVP_EncryptUpdate(gcm, ciphertext, &written, plaintext, (int)length) == 1)
        && EVP_EncryptFinal_ex(gcm, NULL, &written) == 1
        && EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1)
        done = 1;
    EVP_CIPHER_CTX_free(gcm);
    ERR_clear_error();
    return done;
}

int hp_gcm_open(const uint8_t *key, const uint8_t *nonce, const uint8_t *context, size_t context_length,
                const uint8_t *ciphertext, size_t length, const uint8_t *tag, uint8_t *plaintext) {
    int written = 0, done = 0;
    EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
    if (gcm && context_length <= INT_MAX && length <= INT_MAX
        && EVP_DecryptInit_ex(gcm, EVP_aes_256_gcm(), NULL, key, nonce) == 1
        && EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag) == 1
        && (context_length == 0 || EVP_DecryptUpdate(gcm, NULL, &written, context, (int)context_length) == 1)
        && (length == 0 || EVP_DecryptUpdate(gcm, plaintext, &written, ciphertext, (int)length) == 1)
        && EVP_DecryptFinal_ex(gcm, NULL, &written) == 1)
        done = 1;
    if (!done && length > 0) OPENSSL_cleanse(plaintext, length);
    EVP_CIPHER_CTX_free(gcm);
    ERR_clear_error();
    return done;
}

static const hp_bytes nothing = {NULL, 0};

void hp_bytes_free(hp_bytes bytes) { OPENSSL_clear_free(bytes.bytes, bytes.length); }

// What i2d functions allocated (length or negative), as hp_bytes.
static hp_bytes encoded(uint8_t *bytes, int length) {
    ERR_clear_error();
    if (length <= 0) return nothing;
    return (hp_bytes){bytes, (size_t)length};
}

EVP_PKEY *hp_key_generate_rsa(size_t bits) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
    ERR_clear_error();
    return key;
}

EVP_PKEY *hp_key_generate_ec(const char *curve) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
    ERR_clear_error();
    return key;
}

EVP_PKEY *hp_key_generate(const char *type) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, type);
    ERR_clear_error();
    return key;
}

// OpenSSL's own callback would ask the terminal.
static int given_password(char *buffer, int size, int writing, void *password) {
    (void)writing;
    size_t length = password ? strlen(password) : 0;
    if (!password || length > (size_t)size) return -1;
    memcpy(buffer, password, length);
    return (int)length;
}

EVP_PKEY *hp_key_read_pem(const uint8_t *pem, size_t length, const char *password) {
    if (length > INT_MAX) return NULL;
    BIO *input = BIO_new_mem_buf(pem, (int)length);
    EVP_PKEY *key = input ? PEM_read_bio_PrivateKey(input, NULL, given_password, (void *)password) : NULL;
    BIO_free(input);
    ERR_clear_error();
    return key;
}

hp_bytes hp_key_write_pem(const EVP_PKEY *key, const char *password) {
    hp_bytes result = nothing;
    BIO *output = BIO_new(BIO_s_secmem());
    const EVP_CIPHER *cipher = password ? EVP_aes_256_cbc() : NULL;
    char *text = NULL;
    if (output && PEM_write_bio_PKCS8PrivateKey(output, key, cipher, NULL, 0, given_password, (void *)password) == 1) {
        long length = BIO_get_mem_data(output, &text);
        if (length > 0 && (result.bytes = OPENSSL_memdup(text, (size_t)length))) result.length = (size_t)length;
    }
    BIO_free(output);
    ERR_clear_error();
    return result;
}

hp_bytes hp_key_public_info(const EVP_PKEY *key) {
    uint8_t *bytes = NULL;
    int length = i2d_PUBKEY(key, &bytes);
    return encoded(bytes, length);
}

int hp_key_is(const EVP_PKEY *key, const char *type) { return EVP_PKEY_is_a(key, type); }

int hp_key_rsa_bits(const EVP_PKEY *key) { return EVP_PKEY_is_a(key, "RSA") ? EVP_PKEY_get_bits(key) : 0; }

int hp_key_curve_bits(const EVP_PKEY *key) {
    char curve[32] = "";
    if (!EVP_PKEY_is_a(key, "EC")) return 0;
    int known = EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve, NULL);
    ERR_clear_error();
    if (known != 1) return 0;
    if (strcmp(curve, SN_X9_62_prime256v1) == 0) return 256;
    return strcmp(curve, SN_secp384r1) == 0 ? 384 : strcmp(curve, SN_secp521r1) == 0 ? 521 : 0;
}

hp_bytes hp_key_sign(EVP_PKEY *key, hp_digest digest, const uint8_t *id, size_t id_length, const uint8_t *data, size_t length) {
    hp_bytes result = nothing;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = NULL;
    size_t size = 0;
    if (context && EVP_DigestSignInit(context, &key_context, hp_digest_method(digest), NULL, key) == 1
        && (id_length == 0 || EVP_PKEY_CTX_set1_id(key_context, id, (int)id_length) == 1)
        && EVP_DigestSign(context, NULL, &size, data, length) == 1 && (result.bytes = OPENSSL_malloc(size))) {
        result.length = size;
        if (EVP_DigestSign(context, result.bytes, &result.length, data, length) != 1) {
            OPENSSL_free(result.bytes);
            result = nothing;
        }
    }
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return result;
}

// DER certificates one after another; NULL when one does not parse.
static STACK_OF(X509) *certificates(const uint8_t *der, size_t length) {
    STACK_OF(X509) *stack = sk_X509_new_null();
    const uint8_t *end = der + length;
    while (stack && length > 0 && der < end) {
        X509 *certificate = d2i_X509(NULL, &der, end - der);
        if (!certificate || !sk_X509_push(stack, certificate)) {
            X509_free(certificate);
            sk_X509_pop_free(stack, X509_free);
            return NULL;
        }
    }
    return stack;
}

hp_bytes hp_pkcs12(EVP_PKEY *key, const char *name, const char *password, const uint8_t *certificate, size_t length,
                   const uint8_t *chain, size_t chain_length) {
    uint8_t *bytes = NULL;
    int size = 0;
    PKCS12 *bag = NULL;
    STACK_OF(X509) *others = NULL;
    X509 *own = length <= LONG_MAX ? d2i_X509(NULL, &certificate, (long)length) : NULL;
    if (own && (others = certificates(chain, chain_length))
        && (bag = PKCS12_create(password, name, key, own, others, NID_aes_256_cbc, NID_aes_256_cbc, 0, 0, 0)))
        size = i2d_PKCS12(bag, &bytes);
    PKCS12_free(bag);
    sk_X509_pop_free(others, X509_free);
    X509_free(own);
    return encoded(bytes, size);
}
