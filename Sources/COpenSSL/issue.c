#include "issue.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

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
